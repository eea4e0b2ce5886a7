package backup_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preship/adb/adbtest"
	"preship/backup"
	"preship/backup/manifest"
	"preship/backup/selection"
)

func TestCheckNamesDefects(t *testing.T) {
	t.Parallel()
	const at = "backup/storage/emulated/0/"
	for _, tt := range []struct {
		name   string
		spoil  func(r *rig) error
		file   string
		what   string
		bySize bool // found without reading contents too
	}{
		{"bit flipped", func(r *rig) error { return flip(r.host("Music/e.mp3"), 500000) }, at + "Music/e.mp3", "SHA-256", false},
		{"cut short", func(r *rig) error { return os.Truncate(r.host("Music/e.mp3"), 999999) }, at + "Music/e.mp3", "999999 bytes", true},
		{"grown", func(r *rig) error { return os.Truncate(r.host("Download/none.bin"), 1) }, at + "Download/none.bin", "1 bytes", true},
		{"missing", func(r *rig) error { return os.Remove(r.host("Music/f.mp3")) }, at + "Music/f.mp3", "missing", true},
		{"empty folder missing", func(r *rig) error { return os.Remove(r.host("DCIM/Empty")) }, at + "DCIM/Empty", "missing", true},
		{"extra", func(r *rig) error { return os.WriteFile(r.host("DCIM/Empty/new\xff"), nil, 0o600) }, at + `DCIM/Empty/new\xff`, "extra", true},
		{"a link in its place", func(r *rig) error {
			return errors.Join(os.Rename(r.host("Music/f.mp3"), filepath.Join(r.dir, "f")), os.Symlink(filepath.Join(r.dir, "f"), r.host("Music/f.mp3")))
		}, at + "Music/f.mp3", "not a regular file", true},
		{"a folder in its place", func(r *rig) error {
			return errors.Join(os.Remove(r.host("Music/f.mp3")), os.Mkdir(r.host("Music/f.mp3"), 0o700))
		}, at + "Music/f.mp3", "not a regular file", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, someFiles)
			r.mustRun()
			if err := tt.spoil(r); err != nil {
				t.Fatal(err)
			}
			for read, seen := range map[bool]bool{true: true, false: tt.bySize} {
				res := r.check(read)
				if !seen && len(res.Problems) == 0 {
					continue
				}
				if len(res.Problems) != 1 || res.Problems[0].File != tt.file || !strings.Contains(res.Problems[0].What, tt.what) {
					t.Errorf("read %v: problems %+v, want one of %s: %s", read, res.Problems, tt.file, tt.what)
				}
			}
			// The next run reads a damaged file from the handset again.
			if err := os.RemoveAll(r.host("DCIM/Empty")); err != nil {
				t.Fatal(err)
			}
			if tt.name == "a folder in its place" {
				return
			}
			if b := r.mustRun(); b.Files.Proved != 12 {
				t.Errorf("repaired: files %+v, want 12 proved", b.Files)
			}
			r.identical()
		})
	}
}

// TestCheckRefusesAManifestThatIsNoFile: a named pipe in its place would block forever.
func TestCheckRefusesAManifestThatIsNoFile(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	r.mustRun()
	name := filepath.Join(r.dir, manifest.Name)
	if err := errors.Join(os.Rename(name, name+"2"), os.Symlink(manifest.Name+"2", name)); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if res, err := backup.Check(root, false); err == nil || errors.Is(err, manifest.ErrNoBackup) {
		t.Errorf("checked it: %+v, %v", res, err)
	}
}

func flip(name string, at int) error {
	b, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	b[at] ^= 4
	return os.WriteFile(name, b, 0o600)
}

func TestCheckWithoutABackup(t *testing.T) {
	t.Parallel()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, err := backup.Check(root, true); !errors.Is(err, manifest.ErrNoBackup) {
		t.Errorf("empty folder: got error %v, want ErrNoBackup", err)
	}
	if err := root.WriteFile(manifest.Name, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Check(root, true); !errors.Is(err, manifest.ErrDamaged) {
		t.Errorf("empty manifest: got error %v, want ErrManifest", err)
	}
}

// TestRunUnderWindowsRules: in a backup with changed names no two files have the same
// path, and journal and manifest have the handset's name of each.
func TestRunUnderWindowsRules(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	names := append([]string{"Case", "case", "CASE"}, hostileNames...)
	for i, name := range names {
		r.push("/storage/emulated/0/odd/"+name+"/file.", []byte{byte(i)})
	}
	r.options = backup.UnderWindows(r.options)
	want := int64(12 + len(names))
	for range 2 { // the second time from the journal
		if b := r.mustRun(); b.Files.Proved != want {
			t.Fatalf("files %+v, want %d proved: %+v", b.Files, want, b.Findings)
		}
		r.options = backup.UnderWindows(r.options)
	}
	if n := r.hashes(); n == 0 {
		t.Error("no hashes were asked for")
	}
	entries, _ := r.manifest()
	seen := map[string]string{}
	for i, name := range names {
		e := entries["/storage/emulated/0/odd/"+name+"/file."]
		if got, err := os.ReadFile(filepath.Join(r.dir, filepath.FromSlash(e.Host))); err != nil || !bytes.Equal(got, []byte{byte(i)}) {
			t.Errorf("%q is stored at %q: %v %v", name, e.Host, got, err)
		}
		if other, ok := seen[backup.FoldedPath(e.Host)]; ok {
			t.Errorf("%q and %q lie at %q", name, other, e.Host)
		}
		seen[backup.FoldedPath(e.Host)] = name
		if strings.ContainsAny(e.Host, "<>:\"|?*\\\n\t") || strings.HasSuffix(e.Host, ".") {
			t.Errorf("%q is stored at %q, which Windows cannot hold", name, e.Host)
		}
	}
}

// TestCheckSaysWhetherAllWasSaved: the saved data is whole, and not all that the handset had.
func TestCheckSaysWhetherAllWasSaved(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles, adbtest.Trouble{Kind: adbtest.TroubleDeny, Path: photo})
	take, err := selection.Parse(nil, []string{"e.mp*", "calls"})
	if err != nil {
		t.Fatal(err)
	}
	r.options.Take = take
	r.mustRun()
	if res := r.check(true); res.NotSaved != 1 || res.LeftOut != 2 || len(res.Problems) != 0 {
		t.Errorf("%+v, want 1 not saved, 2 left out and no problem", res)
	}
}
