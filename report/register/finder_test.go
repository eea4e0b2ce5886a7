package register

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"preship/report"
	"preship/report/casedir"
)

func serial(s string) func(report.Unit) bool {
	return func(u report.Unit) bool { return u.Serial == s }
}

// TestFinder looks for the same cases beside every sort of register.
func TestFinder(t *testing.T) {
	t.Parallel()
	for name, keep := range map[string]func(t *testing.T, dir, early, late string){
		"no register":      func(*testing.T, string, string, string) {},
		"all in it":        func(t *testing.T, dir, _, _ string) { listed(t, dir, Filter{}) },
		"one of two in it": func(t *testing.T, _, early, _ string) { must(t, Remember(t.Context(), early, true, testTime)) },
		"damaged": func(t *testing.T, dir, _, _ string) {
			must(t, os.WriteFile(filepath.Join(dir, FileName), []byte("no database at all, and longer than a header would be"), 0o600))
		},
		"a link": func(t *testing.T, dir, _, _ string) {
			must(t, os.Symlink(filepath.Join(t.TempDir(), "elsewhere.db"), filepath.Join(dir, FileName)))
		},
		"its cases swapped": func(t *testing.T, dir, early, _ string) {
			listed(t, dir, Filter{})
			other := filepath.Join(dir, "PS-20251122-OTHER7")
			must(t, os.Rename(early, other))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			early := newCase(t, dir, phone("7f3c21a9", "356938035643809"))
			late := newCase(t, dir, phone("7f3c21a9", "356938035643809"))
			newCase(t, dir, phone("1234abcd"))
			newCase(t, dir, nil)
			must(t, os.WriteFile(filepath.Join(dir, "case.json"), nil, 0o600)) // no case: it is in no folder of its own
			job(t, late, func(doc map[string]any) {
				step := doc["steps"].([]any)[0].(map[string]any)
				step["finished"] = testTime.Add(time.Hour)
			})
			sealAs(t, late, report.VerdictReady, "")
			keep(t, dir, early, late)
			f := NewFinder(dir)
			for range 2 {
				got, ready, err := f.Newest(t.Context(), serial("7f3c21a9"))
				if err != nil || got != late || !ready {
					t.Errorf("found %q, ready %v, %v; want %q", got, ready, err, late)
				}
			}
			if got, _, err := f.Newest(t.Context(), serial("none")); err != nil || got != "" {
				t.Errorf("found %q, %v for a handset without a case", got, err)
			}
			by := func(u report.Unit) bool { return len(u.IMEI) > 0 && u.IMEI[0] == "356938035643809" }
			if got, _, err := f.Newest(t.Context(), by); err != nil || got != late {
				t.Errorf("found %q, %v by the IMEI; want %q", got, err, late)
			}
		})
	}
}

// TestFinderSeesLaterCases: a case made, or tied to its handset, after the first search.
func TestFinderSeesLaterCases(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "cases")
	f := NewFinder(dir)
	if got, _, err := f.Newest(t.Context(), serial("7f3c21a9")); got != "" || err != nil {
		t.Errorf("%q, %v in a folder that is missing", got, err)
	}
	must(t, os.Mkdir(dir, 0o700))
	open := newCase(t, dir, nil)
	if got, _, err := f.Newest(t.Context(), serial("7f3c21a9")); got != "" || err != nil {
		t.Errorf("%q, %v before the case is tied", got, err)
	}
	c, err := casedir.Open(open)
	must(t, err)
	identify(t, c, *phone("7f3c21a9"))
	must(t, c.Close())
	if got, ready, err := f.Newest(t.Context(), serial("7f3c21a9")); got != open || ready || err != nil {
		t.Errorf("%q, %v, %v; want %q", got, ready, err, open)
	}
}

// TestFinderReadsTheTop: a case whose steps no program could read is found, and no more
// than its top is read.
func TestFinderReadsTheTop(t *testing.T) {
	t.Parallel()
	dir := newCase(t, t.TempDir(), phone("7f3c21a9"))
	file := filepath.Join(dir, "case.json")
	b, err := os.ReadFile(file)
	must(t, err)
	must(t, os.WriteFile(file, b[:len(b)-len(b)/3], 0o600))
	if u, err := casedir.UnitOf(dir); err != nil || u.Serial != "7f3c21a9" {
		t.Errorf("%+v, %v", u, err)
	}
	for name, text := range map[string]string{"empty": "", "no object": "7", "cut off": `{"id":"x","unit":{"serial":`} {
		must(t, os.WriteFile(file, []byte(text), 0o600))
		if u, err := casedir.UnitOf(dir); err == nil && u.Serial != "" || err == nil && name != "no object" {
			t.Errorf("%s: %+v, %v", name, u, err)
		}
	}
	if u, err := casedir.UnitOf(t.TempDir()); err != casedir.ErrNotCase {
		t.Errorf("no case: %+v, %v", u, err)
	}
}

func TestRegisterIsPrivate(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such modes")
	}
	dir := t.TempDir()
	made := newCase(t, dir, phone("7f3c21a9"))
	file := filepath.Join(dir, FileName)
	check := func(when string) {
		fi, err := os.Stat(file)
		must(t, err)
		if fi.Mode().Perm() != 0o600 {
			t.Errorf("%s: the register is %v", when, fi.Mode())
		}
	}
	must(t, Remember(t.Context(), made, true, testTime))
	check("new")
	must(t, os.Chmod(file, 0o644)) // as earlier versions made it
	listed(t, dir, Filter{})
	check("an earlier version's")
}

// BenchmarkFinder is 16 handsets that are plugged in at once, beside 20,000 cases.
func BenchmarkFinder(b *testing.B) {
	dir := desk(b, 20_000, asPrepare)
	for _, filled := range []bool{false, true} {
		b.Run(fmt.Sprint("register=", filled), func(b *testing.B) {
			if filled {
				fill(b, dir)
			}
			for b.Loop() {
				f := NewFinder(dir)
				for range 16 {
					got, _, err := f.Newest(b.Context(), serial("serial-01999"))
					must(b, err)
					if got == "" {
						b.Fatal("not found")
					}
				}
			}
		})
	}
}
