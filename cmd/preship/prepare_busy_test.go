package main

import (
	"bufio"
	"bytes"
	"cmp"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"preship/adb/handset"
)

// TestSecondIsRefused: while one preship waits for the owner, every other that would
// work on the handset says so and ends before it sends anything; when the first is
// killed, the next one resumes.
func TestSecondIsRefused(t *testing.T) {
	t.Parallel()
	s := newStoryOwned(t, demoProfile, "idle")
	saved := filepath.Join(s.home, "saved")
	if out, err := s.command(t.Context(), "backup", "--out", saved).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	first := s.command(t.Context(), "prepare", "--json", "--out", filepath.Join(s.home, "out"), "--confirm=emulated", "--no-input", "--wait", "5m")
	out, err := first.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan() && !strings.Contains(lines.Text(), "Find device, off"); {
	}
	for _, args := range [][]string{
		{"prepare", "--out", filepath.Join(s.home, "other"), "--confirm=emulated", "--no-input"},
		{"backup", "--out", filepath.Join(s.home, "other")},
		{"reset", "--case", saved, "--confirm=emulated", "--no-input"},
		{"restore", "--case", saved},
	} {
		cmd := s.command(t.Context(), args...)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		_ = cmd.Run() // its code is looked at
		if code := cmd.ProcessState.ExitCode(); code != int(exitNoHandset) {
			t.Errorf("preship %s: exit code %d, want %d\n%s", args[0], code, exitNoHandset, stderr.String())
		}
		if text := stderr.String(); !strings.Contains(text, "another preship is working on this handset, case ") {
			t.Errorf("preship %s said %q", args[0], text)
		}
	}
	pages := 0
	for _, sent := range s.handset.Sent() {
		row, ok := handset.Match(cmp.Or(sent.Line, sent.Service))
		switch {
		case strings.HasPrefix(sent.Line, "am start "):
			pages++ // by the first, for its owner to sign out
		case !ok || row.Writes:
			t.Errorf("the handset was sent %q", sent)
		}
	}
	if pages > 1 {
		t.Errorf("%d pages were opened on the handset, want the first one's", pages)
	}
	_ = first.Process.Kill()
	_, _ = io.Copy(io.Discard, out)
	_ = first.Wait() // it was killed
	if out, err := s.command(t.Context(), "backup", "--case", saved).CombinedOutput(); err != nil {
		t.Errorf("after the first was killed: %v\n%s", err, out)
	}
}
