package casedir

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preship/report"
	"preship/report/safefile"
)

func TestRecord(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	raw := "[ro.x]: [\x00\xff\x1b[31m]\r\n"
	if got, want := record(t, c, sampleEntry("GetProp", raw)), "evidence/0001-getprop.txt"; got != want {
		t.Errorf("ref = %q, want %q", got, want)
	}
	if got := readFile(t, c, "evidence/0001-getprop.txt"); got != raw {
		t.Errorf("kept %q, want the raw bytes %q", got, raw)
	}
	e := sampleEntry("../../etc/pass wd", "")
	e.Stderr, e.Exit, e.Writes, e.Error = []byte("denied"), 7, true, "cut"
	if got, want := record(t, c, e), "evidence/0002-etc-pass-wd.txt"; got != want {
		t.Errorf("ref = %q, want %q", got, want)
	}
	if got := readFile(t, c, "evidence/0002-etc-pass-wd.stderr.txt"); got != "denied" {
		t.Errorf("stderr kept %q, want %q", got, "denied")
	}
	if got, want := record(t, c, sampleEntry(strings.Repeat("é", 300), "x")), "evidence/0003-answer.txt"; got != want {
		t.Errorf("ref = %q, want %q", got, want)
	}
	var lines []logLine
	end, err := readLog(strings.NewReader(readFile(t, c, LogName)), c.ID(), func(l logLine) error {
		lines = append(lines, l)
		return nil
	})
	if err != nil || end != c.log || len(lines) != 3 {
		t.Fatalf("log: %d lines, end %+v, error %v; want 3, %+v, nil", len(lines), end, err, c.log)
	}
	if l := lines[1]; l.Exit != 7 || !l.Writes || l.Error != "cut" || l.Stderr.SHA256 != report.Digest([]byte("denied")) || l.Line != e.Line {
		t.Errorf("second line = %+v", l)
	}
	if lines[0].Stderr != nil {
		t.Errorf("first line names stderr %+v, want none", lines[0].Stderr)
	}
}

func TestRecordRedacts(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	e := sampleEntry("accounts", "Account {name=someone@example.com}")
	e.Stderr = []byte("someone@example.com")
	e.Redact = func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("someone"), []byte("s*****e")) }
	ref := record(t, c, e)
	for _, name := range []string{ref, strings.Replace(ref, ".txt", ".stderr.txt", 1), LogName} {
		if got := readFile(t, c, name); strings.Contains(got, "someone") {
			t.Errorf("%s holds the name: %s", name, got)
		}
	}
	if got := readFile(t, c, LogName); !strings.Contains(got, `"redacted":true`) {
		t.Errorf("the log does not tell that bytes were masked: %s", got)
	}
}

func TestRecordBounds(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	big := sampleEntry("big", "")
	big.Stdout = make([]byte, maxEvidence+1)
	long := sampleEntry("long", "x")
	long.Line = strings.Repeat("a", maxLogLine)
	for _, e := range []Entry{big, long} {
		if _, err := c.Record(e); !errors.Is(err, safefile.ErrTooLarge) {
			t.Errorf("%s: error %v, want %v", e.Name, err, safefile.ErrTooLarge)
		}
	}
	// The refused ones must not stop the chain.
	if got, want := record(t, c, sampleEntry("next", "x")), "evidence/0001-next.txt"; got != want {
		t.Errorf("ref = %q, want %q", got, want)
	}
	reopen(t, c)
}

