package backup_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/link"
	"preship/backup"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/report"
	"preship/report/check"
)

const (
	photo  = "/storage/emulated/0/DCIM/Camera/a.jpg"
	folder = "/storage/emulated/0/DCIM/Camera"
)

// fileFindings are the findings about files.
var fileFindings = []string{check.BackupComplete, check.BackupProved, check.BackupUnreadable, check.BackupListing}

// TestRunFaults: whatever goes wrong with a file is noticed, named, and not
// called proved; everything else is saved and proved all the same.
func TestRunFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		trouble adbtest.Trouble
		path    string // whose entry is looked at
		status  manifest.Status
		reason  string // part of
		finding string // that fails
		proved  int64
		files   report.Tally // only Saved, Changed and Unreadable are compared
	}{
		{
			"file denied",
			adbtest.Trouble{Kind: adbtest.TroubleDeny, Path: photo},
			photo, manifest.StatusUnreadable, "Permission denied", check.BackupUnreadable, 11,
			report.Tally{Saved: 11, Unreadable: 1},
		},
		{
			"folder denied",
			adbtest.Trouble{Kind: adbtest.TroubleDeny, Path: folder},
			folder, manifest.StatusUnreadable, "ermission denied", check.BackupUnreadable, 8,
			report.Tally{Saved: 8, Unreadable: 1},
		},
		{
			"file vanishes",
			adbtest.Trouble{Kind: adbtest.TroubleVanish, Path: photo},
			photo, manifest.StatusVanished, "o", check.BackupComplete, 11,
			report.Tally{Saved: 11, Changed: 1},
		},
		{
			"file grows whenever it is read",
			adbtest.Trouble{Kind: adbtest.TroubleGrow, Path: photo, By: 100},
			photo, manifest.StatusChanged, "changed during each of 3 reads", check.BackupComplete, 11,
			report.Tally{Saved: 11, Changed: 1},
		},
		{
			"file shrinks whenever it is read",
			adbtest.Trouble{Kind: adbtest.TroubleShrink, Path: photo, By: 100},
			photo, manifest.StatusChanged, "changed during each of 3 reads", check.BackupComplete, 11,
			report.Tally{Saved: 11, Changed: 1},
		},
		{
			"file grows once",
			adbtest.Trouble{Kind: adbtest.TroubleGrow, Path: photo, By: 100, Times: 1},
			photo, manifest.StatusProved, "", "", 12,
			report.Tally{Saved: 12},
		},
		{
			"file shrinks once",
			adbtest.Trouble{Kind: adbtest.TroubleShrink, Path: photo, By: 100, Times: 1},
			photo, manifest.StatusProved, "", "", 12,
			report.Tally{Saved: 12},
		},
		{
			"size is a lie",
			adbtest.Trouble{Kind: adbtest.TroubleWrongSize, Path: photo, By: 7},
			photo, manifest.StatusChanged, "listed with 300007 bytes, received 300000", check.BackupComplete, 11,
			report.Tally{Saved: 11, Changed: 1},
		},
		{
			"hash is a lie",
			adbtest.Trouble{Kind: adbtest.TroubleWrongHash, Path: photo},
			photo, manifest.StatusSaved, "the handset gives the SHA-256", check.BackupProved, 11,
			report.Tally{Saved: 12},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, someFiles, tt.trouble)
			b := r.mustRun()
			if b.Files.Proved != tt.proved || b.Files.Saved != tt.files.Saved || b.Files.Changed != tt.files.Changed || b.Files.Unreadable != tt.files.Unreadable {
				t.Errorf("files %+v, want %d proved and %+v", b.Files, tt.proved, tt.files)
			}
			entries, _ := r.manifest()
			if e := entries[tt.path]; e.Status != tt.status || !strings.Contains(e.Reason, tt.reason) || (tt.reason == "") != (e.Reason == "") {
				t.Errorf("entry %+v, want %s because of %q", e, tt.status, tt.reason)
			}
			for _, f := range b.Findings {
				if !slices.Contains(fileFindings, f.ID) {
					continue
				}
				want := report.StatusPass
				if f.ID == tt.finding {
					want = report.StatusFail
				}
				if f.Status != want {
					t.Errorf("%s is %s (%s), want %s", f.ID, f.Status, f.Summary, want)
				}
				if f.ID == tt.finding && !strings.Contains(f.Summary, tt.path) {
					t.Errorf("%s does not name %s: %s", f.ID, tt.path, f.Summary)
				}
			}
		})
	}
}

