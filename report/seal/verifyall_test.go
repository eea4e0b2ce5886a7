package seal

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func listed(paths ...string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, p := range paths {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func TestVerifyAllKeepsOrder(t *testing.T) {
	t.Parallel()
	good, bad := smallPackage(t), smallPackage(t)
	flip(t, filepath.Join(bad, htmlName), 10)
	var paths []string
	for i := range 40 {
		paths = append(paths, []string{good, bad, filepath.Join(good, "none")}[i%3])
	}
	var got []string
	err := VerifyAll(t.Context(), listed(paths...), VerifyOptions{}, func(v Verified) error {
		got = append(got, v.Path)
		switch {
		case v.Path == good && (!v.OK || v.Err != nil), v.Path == bad && (v.OK || v.Err != nil):
			t.Errorf("%+v", v)
		case v.Path != good && v.Path != bad && (v.OK || !errors.Is(v.Err, fs.ErrNotExist)):
			t.Errorf("a path that is not there: %+v", v)
		}
		return nil
	})
	if err != nil || !slices.Equal(got, paths) {
		t.Errorf("%v; order %q", err, got)
	}
}

func TestVerifyAllStops(t *testing.T) {
	t.Parallel()
	good := smallPackage(t)
	endless := func(yield func(string, error) bool) {
		for yield(good, nil) {
		}
	}
	stop := errors.New("stop")
	if err := VerifyAll(t.Context(), endless, VerifyOptions{}, func(Verified) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("error %v, want %v", err, stop)
	}
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	err := VerifyAll(ctx, endless, VerifyOptions{}, func(Verified) error {
		if n++; n == 3 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

func TestFindPackages(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{
		"a/report.json", "b/c/SHA256SUMS", "b/c/evidence/report.json", "d/case.json", "d/backup/storage/SHA256SUMS",
		"e/x.ZIP", "e/readme.txt", "f/SHA256SUMS.sig",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_ = os.Symlink(filepath.Join(dir, "a"), filepath.Join(dir, "link")) // must not be followed
	var got []string
	for path, err := range FindPackages(dir) {
		if err != nil {
			t.Fatal(err)
		}
		rel, _ := filepath.Rel(dir, path)
		got = append(got, filepath.ToSlash(rel))
	}
	if want := []string{"a", "b/c", "d", "e/x.ZIP", "f"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	for path, err := range FindPackages(filepath.Join(dir, "none")) {
		if err == nil {
			t.Errorf("found %q in a folder that is not there", path)
		}
	}
}

func TestSummaryIsNoFormula(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	s, err := NewTable(&out)
	if err != nil {
		t.Fatal(err)
	}
	v := Verified{Result: Result{Path: "=HYPERLINK(\"x\")", ID: "@SUM(1)", Verdict: "-1", IMEI: []string{"356938035643809"}}}
	v.Problems = []Problem{{File: "a\x1b[2J", What: "b,\"c\"\n"}}
	if err := errors.Join(s.Add(v), s.Close()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%v, %q", err, rows)
	}
	row := strings.Join(rows[1], "|")
	for _, want := range []string{"'=HYPERLINK", "'@SUM(1)", "'-1", "'356938035643809", "a\ufffd[2J: b,\"c\" "} {
		if !strings.Contains(row, want) {
			t.Errorf("row %q lacks %q", row, want)
		}
	}
}

// The goal is 1,000 packages a minute on two processors: 60 ms each.
func BenchmarkVerifyAll(b *testing.B) {
	good := smallPackage(b)
	paths := slices.Repeat([]string{good}, 200)
	b.ResetTimer()
	n := 0
	for b.Loop() {
		err := VerifyAll(b.Context(), listed(paths...), allow(1), func(v Verified) error {
			n++
			if !v.OK {
				return fmt.Errorf("%+v", v)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Minutes(), "packages/min")
}
