package backup_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preship/backup/manifest"
	"preship/backup/meter"
)

// TestRunContinuesAfterAKill stops a backup at some files and continues it after
// doing to the disk what a crash may have done.
func TestRunContinuesAfterAKill(t *testing.T) {
	t.Parallel()
	var tree strings.Builder
	tree.WriteString(someFiles)
	const many = 500 // several batches of hashes, and so several points in the journal
	for i := range many {
		fmt.Fprintf(&tree, "data - - 2026-03-01T10:00:00Z /sdcard/Notes/%03d.txt %d %d\n", i, i, i)
	}
	for stop := int64(0); stop < many+12; stop += 125 {
		t.Run(fmt.Sprintf("at file %d", stop), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, tree.String())
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			r.options.Progress = func(p meter.Progress) {
				if p.Phase == meter.PhaseCopying && p.FilesDone >= stop {
					cancel()
				}
			}
			if _, err := r.run(ctx); !errors.Is(err, context.Canceled) {
				t.Fatalf("stopped with error %v", err)
			}
			r.options.Progress = nil
			r.crash()
			if b := r.mustRun(); b.Files.Proved != many+12 {
				t.Errorf("files %+v, want %d proved", b.Files, many+12)
			}
			r.identical()
		})
	}
}

// crash leaves what a power cut may: half a line in the journal, a part, two of
// the files in the journal with other bytes or cut short, and no manifest.
func (r *rig) crash() {
	r.t.Helper()
	journal := filepath.Join(r.dir, "backup", "journal.jsonl")
	lines, err := os.ReadFile(journal)
	if err != nil {
		r.t.Fatal(err)
	}
	spoilt := 0
	for line := range bytes.Lines(lines) {
		var rec struct{ Path string }
		if err := json.Unmarshal(line, &rec); err != nil {
			r.t.Fatal(err)
		}
		name := filepath.Join(r.dir, "backup", filepath.FromSlash(rec.Path))
		data, err := os.ReadFile(name)
		switch {
		case err != nil:
		case len(data) == 0 || spoilt == 2:
		case spoilt == 0:
			spoilt++
			err = os.Truncate(name, int64(len(data)-1))
		default:
			spoilt++
			err = flip(name, 0)
		}
		if err != nil {
			r.t.Fatal(err)
		}
	}
	half := []byte(`{"path":"/storage/emulated/0/Music/e.mp3","size":1000`)
	parts := filepath.Join(r.dir, "backup", "parts")
	if err := errors.Join(
		os.WriteFile(journal, append(lines, half...), 0o600),
		os.MkdirAll(parts, 0o700),
		os.WriteFile(filepath.Join(parts, "1"), []byte("half a file"), 0o600),
		os.Remove(filepath.Join(r.dir, manifest.Name)),
	); err != nil {
		r.t.Fatal(err)
	}
	fmt.Fprintf(r.t.Output(), "%d files were proved, %d of them spoilt\n", bytes.Count(lines, []byte("\n")), spoilt)
}

// identical compares every file of the manifest with the handset's.
func (r *rig) identical() {
	r.t.Helper()
	entries, _ := r.manifest()
	for path, e := range entries {
		if e.Type != manifest.TypeFile {
			continue
		}
		got, err := os.ReadFile(filepath.Join(r.dir, "backup", filepath.FromSlash(path)))
		if err != nil || !bytes.Equal(got, r.original(path)) {
			r.t.Errorf("%s is not as on the handset (%v)", path, err)
		}
	}
}

