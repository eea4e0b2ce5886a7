package backup_test

import (
	"bytes"
	"io"
	"os"
	"testing"
	"time"

	"preship/adb/adbtest"
	"preship/backup"
	"preship/backup/manifest"
	"preship/backup/restore"
	"preship/report"
	"preship/report/check"
)

// TestRunOfAnEmptyFileThatDoesNotOpen: an empty file is no loss, and is restored with its
// time. A file with contents that does not open is a loss.
func TestRunOfAnEmptyFileThatDoesNotOpen(t *testing.T) {
	t.Parallel()
	const hollow, full = "/storage/emulated/0/Android/data/.nomedia", "/storage/emulated/0/Android/data/.lock"
	tree := someFiles + `text - - 2021-05-10T20:59:00Z /sdcard/Android/data/.nomedia ""` + "\n"
	denied := adbtest.Trouble{Kind: adbtest.TroubleDeny, Path: hollow}
	r := newRig(t, tree, denied)
	b := r.mustRun()
	for _, id := range fileFindings {
		wantStatus(t, b, id, report.StatusPass)
	}
	if b.Files.Unreadable != 0 || b.Files.Proved != 12 {
		t.Errorf("files %+v", b.Files)
	}
	entries, _ := r.manifest()
	if e := entries[hollow]; e.Status != manifest.StatusRecorded || e.Type != manifest.TypeFile || e.Mode == "" || e.MTime != time.Date(2021, 5, 10, 20, 59, 0, 0, time.UTC).Unix() {
		t.Errorf("recorded as %+v", e)
	}
	if c, err := r.changes(); err != nil || c.Count() != 0 {
		t.Errorf("changes right after: %+v, %v", c, err)
	}
	if res := r.restoreTo(r, restore.Options{}); res.Present != 13 || len(res.Problems) > 0 {
		t.Errorf("on the same handset %+v", res)
	}
	twin := newRig(t, "")
	if res := r.restoreTo(twin, restore.Options{}); res.Proved != 13 || len(res.Problems) > 0 {
		t.Errorf("restored %+v", res)
	}
	if back := twin.original(hollow); len(back) != 0 {
		t.Errorf("came back with %q", back)
	}
	twin.mustRun()
	if after, _ := twin.manifest(); after[hollow].MTime != entries[hollow].MTime {
		t.Errorf("came back as %+v", after[hollow])
	}
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	f, _, err := backup.Open(root, hollow, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if all, err := io.ReadAll(f); err != nil || !bytes.Equal(all, nil) {
		t.Errorf("read %q, %v", all, err)
	}

	// It is not empty any more when the changes are asked for.
	filled := newRig(t, someFiles+`text - - 2021-05-10T20:59:00Z /sdcard/Android/data/.nomedia "filled"`+"\n")
	filled.dir = r.dir
	if c, err := filled.changes(); err != nil || c.Changed != 1 {
		t.Errorf("changes after it was filled: %+v, %v", c, err)
	}

	r = newRig(t, tree+`text - - 2021-05-10T20:59:00Z /sdcard/Android/data/.lock "x"`+"\n", denied, adbtest.Trouble{Kind: adbtest.TroubleDeny, Path: full})
	b = r.mustRun()
	wantStatus(t, b, check.BackupUnreadable, report.StatusFail)
	if b.Files.Unreadable != 1 {
		t.Errorf("files %+v, want one unreadable", b.Files)
	}
}
