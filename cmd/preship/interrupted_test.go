package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"preship/cmd/preship/internal/events"
	"preship/report"
	"preship/report/seal"
)

// TestInterruptedIsSealed presses Ctrl-C while the job waits for the owner: it
// ends at once, with a sealed report that says how far it got.
func TestInterruptedIsSealed(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent Ctrl-C there")
	}
	s := newStoryOwned(t, demoProfile, "idle")
	out := filepath.Join(s.home, "out")
	cmd := s.command(t.Context(), "prepare", "--json", "--out", out, "--confirm=emulated", "--no-input", "--wait", "5m")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var last events.Event
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		last = events.Event{}
		if err := json.Unmarshal(lines.Bytes(), &last); err != nil {
			t.Fatalf("%q: %v", lines.Text(), err)
		}
		if last.Event == "say" && strings.Contains(last.Text, "Find device, off") {
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // its code is looked at below
	if code := cmd.ProcessState.ExitCode(); code != int(exitInterrupted) {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	if last.Event != "done" || last.Verdict != string(report.VerdictIncomplete) || *last.Exit != int(exitInterrupted) {
		t.Errorf("the last event is %+v, want done and INCOMPLETE", last)
	}
	res, err := seal.Verify(last.Case, seal.VerifyOptions{})
	if err != nil || !res.OK || res.Verdict != report.VerdictIncomplete {
		t.Errorf("the report: %+v, %v, want a verified INCOMPLETE", res, err)
	}
	for _, sent := range s.handset.Sent() {
		if strings.HasPrefix(sent.Service, "reboot:") || strings.HasPrefix(sent.Service, "format-data:") {
			t.Errorf("%s was sent before anybody signed out", sent.Service)
		}
	}
}
