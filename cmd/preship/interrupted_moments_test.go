package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"preship/adb/reset"
	"preship/cmd/preship/internal/events"
	"preship/report"
	"preship/report/casedir"
	"preship/report/seal"
)

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
	for _, n := range []int{1, 3, 8, 15, 30, 36, 39, 40, 41, 42, 54} {
		t.Run(fmt.Sprint("event ", n), func(t *testing.T) {
			t.Parallel()
			s := newBuiltStory(t, demoProfile)
			at, last, code := s.interruptAtEvent(n, "prepare", "--json", "--out", filepath.Join(s.home, "out"), "--confirm=emulated", "--no-input")
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
			s.goesOn(last.Case, at)
		})
	}
}

// interruptAtEvent runs preship and presses Ctrl-C as its nth event arrives.
func (s *story) interruptAtEvent(n int, args ...string) (at string, last events.Event, code int) {
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
	for i := 1; lines.Scan(); i++ {
		last = events.Event{}
		if err := json.Unmarshal(lines.Bytes(), &last); err != nil {
			s.t.Fatalf("%q: %v", lines.Text(), err)
		}
		if i == n {
			at = lines.Text()
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // its code is what counts
	return at, last, cmd.ProcessState.ExitCode()
}
