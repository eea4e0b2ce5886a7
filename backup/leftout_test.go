package backup_test

import (
	"strings"
	"testing"

	"preship/backup"
	"preship/backup/manifest"
	"preship/backup/selection"
	"preship/report"
	"preship/report/check"
)

// TestRunLeavesOut: what its owner does not want is not copied, and named as a loss of its
// own: in the outlook, in the findings and in the losses. It is no change since the backup.
func TestRunLeavesOut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name          string
		only, exclude []string
		proved        int64
		lost          int // files and kinds
		named         string
	}{
		{"a pattern", nil, []string{"*.mp3"}, 6, 6, "/storage/emulated/0/Music/e.mp3"},
		{"kinds", nil, []string{"contacts", "calls"}, 12, 2, "the call log"},
		{"only a folder", []string{"DCIM/"}, nil, 4, 8 + 6, "/storage/emulated/0/Download/plain.txt"},
		{"only kinds", []string{"contacts", "messages", "calls", "calendar", "apps", "settings"}, nil, 0, 12, "12 files"},
	} {
		r := newRig(t, someFiles)
		take, err := selection.Parse(tt.only, tt.exclude)
		if err != nil {
			t.Fatal(err)
		}
		foreseen, err := backup.Look(t.Context(), r.device, asker{r.device}, nil, take, false)
		if err != nil {
			t.Fatal(err)
		}
		r.options.Take = take
		b := r.mustRun()
		if b.Files.Listed != tt.proved || b.Files.Proved != tt.proved {
			t.Errorf("%s: files %+v, want %d", tt.name, b.Files, tt.proved)
		}
		c := r.openCase()
		losses, err := backup.ReadLosses(c.Root())
		if err != nil {
			t.Fatal(err)
		}
		if n, m := len(losses[check.BackupLeftOut]), len(foreseen.Losses[check.BackupLeftOut]); n != tt.lost || m != n {
			t.Errorf("%s: %d losses, %d foreseen, want %d", tt.name, n, m, tt.lost)
		}
		for when, found := range map[string]report.Findings{"foreseen": foreseen.Findings, "after": b.Findings} {
			f, _ := found.ByID(check.BackupLeftOut)
			if f.Status != report.StatusFail || !strings.Contains(f.Summary, tt.named) || !strings.Contains(f.Remedy, "--despite=backup.left-out") {
				t.Errorf("%s: %s: %s: %s; %s", tt.name, when, f.Status, f.Summary, f.Remedy)
			}
		}
		if changed, err := backup.Changes(t.Context(), r.device, asker{r.device}, c); err != nil || changed.Count() != 0 || len(changed.Rows) != 0 {
			t.Errorf("%s: changed %+v, %v", tt.name, changed, err)
		}
		_ = c.Close()

		// The same folder without the flags saves the rest, and nothing is left out.
		r.options.Take = selection.Selection{}
		b = r.mustRun()
		if f, found := b.Findings.ByID(check.BackupLeftOut); found || b.Files.Proved != 12 {
			t.Errorf("%s: then %+v, %s", tt.name, b.Files, f.Summary)
		}
		// Saved data stays, also if it is left out afterwards.
		r.options.Take = take
		r.mustRun()
		if entries, _ := r.manifest(); entries[song].Status != manifest.StatusProved {
			t.Errorf("%s: %s is %s", tt.name, song, entries[song].Status)
		}
	}
}
