package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"preship/adb/reset"
	"preship/cmd/preship/internal/events"
	"preship/report"
	"preship/report/casedir"
	"preship/report/seal"
)

// interruptions are the moments of Ctrl-C, one job a row: words of an event. A job is
// interrupted at the first, and again at each of the others as it resumes. An interrupted
// reset is not begun anew, so a row has one moment of it at most.
var interruptions = [][]string{
	{`"event":"begin"`, "job.erases"},
	{"job.key-made", "for the handset to restart"},
	{`"event":"outlook"`, "for you to choose that entry"},
	{"copying and proving", "guide.formatting"},
	{"job.saved", "guide.formatted"},
	{`"step":"accounts"`, "to come back from the reset", "for you to set the handset up"},
	{`"step":"reset"`, `"step":"verify"`},
}

// TestInterruptedAtAnyMoment presses Ctrl-C at one event after the other. Each
// time the job ends by itself, as interrupted, with a sealed report that says how
// far it got, also whether the wipe was sent; and the same command resumes, with
// the wipe sent once in all.
func TestInterruptedAtAnyMoment(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent Ctrl-C there")
	}
	if testing.Short() {
		t.Skip("takes a job for each moment")
	}
	for _, moments := range interruptions {
		t.Run(strings.Join(moments, " and "), func(t *testing.T) {
			t.Parallel()
			s := newBuiltStory(t, demoProfile)
			folder := "--out=" + filepath.Join(s.home, "out")
			for _, at := range moments {
				folder = "--case=" + s.interrupted(at, folder)
			}
			s.goesOn(strings.TrimPrefix(folder, "--case="), fmt.Sprint(moments))
		})
	}
}

// interrupted interrupts preship prepare at an event with these words, and returns the
// case. The job has to end as an interrupted one does.
func (s *story) interrupted(at, folder string) (dir string) {
	t := s.t
	t.Helper()
	last, code := s.interruptAt(at, "prepare", "--json", folder, "--confirm=emulated", "--no-input")
	if code != int(exitInterrupted) || last.Event != "done" || *last.Exit != code || last.Verdict != string(report.VerdictIncomplete) {
		t.Fatalf("at %s: exit code %d after %+v, want %d and INCOMPLETE", at, code, last, exitInterrupted)
	}
	res, err := seal.Verify(last.Case, seal.VerifyOptions{})
	if err != nil || !res.OK || res.Verdict != report.VerdictIncomplete {
		t.Errorf("at %s: the report: %+v, %v", at, res, err)
	}
	c, err := casedir.Open(last.Case)
	if err != nil {
		t.Fatal(err)
	}
	var wiped report.Reset
	err = json.Unmarshal([]byte(cmp.Or(string(c.Step(report.StepReset).Data), "{}")), &wiped)
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if sent := s.wipes() > 0; err != nil || sent && !reset.MayBeSent(wiped) && !reset.Done(wiped) {
		t.Errorf("at %s: the wipe was sent, and the case does not say so: %+v, %v", at, wiped, err)
	}
	return last.Case
}

// interruptAt runs preship and presses Ctrl-C as the first event with these words arrives.
func (s *story) interruptAt(at string, args ...string) (last events.Event, code int) {
	s.t.Helper()
	cmd := s.command(s.t.Context(), args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for seen := false; lines.Scan(); {
		last = events.Event{}
		if err := json.Unmarshal(lines.Bytes(), &last); err != nil {
			s.t.Fatalf("%q: %v", lines.Text(), err)
		}
		if !seen && strings.Contains(lines.Text(), at) {
			seen = true
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // its code is what counts
	return last, cmd.ProcessState.ExitCode()
}
