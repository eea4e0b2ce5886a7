package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/report"
	"preship/report/casedir"
	"preship/report/register"
)

// deskOf makes a folder with one whole case, by a demo.
func deskOf(t *testing.T) (s *story, desk, folder string) {
	t.Helper()
	s = newStory(t, demoProfile)
	desk = filepath.Join(s.home, "desk")
	if out, err := s.command(t.Context(), "demo", "--out", desk).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	found, err := filepath.Glob(filepath.Join(desk, "PS-*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("cases %v, %v", found, err)
	}
	return s, desk, found[0]
}

// said runs preship and returns its exit code and everything it printed.
func (s *story) said(args ...string) (int, string) {
	s.t.Helper()
	cmd := s.command(s.t.Context(), args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	_ = cmd.Run() // only its exit code is checked
	return cmd.ProcessState.ExitCode(), out.String()
}

func TestPurgeLeavesALockedCaseAlone(t *testing.T) {
	t.Parallel()
	s, desk, folder := deskOf(t)
	c, err := casedir.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	code, out := s.said("cases", "purge", "--out", desk, "--handed-back", folder, "--yes")
	if code != int(exitNotReady) || !strings.Contains(out, "another preship is working on this case") {
		t.Errorf("exit %d\n%s", code, out)
	}
	if code, out := s.said("cases", "--out", desk); code != 0 || !strings.Contains(out, "READY") {
		t.Errorf("listing needs no lock: exit %d\n%s", code, out)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if !exists(filepath.Join(folder, "backup")) {
		t.Error("the data is gone")
	}
}

// TestPurgeContinues leaves a case as a purge that was killed leaves it: deleting
// began, and some of the data is gone.
func TestPurgeContinues(t *testing.T) {
	t.Parallel()
	s, desk, folder := deskOf(t)
	manifest, err := os.ReadFile(filepath.Join(folder, "backup.manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(manifest)
	file := filepath.Join(folder, "case.json")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	began := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	doc["retention"] = map[string]any{"manifest": hex.EncodeToString(sum[:]), "handed_back": began, "deleting": began}
	if b, err = json.Marshal(doc); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(folder, "backup", "items")); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		args []string
		want string
	}{
		{[]string{"report", "verify", folder}, "Deleting the data began on 2026-11-22 and did not end"},
		{[]string{"cases", "--out", desk}, "deleting its data was interrupted"},
		{[]string{"cases", "purge", "--out", desk, "--yes"}, "its data is deleted"}, // though thirty days have not gone by
		{[]string{"report", "verify", folder}, "The data was deleted on"},
		{[]string{"cases", "--out", desk}, "closed: data deleted on"},
	} {
		if code, out := s.said(step.args...); code != 0 || !strings.Contains(out, step.want) {
			t.Errorf("%v: exit %d, want 0 and %q\n%s", step.args, code, step.want, out)
		}
	}
	if exists(filepath.Join(folder, "backup")) {
		t.Error("some of the data is left")
	}
}

// TestPrepareIsRemembered asks the register itself, and not the folders: every
// step of the job must have recorded it.
func TestPrepareIsRemembered(t *testing.T) {
	t.Parallel()
	_, desk, folder := deskOf(t)
	r, err := register.Open(t.Context(), desk)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	all, err := r.Cases(t.Context(), register.Filter{})
	if err != nil || len(all) != 1 {
		t.Fatalf("remembered %+v, %v", all, err)
	}
	e := all[0]
	if e.Path != filepath.Base(folder) || e.Verdict != report.VerdictReady || e.Signer == "" || e.Steps[report.StepReport] != report.StepDone {
		t.Errorf("remembered as %+v", e)
	}
	if raw, err := json.Marshal(e); err != nil || bytes.Contains(raw, []byte("@")) {
		t.Errorf("the register holds what looks like an address: %s, %v", raw, err)
	}
}

func TestVerdictNamed(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]report.Verdict{
		"READY": report.VerdictReady, "not-ready": report.VerdictNotReady, "NOT READY": report.VerdictNotReady, "not_ready": report.VerdictNotReady,
		"failed": report.VerdictFailed, "incomplete": report.VerdictIncomplete, "none": "",
	} {
		if got, ok := verdictNamed(in); !ok || got != want {
			t.Errorf("%q is %q, %v; want %q", in, got, ok, want)
		}
	}
	if v, ok := verdictNamed("SPLENDID"); ok {
		t.Errorf("SPLENDID is %q", v)
	}
}
