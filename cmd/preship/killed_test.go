package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/link"
	"preship/cmd/preship/internal/events"
	"preship/report"
	"preship/report/seal"
)

// asPreship makes the test binary be preship; see TestMain.
const asPreship = "PRESHIP_TEST_BE_PRESHIP"

// built is preship as it is built, made once for all tests: a process of it takes a
// fraction of the time that the test binary takes under the race detector.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "preship-built-")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "preship.exe")
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", file, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return file, nil
})

// story is one handset with its own adb server and a home for preship.
type story struct {
	t       *testing.T
	handset *adbtest.Handset // nil: a process of its own
	server  *adbtest.Server
	home    string
	program string    // "" is the test binary
	wire    *exchange // nil: preship reaches the server itself
	serial  string
}

// newBuiltStory is newStory with the handset and preship as processes of the program as it
// is built.
func newBuiltStory(t *testing.T, profile string) *story {
	t.Helper()
	program, err := built()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "handset", profile, "--listen=", "--adb-server=127.0.0.1:0", "--owner=helpful", "--json")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
	var at struct {
		Serial string
		Server string `json:"adb_server"`
	}
	if err := json.NewDecoder(out).Decode(&at); err != nil {
		t.Fatal(err)
	}
	return &story{t: t, home: t.TempDir(), program: program, wire: newExchange(t, at.Server), serial: at.Serial}
}

// addr is where preship reaches the adb server.
func (s *story) addr() string {
	if s.wire != nil {
		return s.wire.listener.Addr().String()
	}
	return s.server.Addr()
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
	return &story{t: t, handset: h, server: s, home: t.TempDir(), serial: h.Serial()}
}

func (s *story) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, cmp.Or(s.program, os.Args[0]), args...)
	cmd.Env = append(os.Environ(), asPreship+"=1", "LC_ALL=C", "HOME="+s.home, "XDG_CONFIG_HOME="+s.home, "AppData="+s.home,
		"ADB_SERVER_SOCKET=tcp:"+s.addr(), "ANDROID_SERIAL=")
	return cmd
}

// killAtEvent runs `preship prepare --json` and kills it some time after its nth event
// arrives. It says what that event was; "" when the job ended before.
func (s *story) killAtEvent(n int, after time.Duration, args ...string) string {
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
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait() // it was killed
	return at
}

// TestKilledAtAnyMoment kills the job at 60 moments, and resumes it each time: it must
// end ready, with the wipe sent once. The moments are the same in each run of the test,
// as far as the machine goes.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a job for each moment")
	}
	const moments, lastEvent = 60, 60
	for i := range moments {
		random := rand.New(rand.NewPCG(20261129, uint64(i)))
		n, after := 1+random.IntN(lastEvent), time.Duration(random.IntN(int(20*time.Millisecond)))
		t.Run(fmt.Sprintf("event %d and %v", n, after.Round(time.Millisecond)), func(t *testing.T) {
			t.Parallel()
			s := newBuiltStory(t, demoProfile)
			out := filepath.Join(s.home, "out")
			at := s.killAtEvent(n, after, "prepare", "--json", "--out", out, "--confirm=emulated", "--no-input")
			cases, err := filepath.Glob(filepath.Join(out, "PS-*"))
			if err != nil || len(cases) != 1 {
				t.Fatalf("killed at %s: cases %v, %v", at, cases, err)
			}
			s.goesOn(cases[0], at)
		})
	}
}

// goesOn resumes a job until it ends. A handset that waits in its recovery is answered
// for, and a wipe that was not sent, as far as anybody can know, is sent again.
func (s *story) goesOn(dir, at string) {
	s.t.Helper()
	args := []string{"prepare", "--json", "--case", dir, "--confirm=emulated", "--no-input"}
	for tries := 1; ; tries++ {
		last, said := s.lastEvent(args...)
		switch {
		case last.Verdict == string(report.VerdictReady):
		case tries == 5:
			s.t.Fatalf("killed at %s, not ready after %d runs: %+v\n%s", at, tries, last, said)
		case last.Reason == "handset.in-recovery":
			args = append(args, "--recovery=erase")
			continue
		case last.Reason == "reset.format-unknown" && s.wipes() == 0:
			args = append(args, "--again")
			continue
		case last.Reason == "handset.absent":
			s.comesBack()
			continue
		default:
			s.t.Fatalf("killed at %s, resumed: %+v\n%s", at, last, said)
		}
		break
	}
	res, err := seal.Verify(dir, seal.VerifyOptions{})
	if err != nil || !res.OK || res.Verdict != report.VerdictReady {
		s.t.Errorf("killed at %s: the report does not verify: %s, %v, %v", at, res.Verdict, res.Problems, err)
	}
	if wipes := s.wipes(); wipes != 1 {
		s.t.Errorf("killed at %s: the wipe was sent %d times, want once", at, wipes)
	}
}

// lastEvent runs preship and returns its last event, and what it said to a person.
func (s *story) lastEvent(args ...string) (last events.Event, said string) {
	s.t.Helper()
	var stderr bytes.Buffer
	cmd := s.command(s.t.Context(), args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && !errors.As(err, new(*exec.ExitError)) {
		s.t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	if err := json.Unmarshal(lines[len(lines)-1], &last); err != nil || last.Event != "done" {
		s.t.Fatalf("%q, %v\n%s", lines[len(lines)-1], err, stderr.String())
	}
	return last, stderr.String()
}

// comesBack waits until the handset is on the bus.
func (s *story) comesBack() {
	s.t.Helper()
	client, err := adb.New(adb.Options{Addr: s.addr()})
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := link.New(client.Device(s.serial), link.Options{}).WaitFor(s.t.Context(), adb.StateDevice, adb.StateSideload); err != nil {
		s.t.Fatal(err)
	}
}

func (s *story) wipes() (n int) {
	if s.wire != nil {
		return int(s.wire.wipes.Load())
	}
	for _, sent := range s.handset.Sent() {
		if strings.HasPrefix(sent.Service, "format-data:") {
			n++
		}
	}
	return n
}
