package register

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/report"
)

// asPrepare is as many checks as make a case as large as prepare leaves it.
const asPrepare = 110

// later is when the files of a desk are old enough to differ in their times.
func later() time.Time { return time.Now().Add(time.Hour) }

// desk is a folder of n cases with as many checks each.
func desk(t testing.TB, n, checks int) string {
	t.Helper()
	dir := t.TempDir()
	sample := newCase(t, t.TempDir(), phone("serial-00000", "356938035600000"))
	var findings []any
	for i := range checks {
		findings = append(findings, map[string]any{
			"id": fmt.Sprint("clean.sample-", i), "status": "pass", "method": "observed", "at": testTime, "remedy": "",
			"summary": strings.Repeat("words ", 20), "observed": strings.Repeat("seen ", 20), "evidence": []string{"evidence/0001-getprop.txt"},
		})
	}
	job(t, sample, func(doc map[string]any) {
		doc["steps"] = append(doc["steps"].([]any), map[string]any{"name": "verify", "state": "done", "findings": findings})
	})
	sealAs(t, sample, report.VerdictReady, "T-1")
	caseFile, err := os.ReadFile(filepath.Join(sample, "case.json"))
	must(t, err)
	reportFile, err := os.ReadFile(filepath.Join(sample, "report.json"))
	must(t, err)
	// Links save writing it n times; the ID in it is not looked at.
	reportFile = append(reportFile[:len(reportFile)-1], fmt.Sprintf(`,"steps":%q}`, strings.Repeat("x", 300*checks))...)
	must(t, os.WriteFile(filepath.Join(sample, "report.json"), reportFile, 0o600))
	id := filepath.Base(sample)
	letters := strings.NewReplacer("0", "A", "1", "B") // which no ID has
	for i := range n {
		name := "PS-20251122-" + letters.Replace(fmt.Sprintf("%06d", i))
		to := filepath.Join(dir, name)
		must(t, os.Mkdir(to, 0o700))
		own := strings.NewReplacer(id, name, "serial-00000", fmt.Sprintf("serial-%05d", i), "356938035600000", fmt.Sprintf("3569380356%05d", i))
		must(t, os.WriteFile(filepath.Join(to, "case.json"), []byte(own.Replace(string(caseFile))), 0o600))
		for _, name := range []string{"report.json", "SHA256SUMS.sig"} {
			must(t, os.Link(filepath.Join(sample, name), filepath.Join(to, name)))
		}
	}
	return dir
}

// TestTwoThousandCases is the desk of benchmarks, looked through once.
func TestTwoThousandCases(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("writes two thousand cases")
	}
	dir := desk(t, 2000, 1)
	r := opened(t, dir)
	all, err := r.List(t.Context(), later(), Filter{})
	must(t, err)
	if len(all) != 2000 {
		t.Fatalf("%d cases, want 2000; first %+v", len(all), all[0])
	}
	for _, e := range all {
		if e.Problem != "" {
			t.Fatalf("%s cannot be read: %s", e.Path, e.Problem)
		}
	}
	if c, err := r.Sync(t.Context(), later()); err != nil || c.Read != 0 {
		t.Errorf("looked at again: %+v, %v; nothing had changed", c, err)
	}
	found, err := r.Cases(t.Context(), Filter{IMEI: "601999"})
	must(t, err)
	if e := only(t, found); e.Serial != "serial-01999" {
		t.Errorf("found %+v", e)
	}
}

// fill makes the register of a desk before its clock is started.
func fill(b *testing.B, dir string) {
	b.Helper()
	r := opened(b, dir)
	_, err := r.Sync(b.Context(), later())
	must(b, err)
}

func BenchmarkList(b *testing.B) {
	dir := desk(b, 2000, asPrepare)
	fill(b, dir)
	for b.Loop() {
		r, err := Open(b.Context(), dir)
		must(b, err)
		all, err := r.List(b.Context(), later(), Filter{})
		must(b, err)
		if len(all) != 2000 {
			b.Fatalf("%d cases", len(all))
		}
		must(b, r.Close())
	}
}

func BenchmarkRebuild(b *testing.B) {
	dir := desk(b, 2000, asPrepare)
	for b.Loop() {
		r, err := Open(b.Context(), dir)
		must(b, err)
		_, err = r.Rebuild(b.Context(), later())
		must(b, err)
		must(b, r.Close())
	}
}

// BenchmarkRemember is what a step of a job waits for, beside 2,000 other cases.
func BenchmarkRemember(b *testing.B) {
	dir := desk(b, 2000, asPrepare)
	fill(b, dir)
	made := newCase(b, dir, phone("7f3c21a9", "356938035643809"))
	for b.Loop() {
		must(b, Remember(b.Context(), made, true, time.Now()))
	}
}
