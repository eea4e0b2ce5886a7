package intake

import (
	"testing"
	"time"

	"preship/report"
	"preship/report/check"
)

// step makes a step that ended in a state, with findings by their status.
func step(name string, state report.StepState, findings ...report.Finding) report.StepRecord {
	return report.StepRecord{Name: name, State: state, Findings: findings}
}

func found(id string, status report.Status) report.Finding {
	return report.Finding{ID: id, Status: status, Method: report.MethodObserved}
}

func TestSavedGround(t *testing.T) {
	t.Parallel()
	kept := func() *report.Backup {
		b := &report.Backup{}
		b.Files.Listed, b.Files.Saved = 3, 3
		return b
	}
	nothing := kept()
	nothing.Files.Saved = 0
	whole := []report.Finding{found(check.BackupComplete, report.StatusPass), found(check.BackupProved, report.StatusPass)}
	with := func(more ...report.Finding) []report.Finding {
		return append(append([]report.Finding{}, whole...), more...)
	}
	attested := found("backup.sms", report.StatusWarn)
	attested.Method = report.MethodAttested
	for _, tt := range []struct {
		name   string
		backup *report.Backup
		state  report.StepState
		finds  []report.Finding
		ready  report.Status // of the backup, before the reset; "" was not asked
		want   string
	}{
		{"whole", kept(), report.StepDone, whole, report.StatusPass, "all"},
		{"whole, not asked again", kept(), report.StepDone, whole, "", "all"},
		{"the owner wanted no backup", nil, report.StepNotRun, nil, report.StatusSkipped, "declined"},
		{"no backup", nil, report.StepDone, whole, report.StatusPass, "none"},
		{"nothing of what was listed", nothing, report.StepDone, whole, report.StatusPass, "none"},
		{"nothing to save", &report.Backup{}, report.StepDone, whole, report.StatusPass, "all"},
		{"step failed", kept(), report.StepFailed, whole, report.StatusPass, "part"},
		{"the proof was lost", kept(), report.StepDone, whole, report.StatusFail, "part"},
		{"the proof could not be repeated", kept(), report.StepDone, whole, report.StatusUnknown, "part"},
		{"not complete", kept(), report.StepDone, []report.Finding{found(check.BackupComplete, report.StatusFail), whole[1]}, report.StatusPass, "part"},
		{"completeness not asked", kept(), report.StepDone, whole[1:], report.StatusPass, "part"},
		{"not proved", kept(), report.StepDone, []report.Finding{whole[0], found(check.BackupProved, report.StatusUnknown)}, report.StatusPass, "part"},
		{"a provider refused", kept(), report.StepDone, with(found("backup.calls", report.StatusWarn)), report.StatusPass, "given"},
		{"a loss that was accepted", kept(), report.StepDone, with(attested), report.StatusPass, "part"},
		{"a loss", kept(), report.StepDone, with(found("backup.contacts", report.StatusFail)), report.StatusPass, "part"},
		{"unknown", kept(), report.StepDone, with(found("backup.contacts", report.StatusUnknown)), report.StatusPass, "part"},
		{"skipped", kept(), report.StepDone, with(found("backup.contacts", report.StatusSkipped)), report.StatusPass, "all"},
		{"a warning of another kind", kept(), report.StepDone, with(found("inside.sim.none", report.StatusWarn)), report.StatusPass, "all"},
	} {
		r := &report.Report{Backup: tt.backup, Steps: []report.StepRecord{step(report.StepBackup, tt.state, tt.finds...)}}
		if tt.ready != "" {
			r.Steps = append(r.Steps, step(report.StepReset, report.StepDone, found(check.ResetReadyBackup, tt.ready)))
		}
		if got := savedGround(r); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestResetGround(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name  string
		state report.StepState
		rung  report.Rung
		reset *report.Reset
		want  string
	}{
		{"seen clean", report.StepDone, report.RungObservedClean, &report.Reset{TriggeredAt: &at}, "done"},
		{"only attested", report.StepDone, report.RungAttested, &report.Reset{TriggeredAt: &at}, "unproved"},
		{"step failed", report.StepFailed, report.RungObservedClean, &report.Reset{TriggeredAt: &at}, "unproved"},
		{"triggered, then nothing", report.StepFailed, report.RungNone, &report.Reset{TriggeredAt: &at}, "unproved"},
		{"never triggered", report.StepFailed, report.RungNone, &report.Reset{}, "none"},
		{"step not made", report.StepNotRun, report.RungNone, nil, "none"},
		{"done without a proof", report.StepDone, report.RungNone, nil, "none"},
	} {
		r := &report.Report{Rung: tt.rung, Reset: tt.reset, Steps: []report.StepRecord{step(report.StepReset, tt.state)}}
		if got := resetGround(r); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestAccountsGround(t *testing.T) {
	t.Parallel()
	const pass, warn, fail, unknown = report.StatusPass, report.StatusWarn, report.StatusFail, report.StatusUnknown
	for _, tt := range []struct {
		name                      string
		mi, google, others, after report.Status // "" was not asked
		want                      string
	}{
		{"all gone before", pass, pass, pass, "", "out"},
		{"all gone after", "", "", "", pass, "out"},
		{"seen after, open before", fail, pass, pass, pass, "out"},
		{"gone before, not seen after", pass, pass, pass, unknown, "out"},
		{"back after", pass, pass, pass, fail, "in"},
		{"one stays", fail, pass, pass, "", "in"},
		{"one stays, as a warning", pass, pass, warn, "", "in"},
		{"one unknown", pass, unknown, pass, "", "unproved"},
		{"one stayed, and not seen after", fail, pass, pass, unknown, "unproved"},
		{"nothing asked", "", "", "", "", "unproved"},
		{"one not asked", pass, "", pass, "", "unproved"},
	} {
		var before, after []report.Finding
		for id, status := range map[string]report.Status{
			check.AccountMiSignedOut: tt.mi, check.AccountGoogleSignedOut: tt.google, check.AccountOthers: tt.others,
		} {
			if status != "" {
				before = append(before, found(id, status))
			}
		}
		if tt.after != "" {
			after = append(after, found(check.CleanAccounts, tt.after))
		}
		r := &report.Report{Steps: []report.StepRecord{
			step(report.StepAccounts, report.StepDone, before...), step(report.StepVerify, report.StepDone, after...),
		}}
		if got := accountsGround(r); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestCardGround(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		seen    report.Status // "" was not asked
		removed bool
		want    string
	}{
		{report.StatusPass, false, "out"},
		{report.StatusPass, true, "out"},
		{report.StatusWarn, true, "seen"},
		{report.StatusFail, true, "seen"},
		{report.StatusUnknown, true, "said"},
		{"", true, "said"},
		{report.StatusWarn, false, "inside"},
		{"", false, "inside"},
	} {
		r := &report.Report{}
		if tt.seen != "" {
			r.Steps = []report.StepRecord{step(report.StepIdentify, report.StepDone, found(check.InsideSIMNone, tt.seen))}
		}
		if got := cardGround(r, check.InsideSIMNone, tt.removed); got != tt.want {
			t.Errorf("seen %q, said to be out %t: %q, want %q", tt.seen, tt.removed, got, tt.want)
		}
	}
}

// A claim of a job that is not done promises nothing, and hides no bad news.
func TestGroundsPromiseNothingBeforeTheEnd(t *testing.T) {
	t.Parallel()
	gone := []report.Finding{found(check.AccountMiSignedOut, report.StatusPass), found(check.AccountGoogleSignedOut, report.StatusPass), found(check.AccountOthers, report.StatusPass)}
	r := &report.Report{
		Rung: report.RungObservedClean, Backup: &report.Backup{},
		Steps: []report.StepRecord{
			step(report.StepBackup, report.StepDone, found(check.BackupComplete, report.StatusPass), found(check.BackupProved, report.StatusPass)),
			step(report.StepAccounts, report.StepDone, gone...),
			step(report.StepReset, report.StepDone),
		},
	}
	cards := HandedOver{SIMRemoved: true}
	r.Verdict = report.VerdictReady
	if got, want := groundsOf(r, cards), (grounds{"all", "done", "out", "said", "inside"}); got != want {
		t.Errorf("ready: %+v, want %+v", got, want)
	}
	r.Verdict = report.VerdictNotReady
	if got, want := groundsOf(r, cards), (grounds{"", "", "", "said", "inside"}); got != want {
		t.Errorf("not ready: %+v, want %+v", got, want)
	}
	bad := &report.Report{Verdict: report.VerdictNotReady}
	if got, want := groundsOf(bad, cards), (grounds{"none", "none", "unproved", "said", "inside"}); got != want {
		t.Errorf("nothing done: %+v, want %+v", got, want)
	}
}
