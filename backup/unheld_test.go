package backup_test

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"
	"time"

	"preship/adb/adbtest"
	"preship/backup"
	"preship/backup/agefile"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/report"
	"preship/report/check"
)

const (
	song    = "/storage/emulated/0/Music/e.mp3" // of 1,000,000 bytes, the largest of someFiles
	holiday = "/storage/emulated/0/DCIM/holiday.mp4"
)

// aFilm is a file so large that its stream is not read to the end once the disk refuses it.
const aFilm = "data - - 2026-03-01T10:00:20Z /sdcard/DCIM/holiday.mp4 40000000 30\n"

// aShortFilm is a file that is resumed in its middle.
const aShortFilm = "data - - 2026-03-01T10:00:20Z /sdcard/DCIM/holiday.mp4 18000000 30\n"

// TestRunNamesWhatTheDiskCannotHold: a file that the computer's disk refuses is named with
// the way out, and everything else is saved and proved. Another disk gets the rest.
func TestRunNamesWhatTheDiskCannotHold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		err       error
		most      int64
		atClose   bool
		encrypted bool
		extra     string // of the tree
		refused   []string
		proved    int64
		troubles  []adbtest.Trouble
	}{
		{name: "too large", err: syscall.EFBIG, most: 500000, refused: []string{song}, proved: 11},
		{name: "bad block", err: syscall.EIO, most: 500000, refused: []string{song}, proved: 11},
		{name: "bad block at the close", err: syscall.EIO, most: 500000, atClose: true, refused: []string{song}, proved: 11},
		{name: "bad name", err: syscall.EINVAL, most: 500000, refused: []string{song}, proved: 11},
		{name: "encrypted", err: syscall.EFBIG, most: 500000, encrypted: true, refused: []string{song}, proved: 11},
		{name: "film", err: syscall.EFBIG, most: 20000000, extra: aFilm, refused: []string{holiday}, proved: 12},
		{name: "films and songs", err: syscall.EIO, most: 200000, extra: aFilm, refused: []string{holiday, song, photo}, proved: 10},
		{
			name: "rest of a film", err: syscall.EFBIG, most: 15000000, extra: aShortFilm, refused: []string{holiday}, proved: 12,
			troubles: []adbtest.Trouble{{Kind: adbtest.TroubleCut, Service: "sync:", After: 10000000, For: 50 * time.Millisecond, Times: 2}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, someFiles+tt.extra, tt.troubles...)
			if tt.encrypted {
				to, _ := ageKey(t)
				r.options.Encrypt = agefile.Encryption{To: to}
			}
			if len(tt.troubles) > 0 {
				r.options.Streams = 1
			}
			plain := r.options
			r.options = backup.Refusing(r.options, tt.most, tt.err, tt.atClose)
			b := r.mustRun()
			n := int64(len(tt.refused))
			if b.Files.Proved != tt.proved || b.Files.Unreadable != n || b.Files.Listed != tt.proved+n {
				t.Errorf("files %+v, want %d proved and %d not held", b.Files, tt.proved, n)
			}
			f := finding(t, b, check.BackupUnreadable)
			if f.Status != report.StatusFail || !strings.Contains(f.Summary, "computer's disk cannot hold") || !strings.Contains(f.Remedy, "exFAT") || strings.Contains(f.Remedy, "app they belong to") {
				t.Errorf("%s: %s; %s", f.Status, f.Summary, f.Remedy)
			}
			entries, _ := r.manifest()
			for _, name := range tt.refused {
				if e := entries[name]; e.Status != manifest.StatusUnreadable || e.SHA256 != "" || !strings.Contains(e.Reason, tt.err.Error()) {
					t.Errorf("entry %+v", e)
				}
				if !strings.Contains(f.Summary, name) {
					t.Errorf("%s is not named: %s", name, f.Summary)
				}
			}
			wantStatus(t, b, check.BackupComplete, report.StatusPass)
			wantStatus(t, b, check.BackupProved, report.StatusPass)
			if len(tt.troubles) > 0 && r.opened("shell,v2,raw:dd") == 0 {
				t.Error("the film was not resumed in its middle")
			}
			r.options = plain
			if b := r.mustRun(); b.Files.Proved != b.Files.Listed {
				t.Errorf("on another disk: files %+v, want all proved", b.Files)
			}
		})
	}
}

