package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"

	"preship/adb"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report/casedir"
	"preship/report/printable"
)

func testEnv() (e *env, out, errOut *bytes.Buffer) {
	out, errOut = &bytes.Buffer{}, &bytes.Buffer{}
	return &env{Console: &console.Console{
		In: strings.NewReader(""), Out: out, Err: errOut,
		Getenv:    func(string) string { return "" },
		Now:       func() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) },
		ConfigDir: func() (string, error) { return "", errors.New("no home in this test") },
	}}, out, errOut
}

func TestExitCodeOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  error
		want exitCode
	}{
		{"nothing wrong", nil, exitReady},
		{"anything", errors.New("x"), exitFailed},
		{"usage", fmt.Errorf("a: %w", wrongFlag("b", errors.New("c"))), exitUsage},
		{"outcome", outcome(exitUnverified), exitUnverified},
		{"no handset", fmt.Errorf("a: %w", adb.ErrNoDevice), exitNoHandset},
		{"several", &adb.ManyDevicesError{}, exitNoHandset},
		{"unauthorized", &adb.StateError{Serial: "x", State: adb.StateUnauthorized}, exitNoHandset},
		{"offline", &adb.StateError{Serial: "x", State: adb.StateOffline}, exitNoHandset},
		{"recovery", &adb.StateError{Serial: "x", State: adb.StateRecovery}, exitNoHandset},
		{"no server", adb.ErrNoServer, exitFailed},
		{"other handset", casedir.ErrOtherHandset, exitNotReady},
		{"interrupted", job.ErrInterrupted, exitInterrupted},
		{"cancelled", context.Canceled, exitInterrupted},
	}
	for _, tt := range tests {
		if got := exitCodeOf(tt.err); got != tt.want {
			t.Errorf("%s: exitCodeOf(%v) = %d, want %d", tt.name, tt.err, got, tt.want)
		}
	}
	if outcome(exitReady) != nil {
		t.Error("outcome(ready) is an error")
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		err       error
		want, not string
	}{
		{"unauthorized says more than not ready", &adb.StateError{Serial: "abc", State: adb.StateUnauthorized}, "Allow USB debugging", "home screen"},
		{"several names the flag", &adb.ManyDevicesError{}, "--serial", ""},
		{"an outcome has spoken", outcome(exitNotReady), "", "preship"},
		{"interrupted is calm", job.ErrInterrupted, "Nothing proved is lost", "error"},
		{"a full disk is one cause", fmt.Errorf("write evidence: %w; case: write case.json", syscall.ENOSPC), "This computer's disk is full.", "evidence"},
		{"escapes", errors.New("a\x1b[2Jb"), `a\u001b[2Jb`, "\x1b"},
	}
	for _, tt := range tests {
		e, _, errOut := testEnv()
		e.Case = "job"
		e.explain(tt.err)
		got := errOut.String()
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q does not say %q", tt.name, got, tt.want)
		}
		if tt.not != "" && strings.Contains(got, tt.not) {
			t.Errorf("%s: %q says %q", tt.name, got, tt.not)
		}
	}
}

func TestHelpOfEveryCommand(t *testing.T) {
	t.Parallel()
	e, _, _ := testEnv()
	for _, cmd := range allCommands(newRootCmd(e)) {
		if first := []rune(cmd.Short)[0]; !unicode.IsUpper(first) {
			t.Errorf("%s: %q should begin with a capital", cmd.CommandPath(), cmd.Short)
		}
		usage, more := strings.Join(strings.Fields(cmd.UsageString()), " "), "preship help flags"
		if cmd.HasParent() && !cmd.IsAdditionalHelpTopicCommand() && !strings.Contains(usage, more) {
			t.Errorf("%s: its help does not say where all flags are", cmd.CommandPath())
		}
		if table := strings.Contains(usage, exitCodes[len(exitCodes)-2].means); table != (cmd.Name() == "scripts") {
			t.Errorf("%s: the table of exit codes is on its page: %t", cmd.CommandPath(), table)
		}
	}
}

func TestRunAnswersOnTheRightStream(t *testing.T) {
	t.Parallel()
	e, out, errOut := testEnv()
	if code := run(t.Context(), []string{"version"}, e); code != 0 {
		t.Errorf("version: exit %d, want 0", code)
	}
	if !strings.HasPrefix(out.String(), "preship ") || errOut.Len() > 0 {
		t.Errorf("version: stdout %q, stderr %q", out, errOut)
	}
	e, out, errOut = testEnv()
	if code := run(t.Context(), []string{"reset"}, e); code != int(exitUsage) {
		t.Errorf("reset without a case: exit %d, want %d", code, exitUsage)
	}
	if out.Len() > 0 || !strings.Contains(errOut.String(), "--case") {
		t.Errorf("reset without a case: stdout %q, stderr %q", out, errOut)
	}
}

func TestJSONEscapesControlCharacters(t *testing.T) {
	t.Parallel()
	e, out, _ := testEnv()
	if err := e.PrintJSON(map[string]string{"name": "a\u009b31m\u202e\x1b"}); err != nil {
		t.Fatal(err)
	}
	for _, r := range out.String() {
		if r != '\n' && printable.Unsafe(r) {
			t.Errorf("JSON lets %U through: %q", r, out)
		}
	}
	if got := out.String(); !strings.Contains(got, `\u009b`) || !strings.Contains(got, `\u202e`) {
		t.Errorf("JSON lost characters: %q", got)
	}
}
