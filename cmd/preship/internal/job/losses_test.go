package job

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
)

// jobBeforeReset is a job on a handset of the given kind, saved and not erased.
func jobBeforeReset(t *testing.T, kind string, opts Options, tty bool) *Job {
	t.Helper()
	kept, err := casedir.Create(filepath.Join(t.TempDir(), "case"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = kept.Close() })
	err = kept.SetStep(report.StepRecord{Name: report.StepBackup, State: report.StepDone, Findings: report.Findings{
		{ID: check.BackupComplete, Status: report.StatusPass, Method: report.MethodObserved},
		{ID: check.BackupUnsaveable, Status: report.StatusSkipped, Method: report.MethodInferred, Summary: "no computer can save what apps keep", Observed: "1 apps: com.example.notes"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	j := New(aHost(""), deaf{asks: tty}, opts)
	j.kept, j.handset.Kind = kept, kind
	return j
}

// TestAcceptUnsaveable: a real handset is not erased before what cannot be saved
// was accepted by name, and the report says who did.
func TestAcceptUnsaveable(t *testing.T) {
	t.Parallel()
	despite := []string{check.BackupUnsaveable}
	ready := report.Findings{{ID: check.ResetReadyBackup, Status: report.StatusPass}}
	for _, tt := range []struct {
		name          string
		kind          string
		opts          Options
		tty           bool
		refused, says bool
	}{
		{"a script", report.KindDevice, Options{Confirm: []string{"538038"}}, false, true, false},
		{"a script that names it", report.KindDevice, Options{Confirm: []string{"538038"}, Despite: despite}, false, false, true},
		{"a script that names something else", report.KindDevice, Options{Confirm: []string{"538038"}, Despite: []string{check.BackupCalls}}, false, true, false},
		{"a flag at a terminal", report.KindDevice, Options{Confirm: []string{"538038"}}, true, true, false},
		{"typed at a terminal", report.KindDevice, Options{}, true, false, true},
		{"without a backup", report.KindDevice, Options{Confirm: []string{"538038"}, WithoutBackup: "broken"}, false, false, false},
		{"emulated", report.KindEmulator, Options{Confirm: []string{"emulated"}}, false, false, false},
		{"emulated, by its number", report.KindEmulator, Options{Confirm: []string{"538038"}}, false, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			j := jobBeforeReset(t, tt.kind, tt.opts, tt.tty)
			err := j.mustAccept()
			if (err != nil) != tt.refused || err != nil && (!errors.As(err, new(*UsageError)) || !strings.Contains(err.Error(), "--despite=backup.unsaveable")) {
				t.Fatalf("got %v, want refused %t", err, tt.refused)
			}
			if err := j.acceptUnsaveable(ready); err != nil {
				t.Fatal(err)
			}
			f, _ := j.kept.Step(report.StepBackup).Findings.ByID(check.BackupUnsaveable)
			said := f.Method == report.MethodAttested && strings.HasPrefix(f.Summary, "Accepted by the owner: ") && strings.Contains(f.Observed, "accepted: ")
			if said != tt.says {
				t.Errorf("the case has %+v, want accepted %t", f, tt.says)
			}
			if tt.says && (j.mustAccept() != nil || Stands(f)) {
				t.Error("accepted, and asked for again")
			}
		})
	}
}
