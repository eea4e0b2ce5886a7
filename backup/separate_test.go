package backup_test

import (
	"strings"
	"testing"

	"preship/backup"
	"preship/backup/manifest"
	"preship/backup/restore"
	"preship/report"
	"preship/report/check"
)

// TestRunKeepsBothWhenAFileBecomesAFolder: a file that became a folder since an earlier run,
// and a folder that became a file, are saved beside their proved older copies.
func TestRunKeepsBothWhenAFileBecomesAFolder(t *testing.T) {
	t.Parallel()
	const (
		notes, lists = "/storage/emulated/0/Notes", "/storage/emulated/0/Lists"
		before       = someFiles + "text - - 2026-03-01T10:00:30Z /sdcard/Notes \"old notes\"\n" + "text - - 2026-03-01T10:00:30Z /sdcard/Lists/a.txt \"old list\"\n"
		after        = someFiles + "text - - 2026-03-02T10:00:30Z /sdcard/Notes/deep/a.txt \"new notes\"\n" + "text - - 2026-03-02T10:00:30Z /sdcard/Lists \"new list\"\n"
	)
	for _, strict := range []bool{false, true} {
		r := newRig(t, before)
		named := func(r *rig) *rig {
			if strict {
				r.options = backup.UnderWindows(r.options)
			}
			return r
		}
		named(r).mustRun()
		older := map[string][]byte{notes + olderVersion: r.original(notes), lists + "/a.txt": r.original(lists + "/a.txt")}
		for run := range 2 {
			r = named(r.later(after))
			b := r.mustRun()
			if b.Files.Proved != 14 || b.Files.Unreadable != 0 || b.Files.Kept != 2 {
				t.Errorf("run %d: files %+v, want 14 proved and 2 kept", run, b.Files)
			}
			if f := finding(t, b, check.BackupKept); f.Status != report.StatusWarn || !strings.Contains(f.Summary, notes) || !strings.Contains(f.Summary, lists+"/a.txt") || strings.Contains(f.Summary, "older version") {
				t.Errorf("run %d: %s", run, f.Summary)
			}
			entries, _ := r.manifest()
			for name, want := range older {
				if entries[name].Status != manifest.StatusKept {
					t.Errorf("%s is %+v", name, entries[name])
				}
				r.holdsEntry(entries[name], want)
			}
			for _, name := range []string{notes + "/deep/a.txt", lists} {
				r.holdsEntry(entries[name], r.original(name))
			}
		}
		res := r.restoreTo(newRig(t, ""), restore.Options{})
		if res.Proved != 14 || len(res.Problems) != 2 {
			t.Errorf("restored %+v, want the two older copies named as problems", res)
		}
		// The same file has its old place.
		if b := named(r.later(before)).mustRun(); b.Files.Proved != 14 || b.Files.Unreadable != 0 {
			t.Errorf("changed back: files %+v", b.Files)
		}
	}
}
