package adbtest

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
func planted(t testing.TB, free int64, files ...spec) *tree {
	t.Helper()
	uid, gid := sharedOwner(34)
	for i := range files {
		files[i].mtime = time.Date(2025, time.March, 3, 3, 3, 3, 0, time.UTC)
	}
	made, err := plantTree(layout{sdk: 34, free: free, uid: uid, gid: gid, files: files})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// permissionTree plants files that the shell may read and others that it may not.
func permissionTree(t testing.TB) *tree {
	text := func(s string) content { return newMemory([]byte(s)) }
	return planted(t, 30<<30,
		spec{kind: "text", mode: 0o600, uid: 10256, gid: 1078, path: "/sdcard/Android/data/.nomedia", body: text("")},
		spec{kind: "dir", mode: 0o700, uid: 10231, gid: 1078, path: "/sdcard/Android/data/private"},
		spec{kind: "text", mode: -1, uid: -1, path: "/sdcard/a", body: text("hello")},
		spec{kind: "link", mode: -1, uid: -1, path: "/loop", target: "/loop"},
		spec{kind: "link", mode: -1, uid: -1, path: "/data/local/tmp/up", target: "../../../sdcard/a"},
		spec{kind: "text", mode: 0o644, uid: -1, path: "/data/data/com.example/x", body: text("secret")},
	)
}

func TestTreeErrors(t *testing.T) {
	t.Parallel()
	tree := permissionTree(t)
	long := strings.Repeat("x", 256)
	for _, tt := range []struct {
		name string
		do   func() error
		want errno
	}{
		{"missing", func() error { _, err := tree.lstat("/sdcard/none"); return err }, eNOENT},
		{"empty path", func() error { _, err := tree.lstat(""); return err }, eNOENT},
		{"relative path", func() error { _, err := tree.lstat("sdcard"); return err }, eNOENT},
		{"below a file", func() error { _, err := tree.lstat("/sdcard/a/b"); return err }, eNOTDIR},
		{"file with a slash", func() error { _, err := tree.lstat("/sdcard/a/"); return err }, eNOTDIR},
		{"loop", func() error { _, err := tree.stat("/loop"); return err }, eLOOP},
		{"long name", func() error { _, err := tree.lstat("/sdcard/" + long); return err }, eNAMETOOLONG},
		{"denied file", func() error { _, err := tree.open("/sdcard/Android/data/.nomedia"); return err }, eACCES},
		{"denied folder", func() error { _, err := tree.readDir("/sdcard/Android/data/private"); return err }, eACCES},
		{"below a denied folder", func() error { _, err := tree.lstat("/sdcard/Android/data/private/x"); return err }, eACCES},
		{"app data is not listed", func() error { _, err := tree.readDir("/data/data"); return err }, eACCES},
		{"list a file", func() error { _, err := tree.readDir("/sdcard/a"); return err }, eNOTDIR},
		{"create in system", func() error { _, err := tree.create("/system/x", 0o644); return err }, eACCES},
		{"create on a folder", func() error { _, err := tree.create("/sdcard", 0o644); return err }, eISDIR},
		{"symlink on shared storage", func() error { return tree.symlink("x", "/sdcard/l") }, ePERM},
		{"mkdir there", func() error { return tree.mkdir("/sdcard/DCIM", 0o755) }, eEXIST},
		{"remove full folder", func() error { return tree.remove("/sdcard/Android") }, eNOTEMPTY},
		{"remove root", func() error { return tree.remove("/") }, eACCES},
		{"rename into itself", func() error { return tree.rename("/sdcard/Android", "/sdcard/Android/x") }, eINVAL},
		{"chmod of another's", func() error { return tree.chmod("/system", 0o777) }, ePERM},
	} {
		err := tt.do()
		var pe *fs.PathError
		if !errors.As(err, &pe) || pe.Err != error(tt.want) {
			t.Errorf("%s: got %v, want a *fs.PathError of %q", tt.name, err, tt.want)
		}
	}
	if _, err := tree.lstat("/sdcard/none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not fs.ErrNotExist", err)
	}
	if _, err := tree.readDir("/data/data"); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("%v is not fs.ErrPermission", err)
	}
}

func TestTreeLinks(t *testing.T) {
	t.Parallel()
	tree := permissionTree(t)
	if got, err := tree.canonical("/data/local/tmp/up"); err != nil || got != "/storage/emulated/0/a" {
		t.Errorf("canonical: %q, %v", got, err)
	}
	i, err := tree.lstat("/sdcard")
	if err != nil || !i.isLink() || i.target != "/storage/self/primary" {
		t.Errorf("lstat /sdcard: %+v, %v", i, err)
	}
	if i, err := tree.lstat("/sdcard/"); err != nil || !i.isDir() {
		t.Errorf("lstat /sdcard/: %+v, %v", i, err)
	}
	if got := i.modeString(); got != "lrwxrwxrwx" {
		t.Errorf("mode %q", got)
	}
}

