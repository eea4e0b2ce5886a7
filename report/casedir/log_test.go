package casedir

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preship/report/safefile"
)

// A line that cannot be appended, in a record that cannot be truncated, may stay
// incomplete: nothing is entered behind it until the case is opened again.
func TestRecordStopsWhereItCannotCutBack(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	record(t, c, sampleEntry("one", "1"))
	name, aside := filepath.Join(c.Dir(), LogName), filepath.Join(t.TempDir(), "log")
	whole := readFile(t, c, LogName)
	if err := errors.Join(os.Rename(name, aside), os.Mkdir(name, 0o700)); err != nil {
		t.Fatal(err)
	}
	_, first := c.Record(sampleEntry("two", "2"))
	if first == nil {
		t.Fatal("entered a line into a folder")
	}
	// The disk is as it was, but its contents are no longer known.
	if err := errors.Join(os.Remove(name), os.Rename(aside, name)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := c.Record(sampleEntry("three", "3")); err == nil {
			t.Error("entered a line behind one that may be torn")
		}
	}
	if got := readFile(t, c, LogName); got != whole {
		t.Errorf("the record became %q, want %q", got, whole)
	}
	c = reopen(t, c)
	if got, want := record(t, c, sampleEntry("four", "4")), "evidence/0002-four.txt"; got != want {
		t.Errorf("opened again: ref %q, want %q", got, want)
	}
}

// One line of a record, and a whole record, have limits that reading and writing share.
func TestLogLineLimit(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", maxLogLine-1)
	for _, tt := range []struct {
		name, in string
		want     error
	}{
		{"at the limit, and no record", long + "\n", ErrBrokenLog},
		{"one byte more", long + "x\n", safefile.ErrTooLarge},
	} {
		_, err := readLog(strings.NewReader(tt.in), "PS-1", nil)
		if !errors.Is(err, tt.want) || errors.Is(err, safefile.ErrTooLarge) != (tt.want == safefile.ErrTooLarge) {
			t.Errorf("%s: error %v, want %v", tt.name, err, tt.want)
		}
	}
	// The longest line that Record accepts is read again; one byte more is refused.
	c := newCase(t)
	e := sampleEntry("long", "x")
	room := 0
	for range 2 { // the first round measures everything but the line sent
		e.Line = strings.Repeat("a", room)
		ref, err := c.Record(e)
		if err != nil {
			t.Fatalf("a line of %d bytes sent: %v", len(e.Line), err)
		}
		if ref == "" {
			t.Fatal("no ref")
		}
		lines := strings.SplitAfter(readFile(t, c, LogName), "\n")
		room = maxLogLine - 1 - (len(lines[len(lines)-2]) - 1) + len(e.Line)
	}
	e.Line = strings.Repeat("a", room+1)
	if _, err := c.Record(e); !errors.Is(err, safefile.ErrTooLarge) {
		t.Errorf("one byte more: error %v, want %v", err, safefile.ErrTooLarge)
	}
	reopen(t, c)
}