// TestRunSurvivesCuts cuts the cable after so many bytes of a stream, in the
// listing, in the files and in the hashes.
func TestRunSurvivesCuts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		service string
		opened  int // the first streams of that kind are cut
		after   []int64
	}{
		{"shell,v2,raw:find", 1, []int64{0, 1, 100, 400}},
		{"shell,v2,raw:xargs", 1, []int64{0, 1, 70, 700}},
		{"sync:", 1, []int64{0, 1, 7, 100, 1000}},
		// More than the stat stream sends, so that it happens on the one with the files.
		{"sync:", 2, []int64{2000, 65600, 300100, 435000, 900000, 1400000}},
	} {
		for _, after := range tt.after {
			t.Run(fmt.Sprintf("%s after %d", tt.service, after), func(t *testing.T) {
				t.Parallel()
				r := newRig(t, someFiles, adbtest.Trouble{
					Kind: adbtest.TroubleCut, Service: tt.service, After: after, For: 50 * time.Millisecond, Times: tt.opened,
				})
				r.options.Streams = 1
				if b := r.mustRun(); b.Files.Proved != 12 {
					t.Errorf("files %+v, want 12 proved", b.Files)
				}
				if n := r.opened(tt.service); tt.service == "sync:" && n <= tt.opened {
					t.Errorf("%q was opened %d times: nothing was cut", tt.service, n)
				}
				if _, err := link.New(r.device, link.Options{}).WaitFor(t.Context(), adb.StateDevice); err != nil {
					t.Fatal(err)
				}
				r.identical()
			})
		}
	}
}

// opened counts the streams of a service that were opened.
func (r *rig) opened(service string) (n int) {
	for _, s := range r.handset.Sent() {
		if strings.HasPrefix(s.Service, service) {
			n++
		}
	}
	return n
}

func TestRunGivesUpOnAHandsetThatStaysAway(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles, adbtest.Trouble{Kind: adbtest.TroubleCut, Service: "sync:", After: 500000, Times: 2})
	r.options.Streams = 1
	r.options.Wait = 200 * time.Millisecond
	waited := false
	r.options.Progress = func(p meter.Progress) { waited = waited || p.Phase == meter.PhaseWaiting }
	b, err := r.run(context.Background())
	if !errors.Is(err, link.ErrLost) {
		t.Fatalf("got error %v, want ErrLost", err)
	}
	if !waited {
		t.Error("no message says that it waits")
	}
	wantStatus(t, b, check.BackupComplete, report.StatusFail)
	if b.Files.Proved == b.Files.Listed {
		t.Errorf("files %+v of a lost handset", b.Files)
	}
}

// TestRunReopensASilentStream: a stream that owes bytes and says nothing is not
// waited for for ever.
func TestRunReopensASilentStream(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles, adbtest.Trouble{Kind: adbtest.TroubleStall, Service: "sync:", After: 200000, Times: 2})
	r.options.Streams = 1
	if b := r.mustRun(); b.Files.Proved != 12 {
		t.Errorf("files %+v, want 12 proved", b.Files)
	}
}

// TestRunGivesUpAStalledFile: a file that never comes is given up after three silences, and
// all others are proved. The streams stall at a byte that only this file reaches.
func TestRunGivesUpAStalledFile(t *testing.T) {
	t.Parallel()
	tree := "data - - 2026-03-01T10:00:03Z /sdcard/DCIM/Camera/a.jpg 300000 2\n"
	for _, name := range []string{"b", "c", "d"} {
		tree += "data - - 2026-03-01T10:00:03Z /sdcard/DCIM/Camera/" + name + ".jpg 1000 3\n"
	}
	r := newRig(t, tree, adbtest.Trouble{Kind: adbtest.TroubleStall, Service: "sync:", After: 250000})
	r.options.Streams = 1
	b := r.mustRun()
	if b.Files.Proved != 3 || b.Files.Unreadable != 1 {
		t.Errorf("files %+v, want 3 proved and 1 given up", b.Files)
	}
	entries, _ := r.manifest()
	if e := entries["/storage/emulated/0/DCIM/Camera/a.jpg"]; e.Status != manifest.StatusUnreadable || !strings.Contains(e.Reason, "silent 3 times") {
		t.Errorf("entry %+v", e)
	}
}

