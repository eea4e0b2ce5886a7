package vfs

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"time"
)

// planted plants the files of specs beside those that every handset has.
func planted(t testing.TB, free int64, files ...Spec) *Tree {
	t.Helper()
	for i := range files {
		files[i].MTime = time.Date(2025, time.March, 3, 3, 3, 3, 0, time.UTC)
	}
	made, err := Plant(Layout{SDK: 34, Free: free, Files: files})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// permissionTree plants files that the shell may read and others that it may not.
func permissionTree(t testing.TB) *Tree {
	text := func(s string) Content { return newMemory([]byte(s)) }
	return planted(t, 30<<30,
		Spec{Kind: "text", Mode: 0o600, UID: 10256, GID: 1078, Path: "/sdcard/Android/data/.nomedia", Body: text("")},
		Spec{Kind: "dir", Mode: 0o700, UID: 10231, GID: 1078, Path: "/sdcard/Android/data/private"},
		Spec{Kind: "text", Mode: -1, UID: -1, Path: "/sdcard/a", Body: text("hello")},
		Spec{Kind: "link", Mode: -1, UID: -1, Path: "/loop", Target: "/loop"},
		Spec{Kind: "link", Mode: -1, UID: -1, Path: "/data/local/tmp/up", Target: "../../../sdcard/a"},
		Spec{Kind: "text", Mode: 0o644, UID: -1, Path: "/data/data/com.example/x", Body: text("secret")},
	)
}

func TestTreeErrors(t *testing.T) {
	t.Parallel()
	tree := permissionTree(t)
	long := strings.Repeat("x", 256)
	for _, tt := range []struct {
		name string
		do   func() error
		want Errno
	}{
		{"missing", func() error { _, err := tree.Lstat("/sdcard/none"); return err }, ENOENT},
		{"empty path", func() error { _, err := tree.Lstat(""); return err }, ENOENT},
		{"relative path", func() error { _, err := tree.Lstat("sdcard"); return err }, ENOENT},
		{"below a file", func() error { _, err := tree.Lstat("/sdcard/a/b"); return err }, ENOTDIR},
		{"file with a slash", func() error { _, err := tree.Lstat("/sdcard/a/"); return err }, ENOTDIR},
		{"loop", func() error { _, err := tree.Stat("/loop"); return err }, eLOOP},
		{"long name", func() error { _, err := tree.Lstat("/sdcard/" + long); return err }, eNAMETOOLONG},
		{"denied file", func() error { _, err := tree.Open("/sdcard/Android/data/.nomedia"); return err }, EACCES},
		{"denied folder", func() error { _, err := tree.ReadDir("/sdcard/Android/data/private"); return err }, EACCES},
		{"below a denied folder", func() error { _, err := tree.Lstat("/sdcard/Android/data/private/x"); return err }, EACCES},
		{"app data is not listed", func() error { _, err := tree.ReadDir("/data/data"); return err }, EACCES},
		{"list a file", func() error { _, err := tree.ReadDir("/sdcard/a"); return err }, ENOTDIR},
		{"create in system", func() error { _, err := tree.Create("/system/x", 0o644); return err }, EACCES},
		{"create on a folder", func() error { _, err := tree.Create("/sdcard", 0o644); return err }, EISDIR},
		{"symlink on shared storage", func() error { return tree.Symlink("x", "/sdcard/l") }, ePERM},
		{"mkdir there", func() error { return tree.Mkdir("/sdcard/DCIM", 0o755) }, eEXIST},
		{"remove full folder", func() error { return tree.Remove("/sdcard/Android") }, eNOTEMPTY},
		{"remove root", func() error { return tree.Remove("/") }, EACCES},
		{"rename into itself", func() error { return tree.Rename("/sdcard/Android", "/sdcard/Android/x") }, EINVAL},
		{"chmod of another's", func() error { return tree.Chmod("/system", 0o777) }, ePERM},
	} {
		err := tt.do()
		var pe *fs.PathError
		if !errors.As(err, &pe) || pe.Err != error(tt.want) {
			t.Errorf("%s: got %v, want a *fs.PathError of %q", tt.name, err, tt.want)
		}
	}
}

func TestTreeLinks(t *testing.T) {
	t.Parallel()
	tree := permissionTree(t)
	if got, err := tree.Canonical("/data/local/tmp/up"); err != nil || got != "/storage/emulated/0/a" {
		t.Errorf("canonical: %q, %v", got, err)
	}
	i, err := tree.Lstat("/sdcard")
	if err != nil || !i.IsLink() || i.Target != "/storage/self/primary" {
		t.Errorf("lstat /sdcard: %+v, %v", i, err)
	}
	if i, err := tree.Lstat("/sdcard/"); err != nil || !i.IsDir() {
		t.Errorf("lstat /sdcard/: %+v, %v", i, err)
	}
}

func TestTreeWrites(t *testing.T) {
	t.Parallel()
	tree := permissionTree(t)
	if err := tree.MkdirAll("/sdcard/new/deep", 0o755); err != nil {
		t.Fatal(err)
	}
	w, err := tree.Create("/sdcard/new/deep/f", 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, "written"); err != nil {
		t.Fatal(err)
	}
	mtime := time.Unix(1700000000, 123)
	if err := tree.Chtimes("/sdcard/new/deep/f", mtime, mtime, true); err != nil {
		t.Fatal(err)
	}
	f, err := tree.Open("/sdcard/new/deep/f")
	if err != nil {
		t.Fatal(err)
	}
	// Shared storage gives its own owner and mode, whatever was asked for.
	if i := f.Info(); i.Mode != ModeFile|0o660 || IDName(i.UID)+":"+IDName(i.GID) != "u0_a164:media_rw" || i.Size != 7 || !i.MTime.Equal(mtime) {
		t.Errorf("info %+v (%s:%s)", i, IDName(i.UID), IDName(i.GID))
	}
	if err := tree.Rename("/sdcard/new/deep/f", "/sdcard/a"); err != nil {
		t.Fatal(err)
	}
	if err := tree.Remove("/sdcard/a"); err != nil {
		t.Fatal(err)
	}
	// An open file stays readable when its name is gone.
	b, err := io.ReadAll(io.NewSectionReader(f, 0, 100))
	if string(b) != "written" || err != nil {
		t.Errorf("read %q, %v", b, err)
	}
}

func TestTreeFull(t *testing.T) {
	t.Parallel()
	tree := planted(t, 1<<10)
	w, err := tree.Create("/sdcard/big", 0o644)
	if err != nil {
		t.Fatal(err)
	}
	n, err := w.Write(make([]byte, 2000))
	if n != 1024 || !errors.Is(err, eNOSPC) {
		t.Errorf("wrote %d, %v; want 1024 and ENOSPC", n, err)
	}
	if err := tree.Remove("/sdcard/big"); err != nil {
		t.Fatal(err)
	}
	if got := tree.FreeKB(); got != 1 {
		t.Errorf("free %d KiB after removing, want 1", got)
	}
}

// A generated file reads the same in whatever pieces, and costs no memory.
func TestGeneratedContent(t *testing.T) {
	t.Parallel()
	g := Generate(5<<30, 3)
	whole := make([]byte, 4096)
	if _, err := g.ReadAt(whole, 1<<32-100); err != nil {
		t.Fatal(err)
	}
	for _, step := range []int{1, 3, 7, 8, 1000} {
		var pieces []byte
		for at := 0; at < len(whole); at += step {
			b := make([]byte, min(step, len(whole)-at))
			if _, err := g.ReadAt(b, 1<<32-100+int64(at)); err != nil {
				t.Fatal(err)
			}
			pieces = append(pieces, b...)
		}
		if !bytes.Equal(pieces, whole) {
			t.Errorf("pieces of %d differ", step)
		}
	}
	if n, err := g.ReadAt(whole, 5<<30-10); n != 10 || err != io.EOF {
		t.Errorf("at the end: %d, %v", n, err)
	}
	other := make([]byte, 4096)
	_, _ = Generate(5<<30, 4).ReadAt(other, 1<<32-100)
	if bytes.Equal(other, whole) {
		t.Error("two seeds give the same bytes")
	}
}

// However large the storage, written data is kept in memory and is bounded.
// Removing makes room again.
func TestTreeFullOfWritten(t *testing.T) {
	t.Parallel()
	tree := planted(t, 30<<30)
	tree.written = maxWritten - 10
	write := func(name string, size int) error {
		w, err := tree.Create(name, 0o644)
		if err != nil {
			return err
		}
		_, err = w.Write(make([]byte, size))
		return err
	}
	if err := write("/sdcard/large", 100); !errors.Is(err, eNOSPC) {
		t.Errorf("writing more than there is room for: %v", err)
	}
	if err := tree.Remove("/sdcard/large"); err != nil {
		t.Error(err)
	}
	if err := write("/sdcard/small", 10); err != nil {
		t.Error(err)
	}
	if err := tree.Remove("/sdcard/small"); err != nil {
		t.Error(err)
	}
	if got := tree.written; got != maxWritten-10 {
		t.Errorf("%d bytes count as written, want what there were", got)
	}
}

func TestTreeHooks(t *testing.T) {
	t.Parallel()
	tree := permissionTree(t)
	var asked []string
	tree.Hooks = Hooks{
		Access: func(op, path string) Errno {
			asked = append(asked, op+" "+path)
			if op == "open" {
				return EACCES
			}
			return 0
		},
		Info: func(_ string, i *Info) { i.Size++ },
	}
	if _, err := tree.Open("/sdcard/a"); !errors.Is(err, EACCES) {
		t.Errorf("open: %v", err)
	}
	if i, err := tree.Stat("/sdcard/a"); err != nil || i.Size != 6 {
		t.Errorf("stat: %+v, %v", i, err)
	}
	if want := "open /storage/emulated/0/a,stat /storage/emulated/0/a"; strings.Join(asked, ",") != want {
		t.Errorf("asked %q, want %q", asked, want)
	}
}

func TestAndroidNames(t *testing.T) {
	t.Parallel()
	for id, name := range map[uint32]string{0: "root", 2000: "shell", 1023: "media_rw", 10256: "u0_a256", 1010164: "u10_a164", 5: "5"} {
		if got := IDName(id); got != name {
			t.Errorf("idName(%d) = %q, want %q", id, got, name)
		}
		if got, ok := IDOf(name); got != id || !ok {
			t.Errorf("idOf(%q) = %d, %t", name, got, ok)
		}
	}
	if _, ok := IDOf("nobody_here"); ok {
		t.Error("an unknown name was taken")
	}
}
