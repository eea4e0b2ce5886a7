package casedir

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preship/report"
	"preship/report/safefile"
)

func TestCheckEvidence(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	record(t, c, sampleEntry("GetProp", "[ro.x]: [1]\n"))
	e := sampleEntry("Battery", "level: 80\n")
	e.Stderr = []byte("denied")
	record(t, c, e)
	whole := map[string]string{LogName: "not looked at here"}
	for _, name := range []string{"evidence/0001-getprop.txt", "evidence/0002-battery.txt", "evidence/0002-battery.stderr.txt"} {
		whole[name] = report.Digest([]byte(readFile(t, c, name)))
	}
	in := safefile.In(c.Root())
	if err := CheckEvidence(in, c.ID(), whole); err != nil {
		t.Errorf("whole: %v", err)
	}
	if err := CheckEvidence(in, "PS-20261122-7K3Q9D", whole); !errors.Is(err, ErrBrokenLog) {
		t.Errorf("of another case: error %v, want ErrBrokenLog", err)
	}
	for name := range whole {
		if name == LogName {
			continue
		}
		for what, digest := range map[string]string{"changed": report.Digest([]byte("other")), "missing": ""} {
			have := maps.Clone(whole)
			have[name] = digest
			if digest == "" {
				delete(have, name)
			}
			if err := CheckEvidence(in, c.ID(), have); !errors.Is(err, ErrBrokenLog) {
				t.Errorf("%s %s: error %v, want ErrBrokenLog", name, what, err)
			}
		}
	}
	log := readFile(t, c, LogName)
	put(t, c, LogName, log+"{")
	if err := CheckEvidence(in, c.ID(), whole); !errors.Is(err, ErrBrokenLog) || !strings.Contains(err.Error(), "torn") {
		t.Errorf("a torn line: error %v", err)
	}
	put(t, c, LogName, log[:strings.IndexByte(log, '\n')+1])
	if err := CheckEvidence(in, c.ID(), whole); err != nil {
		t.Errorf("a shorter record with all answers it names: %v", err) // its end is compared by Sealing.CheckLogEnd
	}
	if err := c.Seal(Sealing.CheckLogEnd); !errors.Is(err, ErrBrokenLog) {
		t.Errorf("a shorter record: error %v, want ErrBrokenLog", err)
	}
	if err := os.Remove(filepath.Join(c.Dir(), filepath.FromSlash(LogName))); err != nil {
		t.Fatal(err)
	}
	if err := CheckEvidence(in, c.ID(), whole); !errors.Is(err, ErrBrokenLog) {
		t.Errorf("answers without a record: error %v, want ErrBrokenLog", err)
	}
	if err := c.Seal(Sealing.CheckLogEnd); !errors.Is(err, ErrBrokenLog) {
		t.Errorf("no record: error %v, want ErrBrokenLog", err)
	}
	if err := CheckEvidence(in, c.ID(), map[string]string{ReportName: "x"}); err != nil {
		t.Errorf("nothing asked: %v", err)
	}
	if err := newCase(t).Seal(Sealing.CheckLogEnd); err != nil {
		t.Errorf("nothing asked: %v", err)
	}
}

func TestSuperseded(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	must := func(content, sum string) {
		t.Helper()
		if err := c.Seal(func(s Sealing) error { return s.Remember(content, sum) }); err != nil {
			t.Fatal(err)
		}
	}
	wants := func(content, want string) {
		t.Helper()
		got := Sealing{c}.Superseded(content)
		if want == "" && got != nil || want != "" && (got == nil || *got != want) {
			t.Errorf("%s replaces %v, want %q", content, got, want)
		}
	}
	wants("a", "")
	must("a", "A")
	wants("a", "") // sealed again, it replaces nothing new
	wants("b", "A")
	must("b", "B")
	must("b", "B2")
	c = reopen(t, c)
	wants("b", "A")
	wants("c", "B2")
}

// A changed file takes the signature away before it changes.
func TestWriteFileUnseals(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	put(t, c, SigName, "signature")
	if err := c.WriteFile("claim.txt", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(c.Dir(), SigName)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the signature is still there: %v", err)
	}
	for _, name := range []string{"", ".", "../x", "/x", "a/../../x"} {
		if err := c.WriteFile(name, nil); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%q: error %v, want ErrInvalid", name, err)
		}
	}
}
