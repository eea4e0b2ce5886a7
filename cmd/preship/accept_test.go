package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/adb/reset"
	"preship/backup"
	"preship/cmd/preship/internal/console"
	"preship/report"
)

// jobBeforeReset is a job on a handset of the given kind, saved and not erased.
func jobBeforeReset(t *testing.T, kind string, opts jobOptions, tty bool) *job {
	t.Helper()
	kept, err := report.Create(filepath.Join(t.TempDir(), "case"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = kept.Close() })
	err = kept.SetStep(report.StepRecord{Name: report.StepBackup, State: report.StepDone, Findings: report.Findings{
		{ID: backup.FindingComplete, Status: report.StatusPass, Method: report.MethodObserved},
		{ID: backup.FindingUnsaveable, Status: report.StatusSkipped, Method: report.MethodInferred, Summary: "no computer can save what apps keep", Observed: "1 apps: com.example.notes"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	e := &env{Console: &console.Console{InTTY: tty, Now: time.Now, Err: &strings.Builder{}}}
	j := newJob(e, &globals{}, opts)
	j.kept, j.handset.Kind = kept, kind
	return j
}

// TestAcceptUnsaveable: a real handset is not erased before what cannot be saved
// was accepted by name, and the report says who did.
func TestAcceptUnsaveable(t *testing.T) {
	t.Parallel()
	despite := []string{backup.FindingUnsaveable}
	ready := report.Findings{{ID: reset.CheckReadyBackup, Status: report.StatusPass}}
	for _, tt := range []struct {
		name          string
		kind          string
		opts          jobOptions
		tty           bool
		refused, says bool
	}{
		{"a script", report.KindDevice, jobOptions{confirm: []string{"538038"}}, false, true, false},
		{"a script that names it", report.KindDevice, jobOptions{confirm: []string{"538038"}, despite: despite}, false, false, true},
		{"a script that names something else", report.KindDevice, jobOptions{confirm: []string{"538038"}, despite: []string{backup.FindingCalls}}, false, true, false},
		{"a flag at a terminal", report.KindDevice, jobOptions{confirm: []string{"538038"}}, true, true, false},
		{"typed at a terminal", report.KindDevice, jobOptions{}, true, false, true},
		{"without a backup", report.KindDevice, jobOptions{confirm: []string{"538038"}, withoutBackup: "broken"}, false, false, false},
		{"emulated", report.KindEmulator, jobOptions{confirm: []string{"emulated"}}, false, false, false},
		{"emulated, by its number", report.KindEmulator, jobOptions{confirm: []string{"538038"}}, false, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			j := jobBeforeReset(t, tt.kind, tt.opts, tt.tty)
			err := j.mustAccept()
			if (err != nil) != tt.refused || err != nil && (exitCodeOf(err) != exitUsage || !strings.Contains(err.Error(), "--despite=backup.unsaveable")) {
				t.Fatalf("got %v, want refused %t", err, tt.refused)
			}
			if err := j.acceptUnsaveable(ready); err != nil {
				t.Fatal(err)
			}
			f, _ := j.kept.Step(report.StepBackup).Findings.ByID(backup.FindingUnsaveable)
			said := f.Method == report.MethodAttested && strings.HasPrefix(f.Summary, "accepted by the owner: ") && strings.Contains(f.Observed, "accepted: ")
			if said != tt.says {
				t.Errorf("the case has %+v, want accepted %t", f, tt.says)
			}
			if tt.says && (j.mustAccept() != nil || stands(f)) {
				t.Error("accepted, and asked for again")
			}
		})
	}
}