// TestRunAgainCopiesOnlyChanges also is what `nothing proved is redone` means.
func TestRunAgainCopiesOnlyChanges(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	r.mustRun()
	hashes := r.hashes()
	before, err := os.Stat(r.host("Music/e.mp3"))
	if err != nil {
		t.Fatal(err)
	}
	r.mustRun()
	if n := r.hashes() - hashes; n != 0 {
		t.Errorf("the handset was asked for hashes %d times again", n)
	}
	r.push("/storage/emulated/0/Music/g.mp3", []byte("new"))
	b := r.mustRun()
	if b.Files.Proved != 12 {
		t.Errorf("files %+v, want 12 proved", b.Files)
	}
	if got, err := os.ReadFile(r.host("Music/g.mp3")); err != nil || string(got) != "new" {
		t.Errorf("the changed file is %q %v", got, err)
	}
	after, err := os.Stat(r.host("Music/e.mp3"))
	if err != nil || !os.SameFile(before, after) {
		t.Errorf("a file that did not change was copied again (%v)", err)
	}
}

// TestRunAsksAgainForAnotherCTime: a file was written to, and has its size, time and inode
// again. Only its ctime shows that, and the handset's hash shows the new content.
func TestRunAsksAgainForAnotherCTime(t *testing.T) {
	t.Parallel()
	for name, journaled := range map[string]string{"other": `"ctime":9`, "of an earlier version": `"was":`} {
		r := newRig(t, someFiles)
		r.mustRun()
		r = r.later(strings.Replace(someFiles, "e.mp3 1000000 6", "e.mp3 1000000 66", 1))
		journal := filepath.Join(r.dir, "backup", "journal.jsonl")
		lines, err := os.ReadFile(journal)
		if err != nil {
			t.Fatal(err)
		}
		lines = bytes.ReplaceAll(lines, []byte(`"ctime":`), []byte(journaled))
		if err := os.WriteFile(journal, lines, 0o600); err != nil {
			t.Fatal(err)
		}
		if b := r.mustRun(); b.Files.Proved != 12 {
			t.Errorf("%s: files %+v, want 12 proved", name, b.Files)
		}
		got, err := os.ReadFile(r.host("Music/e.mp3"))
		if err != nil || !bytes.Equal(got, r.original(song)) {
			t.Errorf("%s: other bytes counted as proved (%v)", name, err)
		}
		hashes := r.hashes()
		if r.mustRun(); r.hashes() != hashes {
			t.Errorf("%s: the journal was not brought up to date", name)
		}
	}
}

// TestRunAsksAgainForAnotherInode: FUSE may number its files anew. Such a file is
// hashed by the handset and not read again.
func TestRunAsksAgainForAnotherInode(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	r.mustRun()
	journal := filepath.Join(r.dir, "backup", "journal.jsonl")
	lines, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(journal, bytes.ReplaceAll(lines, []byte(`"ino":`), []byte(`"ino":9`)), 0o600); err != nil {
		t.Fatal(err)
	}
	hashes := r.hashes()
	before, err := os.Stat(r.host("Music/e.mp3"))
	if err != nil {
		t.Fatal(err)
	}
	if b := r.mustRun(); b.Files.Proved != 12 {
		t.Errorf("files %+v, want 12 proved", b.Files)
	}
	if r.hashes() == hashes {
		t.Error("believed the journal about files with other inodes")
	}
	if after, err := os.Stat(r.host("Music/e.mp3")); err != nil || !os.SameFile(before, after) {
		t.Errorf("a file that did not change was copied again (%v)", err)
	}
	hashes = r.hashes()
	if r.mustRun(); r.hashes() != hashes {
		t.Error("the journal was not brought up to date")
	}
}

// TestRunKeepsDeletedFiles: a file deleted on the handset stays in the backup.
func TestRunKeepsDeletedFiles(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	r.mustRun()
	if _, err := r.device.Shell(context.Background(), "rm "+photo, nil); err != nil {
		t.Fatal(err)
	}
	b := r.mustRun()
	if b.Files.Listed != 11 || b.Files.Proved != 11 {
		t.Errorf("files %+v, want 11 listed and proved", b.Files)
	}
	entries, _ := r.manifest()
	if e := entries[photo]; e.Status != manifest.StatusKept || e.SHA256 == "" {
		t.Errorf("the deleted file is %+v, want kept", e)
	}
	if _, err := os.Stat(r.host("DCIM/Camera/a.jpg")); err != nil {
		t.Error(err)
	}
}
