package unpack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preship/backup/disk"
	"preship/backup/manifest"
)

const taken = 1772359200 // a time on the handset

// saved makes a backup by hand: its files by their path on the handset. An item begins with
// "items/".
func saved(t *testing.T, files map[string]string, more ...manifest.Entry) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	entries, m := more, &manifest.Manifest{Head: manifest.Head{Schema: manifest.Schema}}
	for name, text := range files {
		sum := sha256.Sum256([]byte(text))
		host := "backup/" + strings.TrimPrefix(name, "/")
		e := manifest.Entry{Host: host, Type: manifest.TypeFile, Status: manifest.StatusProved, Mode: "100660", Size: int64(len(text)), MTime: taken, SHA256: hex.EncodeToString(sum[:])}
		e.SetPath([]byte(name))
		if strings.HasPrefix(name, "items/") {
			m.Items = append(m.Items, manifest.Item{File: host, Size: e.Size, SHA256: e.SHA256})
		} else {
			entries = append(entries, e)
		}
		host = strings.ReplaceAll(host, ":", "_")
		if err := errors.Join(root.MkdirAll(filepath.Dir(host), 0o700), root.WriteFile(host, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range entries {
		entries[i].Host = strings.ReplaceAll(entries[i].Host, ":", "_")
	}
	m.Entries = int64(len(entries))
	if err := manifest.Write(root, m, slices.Values(entries)); err != nil {
		t.Fatal(err)
	}
	return root
}

const (
	photo = "/storage/emulated/0/DCIM/a:b.jpg"
	song  = "/storage/6132-3A29/Music/song.mp3"
	page  = "items/messages.html"
)

func everything() map[string]string {
	return map[string]string{photo: "photo", song: "a song", page: `<a href="mms/7.jpg">`, "items/mms/7.jpg": "picture", "items/contacts.vcf": "BEGIN:VCARD"}
}

func run(t *testing.T, root *os.Root, dir string, o Options) Result {
	t.Helper()
	res, err := Run(context.Background(), root, dir, o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, partsDir)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s stays: %v", partsDir, err)
	}
	return res
}

func TestRun(t *testing.T) {
	t.Parallel()
	empty := manifest.Entry{Path: "/storage/emulated/0/Empty", Type: manifest.TypeDir, Status: manifest.StatusRecorded, Mode: "40771", MTime: taken}
	lost := manifest.Entry{Path: "/storage/emulated/0/lost.jpg", Type: manifest.TypeFile, Status: manifest.StatusUnreadable, Size: 7}
	root, dir := saved(t, everything(), empty, lost), t.TempDir()
	res := run(t, root, dir, Options{})
	if res.Files != 5 || res.Written != 5 || res.NotSaved != 1 || res.Folders != 1 || res.Undated != 0 || len(res.Problems) != 0 {
		t.Errorf("%+v", res)
	}
	for name, text := range everything() {
		file := filepath.Join(dir, name)
		got, err := os.ReadFile(file)
		if err != nil || string(got) != text {
			t.Errorf("%s: %q, %v", name, got, err)
			continue
		}
		if fi, err := os.Stat(file); err != nil || name[0] == '/' && fi.ModTime().Unix() != taken {
			t.Errorf("%s is of %v, want the time on the handset", name, fi.ModTime())
		}
	}
	if fi, err := os.Stat(filepath.Join(dir, empty.Path)); err != nil || fi.ModTime().Unix() != taken {
		t.Errorf("the empty folder: %v", err)
	}

	// Another run continues, and leaves what a person changed.
	if err := errors.Join(os.Remove(filepath.Join(dir, song)), os.WriteFile(filepath.Join(dir, photo), []byte("PHOTO"), 0o600)); err != nil {
		t.Fatal(err)
	}
	res = run(t, root, dir, Options{})
	if res.Present != 3 || res.Written != 1 || len(res.Problems) != 1 || !strings.Contains(res.Problems[0].File, "a:b.jpg") {
		t.Errorf("again: %+v", res)
	}
	if b, err := os.ReadFile(filepath.Join(dir, photo)); string(b) != "PHOTO" {
		t.Errorf("overwritten: %q, %v", b, err)
	}
}

func TestRunSome(t *testing.T) {
	t.Parallel()
	root := saved(t, everything())
	for _, tt := range []struct {
		names []string
		want  []string
	}{
		{[]string{"/sdcard/DCIM"}, []string{photo}},
		{[]string{"*.mp3", "contacts.vcf"}, []string{song, "items/contacts.vcf"}},
		{[]string{"messages.html"}, []string{page, "items/mms/7.jpg"}},
		{[]string{"messages"}, []string{page, "items/mms/7.jpg"}},
		{[]string{"files"}, []string{photo, song}},
		{[]string{"backup/items/contacts.vcf"}, []string{"items/contacts.vcf"}},
	} {
		dir := t.TempDir()
		if res := run(t, root, dir, Options{Names: tt.names}); res.Written != int64(len(tt.want)) || res.Files != res.Written {
			t.Errorf("%q: %+v", tt.names, res)
		}
		for _, name := range tt.want {
			if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
				t.Errorf("%q: %v", tt.names, err)
			}
		}
	}
	dir := t.TempDir()
	if _, err := Run(context.Background(), root, dir, Options{Names: []string{"/sdcard/DCIM", "/sdcard/Movies"}}); !errors.Is(err, ErrNothing) || !strings.Contains(err.Error(), "Movies") {
		t.Errorf("what the backup does not hold: %v", err)
	}
	if list, _ := os.ReadDir(dir); len(list) > 0 {
		t.Errorf("%v was written although a name is wrong", list)
	}
}