// TestRunGivesUpAStalledHash: the handset's sha256sum falls silent at one file. It is asked
// for again after all others, which are proved. The answer stalls at a byte that only the
// line of this file reaches, and the answer in one piece at once.
func TestRunGivesUpAStalledHash(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		first, name string
		asked       int
	}{
		{"a", "after a line", 5},
		{"b", "before any line", 8},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			stalledHash(t, tt.first, tt.asked)
		})
	}
}

func stalledHash(t *testing.T, first string, asked int) {
	long := "/sdcard/DCIM/Camera/b" + strings.Repeat("b", 200)
	tree := ""
	names := []string{first, "a", "b", "c", "d"}
	for k, name := range names {
		if name = "/sdcard/DCIM/Camera/" + name + ".jpg"; names[k] == "b" {
			name = long
		}
		if k == 0 || names[k] != first {
			tree += "data - - 2026-03-01T10:00:03Z " + name + " 1000 2\n"
		}
	}
	r := newRig(t, tree,
		adbtest.Trouble{Kind: adbtest.TroubleStall, Service: "shell,v2,raw:x=$(xargs"},
		adbtest.Trouble{Kind: adbtest.TroubleStall, Service: "shell,v2,raw:xargs -0 sha256sum", After: 260})
	r.options = backup.Impatient(r.options, 2*time.Second)
	r.options.Streams = 1
	b := r.mustRun()
	if b.Files.Proved != 3 || b.Files.Listed != 4 {
		t.Errorf("files %+v, want 3 of 4 proved", b.Files)
	}
	entries, _ := r.manifest()
	if e := entries["/storage/emulated/0"+strings.TrimPrefix(long, "/sdcard")]; e.Status == manifest.StatusProved || !strings.Contains(e.Reason, "silent 2 times") {
		t.Errorf("entry %+v", e)
	}
	if n := r.hashes(); n > asked {
		t.Errorf("sha256sum was asked %d times", n)
	}
}

func TestRunEndsWhenTheDiskIsFull(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	full, plain := backup.DiskFull, r.options
	r.options = backup.FailAfter(r.options, 400000, full)
	b, err := r.run(context.Background())
	if !errors.Is(err, backup.ErrNoSpace) {
		t.Fatalf("got error %v, want ErrNoSpace", err)
	}
	if b.Files.Proved == b.Files.Listed {
		t.Errorf("files %+v on a full disk", b.Files)
	}
	wantStatus(t, b, check.BackupComplete, report.StatusFail)
	r.options = plain
	if b := r.mustRun(); b.Files.Proved != 12 {
		t.Errorf("continued: files %+v, want 12 proved", b.Files)
	}
}

// TestRunLooksAtTheSpaceFirst: nothing is read that has no place.
func TestRunLooksAtTheSpaceFirst(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles, adbtest.Trouble{Kind: adbtest.TroubleWrongSize, Path: photo, By: 1 << 60})
	if _, err := r.run(context.Background()); !errors.Is(err, backup.ErrNoSpace) {
		t.Fatalf("got error %v, want ErrNoSpace", err)
	}
	if _, err := os.Stat(r.host("DCIM")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("files were read all the same: %v", err)
	}
}

// TestRunLooksAtTheSpaceMeanwhile: another person may fill the disk. It ends while
// there still is room to say so.
func TestRunLooksAtTheSpaceMeanwhile(t *testing.T) {
	t.Parallel()
	r := newRig(t, filmTree(12, "10:00:00"))
	plain := r.options
	r.options = backup.Filling(r.options, 2)
	b, err := r.run(context.Background())
	if !errors.Is(err, backup.ErrNoSpace) {
		t.Fatalf("got error %v, want ErrNoSpace", err)
	}
	wantStatus(t, b, check.BackupComplete, report.StatusFail)
	if _, m := r.manifest(); m.Complete {
		t.Error("the manifest says that it is complete")
	}
	r.options = plain
	if b := r.mustRun(); b.Files.Proved != 13 {
		t.Errorf("continued: files %+v, want 13 proved", b.Files)
	}
}

// TestRunWithoutStorage: a handset whose storage cannot be listed is an error,
// not an empty backup.
func TestRunWithoutStorage(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles, adbtest.Trouble{Kind: adbtest.TroubleDeny, Path: "/storage/emulated/0"})
	b, err := r.run(context.Background())
	if err == nil && b.Files.Unreadable == 0 || errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %+v and error %v", b.Files, err)
	}
	if f := finding(t, b, check.BackupCalls); f.Status == report.StatusPass {
		t.Errorf("%s is %s: %s", f.ID, f.Status, f.Summary)
	}
}