// Every place where a crash can cut the last append: the torn line goes, with
// its answer, and the chain continues.
func TestOpenDropsTornLine(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	record(t, c, sampleEntry("one", "1"))
	first := len(readFile(t, c, LogName))
	record(t, c, sampleEntry("two", "2"))
	whole := readFile(t, c, LogName)
	for n := first; n < len(whole); n += 7 {
		if err := os.WriteFile(filepath.Join(c.Dir(), LogName), []byte(whole[:n]), 0o600); err != nil {
			t.Fatal(err)
		}
		c = reopen(t, c)
		if got := readFile(t, c, LogName); got != whole[:first] {
			t.Fatalf("cut at %d: log is %q, want the first line only", n, got)
		}
		if _, err := os.Stat(filepath.Join(c.Dir(), "evidence/0002-two.txt")); !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("cut at %d: the answer without an entry is still there (%v)", n, err)
		}
		if got := record(t, c, sampleEntry("two", "2")); got != "evidence/0002-two.txt" {
			t.Fatalf("cut at %d: next ref %q", n, got)
		}
		if got := readFile(t, c, LogName); got != whole {
			t.Fatalf("cut at %d: the chain continued as %q, want %q", n, got, whole)
		}
	}
}

func TestOpenRefusesBrokenLog(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	for i := range 3 {
		record(t, c, sampleEntry(fmt.Sprint("step", i), "x"))
	}
	whole := readFile(t, c, LogName)
	lines := strings.SplitAfter(whole, "\n")
	for _, tt := range []struct{ name, log string }{
		{"first line gone", lines[1] + lines[2]},
		{"middle line gone", lines[0] + lines[2]},
		{"lines exchanged", lines[1] + lines[0] + lines[2]},
		{"a word changed", strings.Replace(whole, `"line":"step0"`, `"line":"step9"`, 1)},
		{"not JSON", lines[0] + "{\n" + lines[2]},
		{"another field", strings.Replace(whole, `{"seq":1,`, `{"seq":1,"x":1,`, 1)},
		{"two objects", lines[0][:len(lines[0])-1] + "{}\n"},
		{"points outside", strings.Replace(lines[0], "evidence/0001-step0.txt", "../../etc/passwd", 1)},
		{"endless line", lines[0] + strings.Repeat("x", maxLogLine+1)},
	} {
		if err := os.WriteFile(filepath.Join(c.Dir(), LogName), []byte(tt.log), 0o600); err != nil {
			t.Fatal(err)
		}
		c.Close()
		if got, err := Open(c.Dir()); !errors.Is(err, ErrBrokenLog) {
			t.Errorf("%s: error %v, want %v", tt.name, err, ErrBrokenLog)
			if err == nil {
				got.Close()
			}
		}
		if got := readFile(t, c, LogName); got != tt.log {
			t.Errorf("%s: the broken record was changed", tt.name)
		}
	}
}

// A log of one case must not pass as the log of another.
func TestLogBelongsToItsCase(t *testing.T) {
	t.Parallel()
	a, b := newCase(t), newCase(t)
	record(t, a, sampleEntry("one", "1"))
	_, err := readLog(strings.NewReader(readFile(t, a, LogName)), b.ID(), nil)
	if !errors.Is(err, ErrBrokenLog) {
		t.Errorf("error %v, want %v", err, ErrBrokenLog)
	}
}

func FuzzReadLog(f *testing.F) {
	const id = "PS-20261122-7K3Q9D"
	f.Add([]byte(`{"seq":1,"name":"a","line":"a","writes":false,"start":"2026-11-22T14:03:05Z","end":"2026-11-22T14:03:05Z","exit":0,"stdout":null,"stderr":null,"error":"","redacted":false,"prev":"` + report.Digest([]byte(id)) + `"}` + "\n{"))
	f.Add([]byte("\n\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		end, err := readLog(bytes.NewReader(b), id, nil)
		if end.size > int64(len(b)) || end.size > 0 && b[end.size-1] != '\n' {
			t.Fatalf("end %d is no end of a line of %d bytes", end.size, len(b))
		}
		again, err2 := readLog(bytes.NewReader(b[:end.size]), id, nil)
		if err2 != nil || again != end {
			t.Errorf("the good part reads as %+v, %v; first time %+v, %v", again, err2, end, err)
		}
	})
}