// TestRunKeepsTheProvedVersionOfAFileTheDiskRefuses: the newer version does not fit, and the
// proved one stays.
func TestRunKeepsTheProvedVersionOfAFileTheDiskRefuses(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	r.mustRun()
	first := r.original(photo)
	r = r.later(newerPhoto)
	r.options = backup.Refusing(r.options, 200000, syscall.EFBIG, false)
	if b := r.mustRun(); b.Files.Kept != 1 || b.Files.Unreadable != 1 || b.Files.Proved != 11 {
		t.Errorf("files %+v", b.Files)
	}
	entries, _ := r.manifest()
	r.holdsEntry(entries[photo+olderVersion], first)
}

// TestRunNamesWhatTheDiskLoses: the disk takes the bytes of a file and fails to keep them.
// The file is read again, and named if that fails each time; all others count.
func TestRunNamesWhatTheDiskLoses(t *testing.T) {
	t.Parallel()
	for _, prove := range []manifest.Prove{manifest.ProveHash, manifest.ProveReread} {
		for _, tt := range []struct{ times, proved int64 }{{1, 12}, {100, 11}} {
			r := newRig(t, someFiles)
			r.options.Prove = prove
			plain := r.options
			r.options = backup.Losing(r.options, "backup"+song, tt.times)
			b := r.mustRun()
			if b.Files.Proved != tt.proved || b.Files.Unreadable != 12-tt.proved {
				t.Errorf("%s: lost %d times: files %+v, want %d proved", prove, tt.times, b.Files, tt.proved)
			}
			entries, _ := r.manifest()
			if e := entries[song]; (e.Status == manifest.StatusProved) != (tt.proved == 12) || e.Status != manifest.StatusProved && exists(r.host("Music/e.mp3")) {
				t.Errorf("%s: lost %d times: entry %+v", prove, tt.times, e)
			}
			r.options = plain
			if b := r.mustRun(); b.Files.Proved != 12 {
				t.Errorf("on another disk: files %+v, want 12 proved", b.Files)
			}
		}
	}
}

// TestRunEndsWhenTheDiskFails: a disk that refuses every file ends the backup.
func TestRunEndsWhenTheDiskFails(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	plain := r.options
	r.options = backup.FailAfter(r.options, 400000, syscall.EIO)
	b, err := r.run(context.Background())
	if !errors.Is(err, syscall.EIO) {
		t.Fatalf("got error %v, want EIO", err)
	}
	wantStatus(t, b, check.BackupComplete, report.StatusFail)
	r.options = plain
	if b := r.mustRun(); b.Files.Proved != 12 {
		t.Errorf("continued: files %+v, want 12 proved", b.Files)
	}
}

// TestRunForeseesTheLimitOfTheDisk: a file larger than the file system can hold is named
// with the file system before it is read, and needs no space.
func TestRunForeseesTheLimitOfTheDisk(t *testing.T) {
	t.Parallel()
	for _, encrypted := range []bool{false, true} {
		r := newRig(t, someFiles, adbtest.Trouble{Kind: adbtest.TroubleWrongSize, Path: photo, By: 1 << 60})
		if encrypted {
			to, _ := ageKey(t)
			r.options.Encrypt = agefile.Encryption{To: to}
		}
		r.options = backup.OnFileSystem(r.options, disk.FileSystem{Name: "FAT32", Largest: 1<<32 - 1})
		b := r.mustRun()
		if b.Files.Proved != 11 || b.Files.Unreadable != 1 {
			t.Errorf("files %+v, want 11 proved and 1 not held", b.Files)
		}
		f := finding(t, b, check.BackupUnreadable)
		if !strings.Contains(f.Summary, photo) || !strings.Contains(f.Summary, "FAT32") || !strings.Contains(f.Remedy, "exFAT") {
			t.Errorf("%s: %s", f.Summary, f.Remedy)
		}
	}
}
