package backup_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest"
	"preship/backup/manifest"
	"preship/backup/restore"
	"preship/report/message"
)

// restore sends a case of r to the handset of another rig.
func (r *rig) restoreTo(other *rig, o restore.Options) restore.Result {
	r.t.Helper()
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	defer root.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	o.Wait = 20 * time.Second
	res, err := restore.Run(ctx, other.device, root, o)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, p := range res.Problems {
		r.inSpanish(p.File, p.Sentence())
	}
	for _, m := range res.Missing {
		r.inSpanish(m.What+" "+m.ID, message.Signed(m.Why, m.Message))
	}
	return res
}

// TestRestoreRehearsal: saved, wiped, restored, identical, names and times too.
func TestRestoreRehearsal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		trouble []adbtest.Trouble
	}{
		{"in one go", nil},
		{"through a cut", []adbtest.Trouble{{Kind: adbtest.TroubleCut, Service: "sync:", After: 100, For: 50 * time.Millisecond, Times: 2}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, someFiles)
			for i, name := range hostileNames {
				r.push("/storage/emulated/0/odd/"+name, []byte{byte(i)})
			}
			r.mustRun()
			before, _ := r.manifest()
			files := int64(12 + len(hostileNames))

			wiped := newRig(t, "dir - - 2026-03-01T10:00:00Z /sdcard/DCIM\n", tt.trouble...)
			var would []restore.Action
			dry := restore.Options{DryRun: true, Would: func(a restore.Action) { would = append(would, a) }}
			if res := r.restoreTo(wiped, dry); res.Pushed != files || res.Proved != 0 || int64(len(would)) != files+res.Folders.Made || res.Folders.Made == 0 {
				t.Errorf("dry run %+v with %d actions, want %d files to be sent", res, len(would), files)
			}
			if b := wiped.mustRun(); b.Files.Listed != 0 {
				t.Fatalf("a dry run left %d files", b.Files.Listed)
			}
			if res := r.restoreTo(wiped, restore.Options{}); res.Pushed != files || res.Proved != files || len(res.Problems) > 0 {
				t.Errorf("restored %+v, want %d sent and proved", res, files)
			}
			if b := wiped.mustRun(); b.Files.Proved != files {
				t.Errorf("after the restore %+v", b.Files)
			}
			after, _ := wiped.manifest()
			for path, want := range before {
				got := after[path]
				if got.Type != want.Type || want.Type == manifest.TypeFile && (got.SHA256 != want.SHA256 || got.MTime != want.MTime || got.Size != want.Size) {
					t.Errorf("%q came back as %+v, was %+v", path, got, want)
				}
			}
			if res := r.restoreTo(wiped, restore.Options{}); res.Present != files || res.Pushed != 0 || res.Folders.Made != 0 {
				t.Errorf("a second time %+v, want all there", res)
			}
		})
	}
}

func TestRestoreDoesNotOverwrite(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	r.mustRun()
	other := newRig(t, `text - - 2026-03-01T10:00:01Z /sdcard/Download/plain.txt "HELLO"`+"\n")
	if err := flip(r.host("Music/e.mp3"), 500000); err != nil {
		t.Fatal(err)
	}
	res := r.restoreTo(other, restore.Options{})
	if len(res.Problems) != 2 || res.Proved != 10 || !strings.Contains(res.Problems[0].What+res.Problems[1].What, "other contents") ||
		!strings.Contains(res.Problems[0].What+res.Problems[1].What, "damaged") {
		t.Errorf("got %+v", res)
	}
	if got := other.original("/storage/emulated/0/Download/plain.txt"); string(got) != "HELLO" {
		t.Errorf("overwritten with %q", got)
	}
	r.restoreTo(other, restore.Options{Overwrite: true})
	if got := other.original("/storage/emulated/0/Download/plain.txt"); string(got) != "hello" {
		t.Errorf("not overwritten: %q", got)
	}
}

func TestRestoreWithoutABackup(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, err := restore.Run(t.Context(), r.device, root, restore.Options{}); !errors.Is(err, manifest.ErrNoBackup) {
		t.Errorf("got error %v, want ErrNoBackup", err)
	}
}