func TestTreeWrites(t *testing.T) {
	t.Parallel()
	tree := permissionTree(t)
	if err := tree.mkdirAll("/sdcard/new/deep", 0o755); err != nil {
		t.Fatal(err)
	}
	w, err := tree.create("/sdcard/new/deep/f", 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, "written"); err != nil {
		t.Fatal(err)
	}
	mtime := time.Unix(1700000000, 123)
	if err := tree.chtimesAs("/sdcard/new/deep/f", mtime, mtime, true); err != nil {
		t.Fatal(err)
	}
	f, err := tree.open("/sdcard/new/deep/f")
	if err != nil {
		t.Fatal(err)
	}
	// Shared storage gives its own owner and mode, whatever was asked for.
	if i := f.info(); i.mode != modeFile|0o660 || idName(i.uid)+":"+idName(i.gid) != "u0_a164:media_rw" || i.size != 7 || !i.mtime.Equal(mtime) {
		t.Errorf("info %+v (%s:%s)", i, idName(i.uid), idName(i.gid))
	}
	if err := tree.rename("/sdcard/new/deep/f", "/sdcard/a"); err != nil {
		t.Fatal(err)
	}
	if err := tree.remove("/sdcard/a"); err != nil {
		t.Fatal(err)
	}
	// What is open stays readable when its name is gone.
	b, err := io.ReadAll(io.NewSectionReader(f, 0, 100))
	if string(b) != "written" || err != nil {
		t.Errorf("read %q, %v", b, err)
	}
}

func TestTreeFull(t *testing.T) {
	t.Parallel()
	tree := planted(t, 1<<10)
	w, err := tree.create("/sdcard/big", 0o644)
	if err != nil {
		t.Fatal(err)
	}
	n, err := w.Write(make([]byte, 2000))
	if n != 1024 || !errors.Is(err, eNOSPC) {
		t.Errorf("wrote %d, %v; want 1024 and ENOSPC", n, err)
	}
	if err := tree.remove("/sdcard/big"); err != nil {
		t.Fatal(err)
	}
	if got := tree.freeKB(); got != 1 {
		t.Errorf("free %d KiB after removing, want 1", got)
	}
}

// A generated file reads the same in whatever pieces, and costs no memory.
func TestGeneratedContent(t *testing.T) {
	t.Parallel()
	g := generate(5<<30, 3)
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
	_, _ = generate(5<<30, 4).ReadAt(other, 1<<32-100)
	if bytes.Equal(other, whole) {
		t.Error("two seeds give the same bytes")
	}
}

// However large the storage, what is written is kept in memory and is bounded.
// Removing makes room again.
func TestTreeFullOfWritten(t *testing.T) {
	t.Parallel()
	tree := planted(t, 30<<30)
	tree.written = maxWritten - 10
	write := func(name string, size int) error {
		w, err := tree.create(name, 0o644)
		if err != nil {
			return err
		}
		_, err = w.Write(make([]byte, size))
		return err
	}
	if err := write("/sdcard/large", 100); !errors.Is(err, eNOSPC) {
		t.Errorf("writing more than there is room for: %v", err)
	}
	if err := tree.remove("/sdcard/large"); err != nil {
		t.Error(err)
	}
	if err := write("/sdcard/small", 10); err != nil {
		t.Error(err)
	}
	if err := tree.remove("/sdcard/small"); err != nil {
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
	tree.setHooks(treeHooks{
		access: func(op, path string) errno {
			asked = append(asked, op+" "+path)
			if op == "open" {
				return eACCES
			}
			return 0
		},
		info: func(_ string, i *info) { i.size++ },
	})
	if _, err := tree.open("/sdcard/a"); !errors.Is(err, eACCES) {
		t.Errorf("open: %v", err)
	}
	if i, err := tree.stat("/sdcard/a"); err != nil || i.size != 6 {
		t.Errorf("stat: %+v, %v", i, err)
	}
	if want := "open /storage/emulated/0/a,stat /storage/emulated/0/a"; strings.Join(asked, ",") != want {
		t.Errorf("asked %q, want %q", asked, want)
	}
}

func TestAndroidNames(t *testing.T) {
	t.Parallel()
	for id, name := range map[uint32]string{0: "root", 2000: "shell", 1023: "media_rw", 10256: "u0_a256", 1010164: "u10_a164", 5: "5"} {
		if got := idName(id); got != name {
			t.Errorf("idName(%d) = %q, want %q", id, got, name)
		}
		if got, ok := idOf(name); got != id || !ok {
			t.Errorf("idOf(%q) = %d, %t", name, got, ok)
		}
	}
	if _, ok := idOf("nobody_here"); ok {
		t.Error("an unknown name was taken")
	}
}
