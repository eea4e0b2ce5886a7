package backup_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"preship/adb/adbtest"
	"preship/backup"
	"preship/backup/manifest"
	"preship/backup/restore"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// withoutPhoto is someFiles after the photo was deleted on the handset.
var withoutPhoto = strings.Replace(someFiles, "data - - 2026-03-01T10:00:03Z /sdcard/DCIM/Camera/a.jpg 300000 2\n", "", 1)

// TestKeptFileIsNamed: a proved file that the handset does not list at a second run is
// counted, named, checked, and restored.
func TestKeptFileIsNamed(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	if b := r.mustRun(); b.Files.Kept != 0 {
		t.Errorf("of a first run %+v", b.Files)
	}
	first := r.original(photo)
	r = r.later(withoutPhoto)
	b := r.mustRun()
	if b.Files.Kept != 1 || b.Bytes.Kept != 300000 || b.Files.Listed != 11 {
		t.Errorf("files %+v, bytes %+v; want 11 listed and 1 kept of 300000 bytes", b.Files, b.Bytes)
	}
	if f := finding(t, b, check.BackupKept); f.Status != report.StatusWarn || !strings.Contains(f.Summary, photo) || !strings.Contains(f.Summary, "no longer lists it: ") {
		t.Errorf("%s is %s: %s", f.ID, f.Status, f.Summary)
	}
	wantStatus(t, b, check.BackupComplete, report.StatusPass)
	if res := r.check(true); res.Kept != 1 || res.Files < 12 {
		t.Errorf("checked %+v", res)
	}

	var said []string
	var would []restore.Action
	dry := restore.Options{
		DryRun: true, Say: func(s message.Sentence) { said = append(said, s.String()) }, Would: func(a restore.Action) { would = append(would, a) },
	}
	twin := newRig(t, "")
	if res := r.restoreTo(twin, dry); res.Kept != 1 || res.Pushed != 12 {
		t.Errorf("dry run %+v", res)
	}
	if len(said) == 0 || !strings.Contains(said[0], photo) {
		t.Errorf("said %q, want the kept file named first", said)
	}
	named := false
	for _, a := range would {
		named = named || a.Kept && a.What == photo
	}
	if !named {
		t.Errorf("would %+v, want the kept file listed by itself", would)
	}
	if res := r.restoreTo(twin, restore.Options{}); res.Kept != 1 || res.Proved != 12 || len(res.Problems) > 0 {
		t.Errorf("restored %+v", res)
	}
	if string(twin.original(photo)) != string(first) {
		t.Error("the kept file came back as another one")
	}

	// A later copy of the same file is not a kept one.
	if b := r.later(someFiles).mustRun(); b.Files.Kept != 0 || b.Files.Proved != 12 {
		t.Errorf("back on the handset %+v", b.Files)
	}
}

// TestKeptVersionIsRestored: if the newer version is not proved, the backup fails, both
// are named, and the proved one is restored.
func TestKeptVersionIsRestored(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		trouble adbtest.Trouble
		stops   string
		beside  bool // the newer version is on the computer too
	}{
		{"grows", adbtest.Trouble{Kind: adbtest.TroubleGrow, Path: photo, By: 100}, check.BackupComplete, true},
		{"hash is a lie", adbtest.Trouble{Kind: adbtest.TroubleWrongHash, Path: photo}, check.BackupProved, true},
		{"denied", adbtest.Trouble{Kind: adbtest.TroubleDeny, Path: photo}, check.BackupUnreadable, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, someFiles)
			r.mustRun()
			first := r.original(photo)
			r = r.later(newerPhoto, tt.trouble)
			b := r.mustRun()
			wantStatus(t, b, tt.stops, report.StatusFail)
			if f := finding(t, b, check.BackupKept); b.Files.Kept != 1 || f.Status != report.StatusWarn || !strings.Contains(f.Summary, "older version") || !strings.Contains(f.Summary, photo+" (") {
				t.Errorf("%+v, %s is %s: %s", b.Files, f.ID, f.Status, f.Summary)
			}
			twin := newRig(t, "")
			res := r.restoreTo(twin, restore.Options{})
			if res.Kept != 1 || res.Proved != 12 || (len(res.Problems) == 1) != tt.beside {
				t.Errorf("restored %+v", res)
			}
			if tt.beside && !strings.Contains(res.Problems[0].What, "it is in backup/unproved/storage/emulated/0/DCIM/Camera/a.jpg") {
				t.Errorf("the newer version: %+v", res.Problems)
			}
			if string(twin.original(photo)) != string(first) {
				t.Error("another version came back than the proved one")
			}
			root, err := os.OpenRoot(r.dir)
			if err != nil {
				t.Fatal(err)
			}
			defer root.Close()
			f, e, err := backup.Open(root, photo, nil)
			if err != nil || e.Status != manifest.StatusKept {
				t.Fatalf("opened %+v, %v; want the proved version", e, err)
			}
			_ = f.Close()
		})
	}
}

// TestKeptFilesOfAMissingStorage: the saved files of a card that was removed, and of a
// storage that cannot be read now, are kept and named.
func TestKeptFilesOfAMissingStorage(t *testing.T) {
	t.Parallel()
	card := `text - - 2026-03-01T10:00:00Z /storage/6132-3A29/k.txt "on the card"` + "\n"
	r := newRigWith(t, dualApps+"volume: public:179,65 mounted 6132-3A29\n", someFiles+ofDualApps+card)
	r.mustRun()
	next := newRigWith(t, dualApps, someFiles+ofDualApps, adbtest.Trouble{Kind: adbtest.TroubleDeny, Path: "/storage/emulated/999"})
	next.dir = r.dir
	b := next.mustRun()
	f := finding(t, b, check.BackupKept)
	if b.Files.Kept != 2 || !strings.Contains(f.Summary, dualAppsPhoto) || !strings.Contains(f.Summary, "/storage/6132-3A29/k.txt") {
		t.Errorf("%+v: %s", b.Files, f.Summary)
	}
	wantStatus(t, b, check.BackupStorage, report.StatusFail)
	res := next.restoreTo(newRig(t, ""), restore.Options{})
	var of []string
	for _, p := range res.Problems {
		of = append(of, p.File)
	}
	if len(of) != 2 || !slices.Contains(of, "/storage/6132-3A29") || !slices.Contains(of, "/storage/emulated/999") || res.Proved != 12 {
		t.Errorf("restored %+v, problems of %q", res, of)
	}
	if res.Kept != 0 {
		t.Errorf("%d of the files that went back are called kept; both kept ones lie in storages that are not there", res.Kept)
	}
}
