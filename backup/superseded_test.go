package backup_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest"
	"preship/adb/link"
	"preship/backup/agefile"
	"preship/backup/manifest"
	"preship/report"
	"preship/report/check"
)

// newerPhoto is someFiles after the photo was edited.
var newerPhoto = strings.Replace(someFiles, "10:00:03Z /sdcard/DCIM/Camera/a.jpg 300000 2", "11:00:03Z /sdcard/DCIM/Camera/a.jpg 300000 22", 1)

// later returns a rig with the handset at a later time, and the same case.
func (r *rig) later(tree string, troubles ...adbtest.Trouble) *rig {
	r.t.Helper()
	next := newRig(r.t, tree, troubles...)
	next.dir = r.dir
	return next
}

// holdsEntry asserts that the copy of an entry exists and has the bytes want.
func (r *rig) holdsEntry(e manifest.Entry, want []byte) {
	r.t.Helper()
	host := e.Host
	if name := e.Path; host == "" {
		if e.PathB64 != nil {
			name = string(e.PathB64)
		}
		host = "backup" + name
	}
	got, err := os.ReadFile(filepath.Join(r.dir, filepath.FromSlash(host)))
	if err != nil {
		r.t.Error(err)
		return
	}
	sum := sha256.Sum256(got)
	if hex.EncodeToString(sum[:]) != e.SHA256 {
		r.t.Errorf("%s is not what the manifest says", host)
	}
	if want != nil && string(got) != string(want) {
		r.t.Errorf("%s is another version, of %d bytes", host, len(got))
	}
}

// TestRunKeepsTheProvedVersion: if a file changed and its new version is not proved, the
// proved version stays in its place and the new version is kept beside it.
func TestRunKeepsTheProvedVersion(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		troubles []adbtest.Trouble
		prove    manifest.Prove
		status   manifest.Status
	}{
		{"grows whenever it is read", []adbtest.Trouble{{Kind: adbtest.TroubleGrow, Path: photo, By: 100}}, "", manifest.StatusChanged},
		{"its hash is a lie", []adbtest.Trouble{{Kind: adbtest.TroubleWrongHash, Path: photo}}, "", manifest.StatusSaved},
		{"denied", []adbtest.Trouble{{Kind: adbtest.TroubleDeny, Path: photo}}, "", manifest.StatusUnreadable},
		{"vanishes", []adbtest.Trouble{{Kind: adbtest.TroubleVanish, Path: photo}}, "", manifest.StatusVanished},
		{"only its size is compared", nil, manifest.ProveSize, manifest.StatusSaved},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, someFiles)
			r.mustRun()
			first := r.original(photo)
			r = r.later(newerPhoto, tt.troubles...)
			r.options.Prove = tt.prove
			b := r.mustRun()
			entries, _ := r.manifest()
			e := entries[photo]
			if e.Status != tt.status || !strings.Contains(e.Reason, "the version proved earlier is kept") {
				t.Errorf("entry %+v, want %s and that the older one is kept", e, tt.status)
			}
			older, ok := entries[photo+olderVersion]
			if !ok || older.Status != manifest.StatusKept {
				t.Fatalf("the older version is %+v", older)
			}
			r.holdsEntry(older, first)
			if e.SHA256 != "" {
				r.holdsEntry(e, nil)
			}
			if f := finding(t, b, check.BackupProved); tt.status == manifest.StatusSaved && (f.Status != report.StatusFail || !strings.Contains(f.Summary, "is kept") && tt.prove == "") {
				t.Errorf("%s: %s", f.Status, f.Summary)
			}
			// A proved new version replaces the old one.
			r = r.later(newerPhoto)
			if b := r.mustRun(); b.Files.Proved != 12 {
				t.Errorf("files %+v, want 12 proved", b.Files)
			}
			entries, _ = r.manifest()
			if _, ok := entries[photo+olderVersion]; ok || entries[photo].Host != "" {
				t.Errorf("the older version is still there: %+v", entries[photo])
			}
			if exists(filepath.Join(r.dir, "backup", "unproved")) {
				t.Error("an empty folder is left")
			}
			r.holdsEntry(entries[photo], r.original(photo))
		})
	}
}

// TestRunKeepsTheProvedVersionOfALostHandset: the handset is disconnected while the new
// version is read, and does not return.
func TestRunKeepsTheProvedVersionOfALostHandset(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	r.mustRun()
	first := r.original(photo)
	r = r.later(newerPhoto, adbtest.Trouble{Kind: adbtest.TroubleCut, Service: "shell,v2,raw:xargs", After: 70})
	r.options.Wait = 100 * time.Millisecond
	if _, err := r.run(context.Background()); !errors.Is(err, link.ErrLost) {
		t.Fatalf("got error %v, want ErrLost", err)
	}
	entries, _ := r.manifest()
	r.holdsEntry(entries[photo+olderVersion], first)
}

// TestRunKeepsTheProvedVersionEncrypted: both versions open with the key.
func TestRunKeepsTheProvedVersionEncrypted(t *testing.T) {
	t.Parallel()
	to, key := ageKey(t)
	r := newRig(t, someFiles)
	r.options.Encrypt = agefile.Encryption{To: to}
	r.mustRun()
	r = r.later(newerPhoto, adbtest.Trouble{Kind: adbtest.TroubleGrow, Path: photo, By: 100})
	if b := r.mustRun(); b.Files.Proved != 11 || b.Files.Changed != 1 {
		t.Errorf("files %+v, want 11 proved and 1 changed", b.Files)
	}
	entries, _ := r.manifest()
	if older := entries[photo+olderVersion]; older.Stored == nil || entries[photo].Stored == nil || older.Stored.SHA256 == entries[photo].Stored.SHA256 {
		t.Errorf("not two files: %+v and %+v", entries[photo], older)
	}
	r.mustOpen(key)
	r = r.later(newerPhoto)
	if b := r.mustRun(); b.Files.Proved != 12 {
		t.Errorf("files %+v, want 12 proved", b.Files)
	}
	r.mustOpen(key)
}
