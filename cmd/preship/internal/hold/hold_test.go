package hold

import (
	"errors"
	"os"
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
	if err := first.Note(Note{Case: "/cases/PS-1", Page: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := Take(dir, "a"); !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), "case /cases/PS-1") {
		t.Errorf("taken twice: %v, want ErrBusy and the case", err)
	}
	if h := (*Holder)(nil); !errors.As(Look(dir, "a"), &h) || h.Note != (Note{"/cases/PS-1", true, os.Getpid()}) || !errors.Is(h, ErrPage) {
		t.Errorf("who looks is shown %+v", h)
	}
	if h := OfCase(dir, "/cases/PS-1"); h == nil || h.PID != os.Getpid() {
		t.Errorf("the holder of the case is %+v", h)
	}
	if h := OfCase(dir, "/cases/PS-2"); h != nil {
		t.Errorf("the holder of another case is %+v", h)
	}
	if err := Look(dir, "b"); err != nil {
		t.Errorf("a look at another handset: %v", err)
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
