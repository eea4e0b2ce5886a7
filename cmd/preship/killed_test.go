package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"preship/adb/adbtest"
	"preship/cmd/preship/internal/events"
	"preship/report"
	"preship/report/seal"
)

// asPreship makes the test binary be preship; see TestMain.
const asPreship = "PRESHIP_TEST_BE_PRESHIP"

// story is one handset with its own adb server and a home for preship.
type story struct {
	t       *testing.T
	handset *adbtest.Handset
	server  *adbtest.Server
	home    string
}

func newStory(t *testing.T, profile string) *story {
	t.Helper()
	return newStoryOwned(t, profile, "helpful")
}

func newStoryOwned(t *testing.T, profile, owner string) *story {
	t.Helper()
	h, err := emulate(profile, owner, "")
	if err != nil {
		t.Fatal(err)
	}
	s, err := adbtest.NewServer("", h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.Close()
		_ = h.Close()
	})
	return &story{t, h, s, t.TempDir()}
}

func (s *story) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), asPreship+"=1", "LC_ALL=C", "HOME="+s.home, "XDG_CONFIG_HOME="+s.home, "AppData="+s.home,
		"ADB_SERVER_SOCKET=tcp:"+s.server.Addr(), "ANDROID_SERIAL=")
	return cmd
}

// killAtEvent runs `preship prepare --json` and kills it as its nth event arrives.
// It says what that event was; "" when the job ended before.
func (s *story) killAtEvent(n int, args ...string) string {
	s.t.Helper()
	cmd := s.command(s.t.Context(), args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	at := ""
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for i := 1; lines.Scan(); i++ {
		if i == n {
			at = lines.Text()
			_ = cmd.Process.Kill()
			break
		}
	}
	_, _ = io.Copy(io.Discard, out)
	_ = cmd.Wait() // it was killed
	return at
}

// TestKilledAtAnyMoment kills the job at one event after the other, and resumes
// it each time: it must end ready, with the wipe sent once.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a job for each moment")
	}
	for _, n := range []int{1, 2, 4, 7, 8, 9, 14, 16, 18, 30, 36, 37, 38, 39, 40, 41, 54, 56} {
		t.Run(fmt.Sprint("event ", n), func(t *testing.T) {
			t.Parallel()
			s := newStory(t, demoProfile)
			out := filepath.Join(s.home, "out")
			at := s.killAtEvent(n, "prepare", "--json", "--out", out, "--confirm=emulated", "--no-input")
			cases, err := filepath.Glob(filepath.Join(out, "PS-*"))
			if err != nil || len(cases) != 1 {
				t.Fatalf("killed at %s: cases %v, %v", at, cases, err)
			}
			s.goesOn(cases[0], at)
		})
	}
}

func (s *story) goesOn(dir, at string) {
	s.t.Helper()
	var stderr bytes.Buffer
	cmd := s.command(s.t.Context(), "prepare", "--json", "--case", dir, "--confirm=emulated", "--no-input")
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("killed at %s, going on: %v\n%s\n%s", at, err, out, stderr.String())
	}
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	var last events.Event
	if err := json.Unmarshal(lines[len(lines)-1], &last); err != nil || last.Event != "done" || last.Verdict != string(report.VerdictReady) {
		s.t.Errorf("killed at %s: the last event is %s, want done and READY", at, lines[len(lines)-1])
	}
	res, err := seal.Verify(dir, seal.VerifyOptions{})
	if err != nil || !res.OK {
		s.t.Errorf("killed at %s: the report does not verify: %v, %v", at, res.Problems, err)
	}
	if wipes := s.wipes(); wipes != 1 {
		s.t.Errorf("killed at %s: the wipe was sent %d times, want once", at, wipes)
	}
}

func (s *story) wipes() (n int) {
	for _, sent := range s.handset.Sent() {
		if strings.HasPrefix(sent.Service, "format-data:") {
			n++
		}
	}
	return n
}
