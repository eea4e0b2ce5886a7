package casedir

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// An answer counts as recorded only after fsync succeeded. A pipe takes the line and
// refuses that.
func TestRecordAsksTheDisk(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	name := filepath.Join(c.Dir(), LogName)
	if err := errors.Join(os.Mkdir(filepath.Dir(name), 0o700), syscall.Mkfifo(name, 0o600)); err != nil {
		t.Fatal(err)
	}
	pipe, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	if ref, err := c.Record(sampleEntry("one", "1")); !errors.Is(err, syscall.EINVAL) || ref != "" {
		t.Errorf("ref %q, error %v; want that of fsync, %v", ref, err, syscall.EINVAL)
	}
}
