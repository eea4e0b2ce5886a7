package safefile_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"preship/report/safefile"
)

// A lock keeps others from the lock and not from the bytes, and can be taken again
// once it is given back.
func TestLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	if err := os.WriteFile(path, []byte("who has it"), 0o600); err != nil {
		t.Fatal(err)
	}
	open := func() *os.File {
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	first, second := open(), open()
	if err := safefile.Lock(first); err != nil {
		t.Fatal(err)
	}
	if err := safefile.Lock(second); !errors.Is(err, safefile.ErrLocked) {
		t.Errorf("the lock of a locked file: error %v, want %v", err, safefile.ErrLocked)
	}
	if b, err := os.ReadFile(path); string(b) != "who has it" || err != nil {
		t.Errorf("a locked file reads %q, %v", b, err)
	}
	if err := safefile.Unlock(first); err != nil {
		t.Fatal(err)
	}
	if err := safefile.Lock(second); err != nil {
		t.Errorf("the lock that was given back: %v", err)
	}
}
