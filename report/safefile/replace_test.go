package safefile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func openRoot(t *testing.T) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

func TestReplaceKeepsTheOldFileWhenWritingFails(t *testing.T) {
	t.Parallel()
	root := openRoot(t)
	if err := Write(root, "f", []byte("old")); err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk full")
	err := Replace(root, "f", func(w io.Writer) error {
		_, _ = w.Write([]byte("ne"))
		return full
	})
	if !errors.Is(err, full) {
		t.Errorf("error %v, want %v", err, full)
	}
	if b, err := Read(In(root), "f", 10); string(b) != "old" || err != nil {
		t.Errorf("the file holds %q, %v", b, err)
	}
	if _, err := root.Lstat("f" + TempSuffix); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the temporary file: error %v", err)
	}
}

func TestReplaceAfterACrash(t *testing.T) {
	t.Parallel()
	root := openRoot(t)
	if err := root.WriteFile("f"+TempSuffix, []byte("longer than the new bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Write(root, "f", []byte("new")); err != nil {
		t.Fatal(err)
	}
	if b, err := Read(In(root), "f", 10); string(b) != "new" || err != nil {
		t.Errorf("the file holds %q, %v", b, err)
	}
}

func TestRemoveTemps(t *testing.T) {
	t.Parallel()
	root := openRoot(t)
	for _, name := range []string{"kept", "left" + TempSuffix} {
		if err := root.WriteFile(name, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := root.Mkdir("folder"+TempSuffix, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := RemoveTemps(root, "."); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"kept": true, "left" + TempSuffix: false, "folder" + TempSuffix: true} {
		if _, err := root.Lstat(name); (err == nil) != want {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if err := RemoveTemps(root, "gone"); err != nil {
		t.Errorf("a missing folder: error %v", err)
	}
	if err := Remove(root, "gone"); err != nil {
		t.Errorf("a missing file: error %v", err)
	}
}

func TestReadIsBounded(t *testing.T) {
	t.Parallel()
	root := openRoot(t)
	if err := Write(root, "f", []byte("12345")); err != nil {
		t.Fatal(err)
	}
	if b, err := Read(In(root), "f", 5); string(b) != "12345" || err != nil {
		t.Errorf("as many bytes as allowed: %q, %v", b, err)
	}
	if b, err := Read(In(root), "f", 4); !errors.Is(err, ErrTooLarge) || b != nil {
		t.Errorf("one byte more than allowed: %q, %v", b, err)
	}
	if err := os.Symlink("f", filepath.Join(root.Name(), "link")); err != nil {
		t.Skip(err)
	}
	if _, err := Read(In(root), "link", 5); !errors.Is(err, ErrNotRegular) {
		t.Errorf("a link: error %v", err)
	}
}
