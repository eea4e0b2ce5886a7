package hold

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestHold(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "not", "there")
	first, err := Take(dir, "a")
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Note("/cases/PS-1"); err != nil {
		t.Fatal(err)
	}
	if _, err := Take(dir, "a"); !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), "case /cases/PS-1") {
		t.Errorf("taken twice: %v, want ErrBusy and the case", err)
	}
	other, err := Take(dir, "b")
	if err != nil {
		t.Errorf("another handset: %v", err)
	}
	for _, h := range []*Hold{first, other} {
		if err := h.Release(); err != nil {
			t.Error(err)
		}
	}
	again, err := Take(dir, "a")
	if err != nil {
		t.Fatalf("after it was released: %v", err)
	}
	defer again.Release()
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 {
		t.Errorf("%d files in the folder, want only that of the handset still held", len(left))
	}
}
