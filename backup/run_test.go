package backup_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest"
	"preship/adb/handset"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/report"
	"preship/report/check"
)

func TestRunSavesEverything(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	var last meter.Progress
	r.options.Progress = func(p meter.Progress) { last = p }
	b := r.mustRun()
	if b.Files.Listed != 12 || b.Files.Proved != 12 {
		t.Errorf("files %+v, want 12 listed and proved", b.Files)
	}
	if b.Bytes.Proved != 1517463 {
		t.Errorf("%d bytes proved, want 1517463", b.Bytes.Proved)
	}
	for _, id := range []string{check.BackupComplete, check.BackupProved, check.BackupUnreadable, check.BackupListing} {
		wantStatus(t, b, id, report.StatusPass)
	}
	if last.Proved != 12 || last.FilesDone != 12 || last.BytesDone != last.BytesTotal || last.Phase != meter.PhaseWriting {
		t.Errorf("last progress %+v", last)
	}
	entries, m := r.manifest()
	if !m.Complete || m.Serial != "TEST0001" || len(m.Salt) != 32 {
		t.Errorf("manifest %+v", m.Head)
	}
	for path, e := range entries {
		host := filepath.Join(r.dir, "backup", filepath.FromSlash(path))
		fi, err := os.Lstat(host)
		if err != nil {
			t.Error(err)
			continue
		}
		if fi.ModTime().Unix() != e.MTime {
			t.Errorf("%s has time %v, want %v", path, fi.ModTime().Unix(), e.MTime)
		}
		if e.Type != manifest.TypeFile {
			continue
		}
		if got, err := os.ReadFile(host); err != nil || !bytes.Equal(got, r.original(path)) {
			t.Errorf("%s is not as on the handset (%v)", path, err)
		}
	}
	if e := entries["/storage/emulated/0/DCIM/Empty"]; e.Type != manifest.TypeDir || e.Status != manifest.StatusRecorded {
		t.Errorf("the empty folder is %+v", e)
	}
}

// TestRunSendsOnlyReads: a backup must not change a handset.
func TestRunSendsOnlyReads(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	r.mustRun()
	for _, s := range r.handset.Sent() {
		switch {
		case s.Line != "":
			if row, ok := handset.Match(s.Line); !ok || row.Writes {
				t.Errorf("sent %q, which is no row that only reads", s.Line)
			}
		case s.Service != "sync:":
			t.Errorf("opened %q", s.Service)
		}
	}
}

func TestRunSavesCardsAndClones(t *testing.T) {
	t.Parallel()
	r := newRigWith(t, "volume: private mounted null\nvolume: emulated;0 mounted null\nvolume: emulated;999 mounted null\nvolume: public:179,65 mounted 6132-3A29\nvolume: public:8,1 unmountable -\n",
		someFiles+`text - - 2026-03-01T10:00:00Z /storage/6132-3A29/music/k.txt "on the card"
text - - 2026-03-01T10:00:00Z /storage/emulated/999/l.txt "of the clone"
`)
	b := r.mustRun()
	if b.Files.Proved != 14 {
		t.Errorf("files %+v, want 14 proved", b.Files)
	}
	for _, name := range []string{"6132-3A29/music/k.txt", "emulated/999/l.txt"} {
		if _, err := os.Stat(filepath.Join(r.dir, "backup", "storage", filepath.FromSlash(name))); err != nil {
			t.Error(err)
		}
	}
	// A card that is not mounted may have files.
	wantStatus(t, b, check.BackupStorage, report.StatusUnknown)
	wantStatus(t, b, check.BackupListing, report.StatusPass)
}

// hostileNames are names that a handset's file system takes.
var hostileNames = []string{
	"new\nline", "tab\there", "quote's \"dq\"", "back\\slash", "-dash", "co:lon", "a=b&c$d", "per%cent%41", " lead", "trail ",
	"dot.", "CON", "é", "e\u0301", "bad\xffutf8", "\x1b[31mred", "\u202etxt.exe", "*?<>|", "newline\n", "日本語 😀",
}

func TestRunKeepsHostileNames(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	for i, name := range hostileNames {
		r.push("/storage/emulated/0/odd/"+name, []byte{byte(i)})
		r.push("/storage/emulated/0/odd/in "+name+"/file", []byte{byte(i), 1})
	}
	b := r.mustRun()
	if want := int64(12 + 2*len(hostileNames)); b.Files.Proved != want {
		t.Errorf("files %+v, want %d proved: %s", b.Files, want, finding(t, b, check.BackupProved).Summary)
	}
	entries, _ := r.manifest()
	for i, name := range hostileNames {
		e, ok := entries["/storage/emulated/0/odd/"+name]
		if !ok {
			t.Errorf("%q is not in the manifest", name)
			continue
		}
		host := e.Host
		if host == "" {
			host = "backup/storage/emulated/0/odd/" + name
		}
		if got, err := os.ReadFile(filepath.Join(r.dir, filepath.FromSlash(host))); err != nil || !bytes.Equal(got, []byte{byte(i)}) {
			t.Errorf("%q is stored at %q: %v %v", name, host, got, err)
		}
	}
}

