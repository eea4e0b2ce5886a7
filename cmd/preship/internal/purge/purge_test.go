package purge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/report"
	"preship/report/casedir"
	"preship/report/casetest"
	"preship/report/deletion"
	"preship/report/intake"
	"preship/report/seal"
	"preship/report/trust"
)

func signer() trust.Signer {
	s, err := trust.NewSigner(casetest.Key(1))
	if err != nil {
		panic(err)
	}
	return s
}

// options are those of a purge at a time.
func options(when time.Time) Options {
	return Options{Now: func() time.Time { return when }, Verify: seal.Finished, Signer: signer(), Tool: casetest.Tool}
}

func purged(c *casedir.Case, when time.Time) error {
	_, err := Run(context.Background(), c, options(when))
	return err
}

func sealCase(t testing.TB, c *casedir.Case) {
	t.Helper()
	r, err := c.Report(casetest.Tool)
	must(t, err)
	page := func(*report.Report, string) ([]byte, error) { return []byte("page"), nil }
	label := func(*report.Report, *intake.Form) ([]byte, error) { return []byte("label"), nil }
	must(t, seal.Seal(c, r, signer(), seal.Pages{HTML: page, PDF: page, Label: label}))
}

func verified(t testing.TB, dir string) seal.Result {
	t.Helper()
	res, err := seal.Verify(dir, seal.VerifyOptions{})
	must(t, err)
	return res
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// flip changes one bit of a file.
func flip(t testing.TB, file string) {
	t.Helper()
	b, err := os.ReadFile(file)
	must(t, err)
	b[len(b)/2] ^= 1
	must(t, os.WriteFile(file, b, 0o600))
}

// finishedCase is a sealed case with n saved files.
func finishedCase(t testing.TB, n int) *casedir.Case {
	t.Helper()
	c := casetest.Case(t)
	casetest.Steps(t, c, nil)
	saveFiles(t, c, n)
	sealDone(t, c)
	return c
}

func saveFiles(t testing.TB, c *casedir.Case, n int) {
	t.Helper()
	dir := filepath.Join(c.Dir(), casedir.BackupDir, "storage", "emulated", "0")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("IMG_%05d.jpg", i)), []byte("picture"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.WriteFile(casedir.ManifestName, fmt.Appendf(nil, `{"files":%d}`, n)); err != nil {
		t.Fatal(err)
	}
}

func sealDone(t testing.TB, c *casedir.Case) {
	t.Helper()
	sealCase(t, c)
	if err := c.SetStep(report.StepRecord{Name: report.StepReport, State: report.StepDone, Finished: casetest.Time}); err != nil {
		t.Fatal(err)
	}
}

func TestDeleteBackupKeepsTheSeal(t *testing.T) {
	t.Parallel()
	c := finishedCase(t, 3)
	before := sealedBytes(t, c.Dir())
	if err := c.HandBack(casetest.Time.Add(time.Hour), seal.Finished); err != nil {
		t.Fatal(err)
	}
	if err := c.HandBack(casetest.Time.Add(2*time.Hour), seal.Finished); err != nil { // recorded twice: the first counts
		t.Fatal(err)
	}
	if err := purged(c, casetest.Time.Add(48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(c.Dir(), casedir.BackupDir)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the saved data: %v, want it gone", err)
	}
	if after := sealedBytes(t, c.Dir()); after != before {
		t.Error("deleting the data changed the sealed package")
	}
	if res := verified(t, c.Dir()); !res.OK {
		t.Errorf("the report does not verify any more: %v", res.Problems)
	}
	r, err := casedir.RetentionIn(c.Root())
	if err != nil {
		t.Fatal(err)
	}
	if !r.HandedBack.Equal(casetest.Time.Add(time.Hour)) || r.Deleted == nil || !r.Deleted.Equal(casetest.Time.Add(48*time.Hour)) {
		t.Errorf("written down as %+v", r)
	}
	if err := purged(c, time.Now()); !errors.Is(err, casedir.ErrNoData) {
		t.Errorf("deleting again: %v, want %v", err, casedir.ErrNoData)
	}
}

// sealedBytes is everything of the case but where the job stands.
func sealedBytes(t testing.TB, dir string) string {
	t.Helper()
	var b strings.Builder
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if fi, err := os.Stat(name); err != nil || fi.IsDir() || filepath.Base(name) == casedir.CaseFileName || deletion.IsFile(filepath.Base(name)) {
			continue
		}
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %x\n", filepath.Base(name), content)
	}
	return b.String()
}

func TestDeleteBackupRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		spoil func(*testing.T, *casedir.Case) // after it was handed back
		want  error
	}{
		{"a step that was run again and is not done", func(t *testing.T, c *casedir.Case) {
			must(t, c.SetStep(report.StepRecord{Name: report.StepVerify, State: report.StepInterrupted}))
		}, casedir.ErrUnfinished},
		{"a case opened again since it was sealed", func(t *testing.T, c *casedir.Case) {
			_, err := c.Record(casedir.Entry{Name: "getprop", Line: "getprop", Start: casetest.Time, End: casetest.Time})
			must(t, err)
		}, casedir.ErrUnfinished},
		{"a failed job", func(t *testing.T, c *casedir.Case) {
			must(t, c.SetStep(report.StepRecord{Name: report.StepReset, State: report.StepFailed, Error: "the handset left"}))
			sealDone(t, c)
		}, casedir.ErrUnfinished},
		{"a report that was changed", func(t *testing.T, c *casedir.Case) { flip(t, filepath.Join(c.Dir(), "report.html")) }, seal.ErrUnverified},
		{"a later backup, which nobody handed back", func(t *testing.T, c *casedir.Case) {
			saveFiles(t, c, 4)
			sealDone(t, c)
		}, casedir.ErrNotHandedBack},
		{"data without its list", func(t *testing.T, c *casedir.Case) { must(t, os.Remove(filepath.Join(c.Dir(), casedir.ManifestName))) }, casedir.ErrUnfinished},
		{"no data", func(t *testing.T, c *casedir.Case) { must(t, os.RemoveAll(filepath.Join(c.Dir(), casedir.BackupDir))) }, casedir.ErrNoData},
		{"a link to data elsewhere", func(t *testing.T, c *casedir.Case) {
			dir := filepath.Join(c.Dir(), casedir.BackupDir)
			elsewhere := filepath.Join(t.TempDir(), "elsewhere")
			must(t, os.Rename(dir, elsewhere))
			must(t, os.Symlink(elsewhere, dir))
			must(t, os.WriteFile(filepath.Join(elsewhere, "kept"), nil, 0o600))
		}, casedir.ErrNoData},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := finishedCase(t, 3)
			must(t, c.HandBack(casetest.Time, seal.Finished))
			test.spoil(t, c)
			before, _ := filepath.Glob(filepath.Join(c.Dir(), casedir.BackupDir, "storage", "emulated", "0", "*"))
			if err := purged(c, time.Now()); !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
			after, _ := filepath.Glob(filepath.Join(c.Dir(), casedir.BackupDir, "storage", "emulated", "0", "*"))
			if len(after) != len(before) {
				t.Errorf("%d saved files are left of %d", len(after), len(before))
			}
			if r := mustRetention(t, c); r.Deleting != nil {
				t.Error("it is written down that deleting began")
			}
		})
	}
	c := finishedCase(t, 1)
	if err := purged(c, time.Now()); !errors.Is(err, casedir.ErrNotHandedBack) {
		t.Errorf("without a word of anybody: %v, want %v", err, casedir.ErrNotHandedBack)
	}
}