// A damaged copy, and what the disk cannot hold, is named, and the rest is opened.
func TestRunNamesProblems(t *testing.T) {
	t.Parallel()
	root := saved(t, everything())
	if err := root.WriteFile("backup"+song, []byte("a sonG"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	o := Options{system: func(string) disk.FileSystem { return disk.FileSystem{Name: "FAT32", Largest: 12, Windows: true} }}
	res := run(t, root, dir, o)
	if res.Written != 3 || len(res.Problems) != 2 || !strings.Contains(res.Problems[0].File+res.Problems[1].File, "song.mp3") {
		t.Errorf("%+v", res)
	}
	if _, err := os.Stat(filepath.Join(dir, song)); err == nil {
		t.Error("a damaged copy got its name")
	}
	want := Renamed{Path: photo, File: "storage/emulated/0/DCIM/a%3Ab.jpg"}
	if len(res.Renamed) != 1 || res.Renamed[0] != want {
		t.Errorf("renamed %+v, want %+v", res.Renamed, want)
	}
	if _, err := os.Stat(filepath.Join(dir, want.File)); err != nil {
		t.Error(err)
	}
}

func TestRunChecksTheSpaceFirst(t *testing.T) {
	t.Parallel()
	root, dir := saved(t, everything()), t.TempDir()
	o := Options{free: func(string) (int64, error) { return disk.LeastSpace + 1, nil }}
	if _, err := Run(context.Background(), root, dir, o); !errors.Is(err, disk.ErrNoSpace) {
		t.Errorf("a full disk: %v", err)
	}
	if list, _ := os.ReadDir(dir); len(list) > 0 {
		t.Errorf("%v was written", list)
	}
	run(t, root, dir, Options{})
	run(t, root, dir, o) // needs no space
}

// Anyone may have written the manifest: nothing goes outside of the folder.
func TestRunStaysInside(t *testing.T) {
	t.Parallel()
	sum := sha256.Sum256([]byte("photo"))
	outside := manifest.Entry{Path: "/../../outside", Host: "backup/storage/emulated/0/DCIM/a_b.jpg", Type: manifest.TypeFile, Status: manifest.StatusProved, Size: 5, SHA256: hex.EncodeToString(sum[:])}
	link := outside
	link.Path = "/storage/link/x"
	root, parent := saved(t, everything(), outside, link), t.TempDir()
	dir := filepath.Join(parent, "a", "b")
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, "storage"), 0o700), os.Symlink(parent, filepath.Join(dir, "storage", "link"))); err != nil {
		t.Skip(err)
	}
	res := run(t, root, dir, Options{})
	if res.Written != 5 || len(res.Problems) != 1 {
		t.Errorf("%+v", res)
	}
	if list, _ := os.ReadDir(parent); len(list) != 1 {
		t.Errorf("%v in the folder above", list)
	}
}

func TestRunStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(context.Background())
	stop := errors.New("stop")
	cancel(stop)
	dir := t.TempDir()
	if _, err := Run(ctx, saved(t, everything()), dir, Options{}); !errors.Is(err, stop) {
		t.Error(err)
	}
}
