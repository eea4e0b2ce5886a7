package main

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preship/cmd/preship/internal/events"
)

// TestFailureAnswersWithItsReason runs command lines that end before a case is open. A
// script has to learn the reason from standard output.
func TestFailureAnswersWithItsReason(t *testing.T) {
	t.Parallel()
	s := newStory(t, "redmi-5a")
	out, absent := filepath.Join(s.home, "out"), []string{"--json", "--serial", "nope"}
	tests := []struct {
		args   []string
		reason string
		flag   string
	}{
		{append([]string{"identify"}, absent...), "handset.absent", ""},
		{append([]string{"accounts"}, absent...), "handset.absent", ""},
		{append([]string{"backup", "--out", out}, absent...), "handset.absent", ""},
		{append([]string{"prepare", "--out", out, "--confirm=123456"}, absent...), "handset.absent", ""},
		{[]string{"prepare", "--out", out, "--json", "--no-input"}, "unanswered", "--confirm"},
		{[]string{"prepare", "--out", out, "--json", "--nosuch"}, "usage", ""},
		{[]string{"prepare", "--all", "--json", "--confirm=emulated"}, "usage", ""},
		{[]string{"reset", "--json"}, "usage", ""},
		{[]string{"cases", "--json", "--out", filepath.Join(s.home, "missing")}, "usage", ""},
		{[]string{"report", "--json", "--case", s.home}, "case.not-a-case", ""},
		{[]string{"backup", "verify", "--json", s.home}, "backup.absent", ""},
		{[]string{"doctor", "--nosuch", "--json"}, "usage", ""},
	}
	var written documents
	for _, tt := range tests {
		t.Run(strings.Join(tt.args[:2], " "), func(t *testing.T) {
			cmd := s.command(t.Context(), tt.args...)
			answer, _ := cmd.Output() // its code is compared with the answer's
			got := Failure{}
			if tt.args[0] == "prepare" {
				written.add(t, "event", answer)
				ev := events.Event{}
				if err := json.Unmarshal(answer, &ev); err != nil || ev.Event != "done" || ev.Exit == nil {
					t.Fatalf("%q is not the one event done: %v", answer, err)
				}
				got = Failure{*ev.Exit, ev.Reason, ev.Error, ev.Message, ev.Flag}
			} else {
				written.add(t, "failure", answer)
				if err := json.Unmarshal(answer, &got); err != nil {
					t.Fatalf("%q: %v", answer, err)
				}
			}
			if got.Reason != tt.reason || got.Flag != tt.flag || got.Exit != cmd.ProcessState.ExitCode() || got.Error == "" || got.Message == nil {
				t.Errorf("%+v with exit code %d, want the reason %s and the flag %q", got, cmd.ProcessState.ExitCode(), tt.reason, tt.flag)
			}
		})
	}
	if written.of["event"]+written.of["failure"] != len(tests) {
		t.Errorf("documents %v, want %d", written.of, len(tests))
	}
	written.conform(t)
}

// Every exit code of an error has its own reason for each of its meanings, and the
// contract lists all reasons.
func TestReasonsArePublished(t *testing.T) {
	t.Parallel()
	page := strings.Join(strings.FieldsFunc(scriptsHelp(), func(r rune) bool { return r == '\n' || r == ' ' || r == ',' }), "\n")
	code := map[string]exitCode{}
	for _, row := range errorRows {
		if was, ok := code[row.reason]; ok && was != row.code {
			t.Errorf("%s has the exit codes %d and %d", row.reason, was, row.code)
		}
		code[row.reason] = row.code
		if !slices.Contains(strings.Split(page, "\n"), row.reason) {
			t.Errorf("preship help scripts does not list %s", row.reason)
		}
	}
	if n := len(reasonsOf(exitNoHandset)); n < 9 {
		t.Errorf("exit code 4 has %d reasons", n)
	}
}