func TestHandBackNeedsAFinishedJob(t *testing.T) {
	t.Parallel()
	c := casetest.Case(t)
	casetest.Steps(t, c, nil)
	if err := c.HandBack(casetest.Time, seal.Finished); !errors.Is(err, casedir.ErrNoData) {
		t.Errorf("no data: %v, want %v", err, casedir.ErrNoData)
	}
	saveFiles(t, c, 1)
	if err := c.HandBack(casetest.Time, seal.Finished); !errors.Is(err, casedir.ErrUnfinished) {
		t.Errorf("not sealed: %v, want %v", err, casedir.ErrUnfinished)
	}
	if r, err := casedir.RetentionIn(c.Root()); r != nil || err != nil {
		t.Errorf("written down all the same: %v, %v", r, err)
	}
}

// TestKilledWhileDeleting kills a process in the middle of deleting. The case then
// records that deleting began; deleting again ends it.
func TestKilledWhileDeleting(t *testing.T) {
	if dir := os.Getenv("PURGE_TEST_DELETE_IN"); dir != "" {
		c, err := casedir.Open(dir)
		if err == nil {
			err = purged(c, casetest.Time.Add(time.Hour))
		}
		fmt.Println("ended", err)
		os.Exit(0)
	}
	t.Parallel()
	c := finishedCase(t, 2000)
	must(t, c.HandBack(casetest.Time, seal.Finished))
	dir := c.Dir()
	c.Close()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledWhileDeleting$")
	cmd.Env = append(os.Environ(), "PURGE_TEST_DELETE_IN="+dir)
	must(t, cmd.Start())
	first := filepath.Join(dir, casedir.BackupDir, "storage", "emulated", "0")
	for left := 2000; left == 2000; { // ends when the test's own time does
		names, _ := os.ReadDir(first)
		left = len(names)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait() // it was killed, or just through
	root, err := os.OpenRoot(dir)
	must(t, err)
	defer root.Close()
	r, err := casedir.RetentionIn(root)
	must(t, err)
	if r == nil || r.Deleting == nil {
		t.Fatalf("nothing says that deleting began: %+v", r)
	}
	c, err = casedir.Open(dir)
	must(t, err)
	defer c.Close()
	if r.Deleted == nil { // else the child was faster than the kill
		must(t, purged(c, casetest.Time.Add(2*time.Hour)))
	}
	r, err = casedir.RetentionIn(root)
	must(t, err)
	if !r.Deleting.Equal(casetest.Time.Add(time.Hour)) || r.Deleted == nil {
		t.Errorf("written down as %+v", r)
	}
	if _, err := os.Stat(filepath.Join(dir, casedir.BackupDir)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the saved data: %v, want it gone", err)
	}
	if res := verified(t, dir); !res.OK {
		t.Errorf("the report does not verify: %v", res.Problems)
	}
}

// mustRetention reads from case.json what became of the saved data.
func mustRetention(t testing.TB, c *casedir.Case) casedir.Retention {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(c.Dir(), "case.json"))
	must(t, err)
	var f struct{ Retention casedir.Retention }
	must(t, json.Unmarshal(b, &f))
	return f.Retention
}
