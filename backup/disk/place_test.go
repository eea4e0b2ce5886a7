package disk

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"
)

// Files are placed in more folders than stay open, and in a folder that was deleted
// meanwhile.
func TestPlaceInManyFolders(t *testing.T) {
	t.Parallel()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	s, err := OpenStore(root, nil)
	if err != nil {
		t.Fatal(err)
	}
	place := func(host, text string) {
		t.Helper()
		p, err := s.Begin(int64(len(text)), true, sha256.New())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Close(0); err != nil {
			t.Fatal(err)
		}
		if err := p.Place(host); err != nil {
			t.Fatal(err)
		}
		if got, err := root.ReadFile(host); err != nil || !bytes.Equal(got, []byte(text)) {
			t.Fatalf("%s holds %q (%v), want %q", host, got, err, text)
		}
	}
	for k := range 100 {
		place(fmt.Sprintf("backup/storage/folder-%d/a", k%40), fmt.Sprint(k))
	}
	place("backup/storage/folder-39/a", "its folder stays open")
	if err := root.RemoveAll("backup/storage/folder-39"); err != nil {
		t.Fatal(err)
	}
	place("backup/storage/folder-39/b", "made again")
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := root.Stat(PartsDir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the parts are still there: %v", err)
	}
}