func TestRunRecordsSpecials(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles+`fifo - - 2026-03-01T10:00:00Z /sdcard/pipe
link - - 2026-03-01T10:00:00Z /sdcard/out /data/local
`)
	b := r.mustRun()
	if b.Files.Listed != 12 {
		t.Errorf("files %+v, want 12 listed", b.Files)
	}
	entries, _ := r.manifest()
	for name, want := range map[string]manifest.Type{"pipe": manifest.TypeFIFO, "out": manifest.TypeSymlink} {
		if e := entries["/storage/emulated/0/"+name]; e.Type != want || e.Status != manifest.StatusRecorded {
			t.Errorf("%s is %+v, want a recorded %s", name, e, want)
		}
		if _, err := os.Lstat(r.host(name)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("something was made for %s: %v", name, err)
		}
	}
}

func TestRunBySize(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	r.options.Prove = manifest.ProveSize
	b := r.mustRun()
	if b.Files.Saved != 12 || b.Files.Proved != 0 {
		t.Errorf("files %+v, want 12 saved and none proved", b.Files)
	}
	wantStatus(t, b, check.BackupProved, report.StatusFail)
	if n := r.hashes(); n != 0 {
		t.Errorf("%d hashes were asked for", n)
	}
	// A later run by hash asks the handset for its hashes and reads no file again.
	r.options.Prove = manifest.ProveHash
	if b := r.mustRun(); b.Files.Proved != 12 {
		t.Errorf("files %+v, want 12 proved", b.Files)
	}
}

func TestRunWithoutVersion2(t *testing.T) {
	t.Parallel()
	for _, features := range []string{"shell_v2 cmd", "shell_v2 cmd stat_v2"} {
		r := newRigFeatures(t, features, someFiles)
		if b := r.mustRun(); b.Files.Proved != 12 {
			t.Errorf("%s: files %+v, want 12 proved", features, b.Files)
		}
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	ctx, cancel := context.WithCancel(context.Background())
	r.options.Progress = func(p meter.Progress) {
		if p.FilesDone == 3 {
			cancel()
		}
	}
	b, err := r.run(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got error %v, want the context's", err)
	}
	wantStatus(t, b, check.BackupComplete, report.StatusFail)
	_, m := r.manifest()
	if m.Complete {
		t.Error("the manifest of a cancelled backup says that it is complete")
	}
	if res := r.check(true); len(res.Problems) == 0 {
		t.Error("check finds nothing wrong with a cancelled backup")
	}
	r.options.Progress = nil
	if b := r.mustRun(); b.Files.Proved != 12 {
		t.Errorf("continued: files %+v, want 12 proved", b.Files)
	}
}

// push puts a file on the handset.
func (r *rig) push(path string, data []byte) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	s, err := r.device.Sync(ctx)
	if err != nil {
		r.t.Fatal(err)
	}
	defer s.Close()
	if err := s.Push(path, 0o644, time.Unix(1700000000, 0), bytes.NewReader(data)); err != nil {
		r.t.Fatal(err)
	}
}

// TestRunByReading: files of a handset that cannot hash are read twice, and a file whose
// second read differs is not proved.
func TestRunByReading(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	r.options.Prove = manifest.ProveReread
	b := r.mustRun()
	if b.Files.Proved != 12 {
		t.Errorf("files %+v, want 12 proved", b.Files)
	}
	if f := finding(t, b, check.BackupProved); f.Status != report.StatusPass || !strings.Contains(f.Summary, "twice") {
		t.Errorf("%s: %s", f.Status, f.Summary)
	}
	if n := r.hashes(); n != 0 {
		t.Errorf("%d hashes were asked for", n)
	}
	// Two equal reads are a weaker proof than the handset's own hash.
	r.options.Prove = manifest.ProveHash
	r.mustRun()
	if n := r.hashes(); n == 0 {
		t.Error("proved by hash without asking for one")
	}
}

// TestRunReadsTwiceWithoutSHA256: Android 7 has no sha256sum.
func TestRunReadsTwiceWithoutSHA256(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-5a", func(p string) string { return p })
	b := r.mustRun()
	if b.Files.Proved != b.Files.Listed || b.Files.Listed == 0 {
		t.Errorf("files %+v, want all proved: %s", b.Files, finding(t, b, check.BackupProved).Summary)
	}
	if f := finding(t, b, check.BackupProved); !strings.Contains(f.Summary, "twice") {
		t.Errorf("%s: %s", f.Status, f.Summary)
	}
	if _, m := r.manifest(); m.Prove != manifest.ProveReread {
		t.Errorf("the manifest says %s", m.Prove)
	}
	// The next run accepts files that were read twice, and reads no file again.
	before := r.hashes()
	if b := r.mustRun(); b.Files.Proved != b.Files.Listed {
		t.Errorf("again: files %+v, want all proved", b.Files)
	}
	if n := r.hashes() - before; n != 1 {
		t.Errorf("%d hashes were asked for, want the one to see whether it can", n)
	}
}

func TestRunByReadingSurvivesACut(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles, adbtest.Trouble{Kind: adbtest.TroubleCut, Service: "sync:", After: 1200000, For: 50 * time.Millisecond, Times: 1})
	r.options.Prove = manifest.ProveReread
	if b := r.mustRun(); b.Files.Proved != 12 {
		t.Errorf("files %+v, want 12 proved: %s", b.Files, finding(t, b, check.BackupProved).Summary)
	}
	r.identical()
}

func TestRunByReadingNoticesAnotherContent(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles, adbtest.Trouble{Kind: adbtest.TroubleGrow, Path: photo, By: 100})
	r.options.Prove = manifest.ProveReread
	b := r.mustRun()
	if b.Files.Proved != 11 || b.Files.Changed != 1 {
		t.Errorf("files %+v, want 11 proved and 1 changed", b.Files)
	}
}
