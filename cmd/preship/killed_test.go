package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/adbtest/android"
	"preship/adb/handset"
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
	handset *adbtest.Handset // nil: its own process
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

// moment is when a process is killed: some time after its nth event arrives.
type moment struct {
	event int
	after time.Duration
}

func (m moment) String() string {
	return fmt.Sprintf("event %d and %v", m.event, m.after.Round(time.Millisecond))
}

// killAt runs `preship prepare --json`, kills it at a moment, and returns its last event
// and its sentences to a person. The event is "done" if the job ended before.
func (s *story) killAt(m moment, args ...string) (last events.Event, said string) {
	s.t.Helper()
	var stderr bytes.Buffer
	cmd := s.command(s.t.Context(), args...)
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for i := 1; ; i++ {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			break // it is killed or at its end; a line cut short is no event
		}
		last = events.Event{}
		if err := json.Unmarshal(line, &last); err != nil {
			s.t.Fatalf("%q: %v", line, err)
		}
		if i == m.event {
			time.AfterFunc(m.after, func() { _ = cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait() // it was killed
	return last, stderr.String()
}

// TestKilledAtAnyMoment kills 12 jobs at up to four moments each, also while they resume.
// Each must end ready, with the handset wiped once by each decision at most. The moments
// are the same in each run of the test, as far as the machine goes.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes many jobs")
	}
	const jobs, kills, lastEvent = 12, 4, 115
	for i := range jobs {
		random := rand.New(rand.NewPCG(20261129, uint64(i)))
		var moments []moment
		for k := range kills {
			// The first ones lie evenly over the job. One that resumes has fewer events.
			event := 1 + (i*lastEvent+random.IntN(lastEvent))/jobs
			if k > 0 {
				event = 1 + random.IntN(lastEvent/2)
			}
			moments = append(moments, moment{event, time.Duration(random.IntN(int(20 * time.Millisecond)))})
		}
		t.Run(fmt.Sprint(moments), func(t *testing.T) {
			t.Parallel()
			s := newBuiltStory(t, demoProfile)
			out := filepath.Join(s.home, "out")
			last, said := s.killAt(moments[0], "prepare", "--json", "--out", out, "--confirm=emulated", "--no-input")
			cases, err := filepath.Glob(filepath.Join(out, "PS-*"))
			if err != nil || len(cases) != 1 {
				t.Fatalf("killed after %+v: cases %v, %v\n%s", last, cases, err, said)
			}
			s.goesOn(cases[0], fmt.Sprint(moments), moments[1:]...)
		})
	}
}

// goesOn resumes a job until it ends, and kills it at some moments meanwhile. A handset
// that waits in its recovery is answered for, and a wipe that was not sent, as far as
// anybody can know, is sent again.
func (s *story) goesOn(dir, at string, kills ...moment) {
	s.t.Helper()
	base := []string{"prepare", "--json", "--case", dir, "--confirm=emulated", "--no-input"}
	args, want := base, 1
	for tries := 1 - len(kills); ; tries++ {
		kill := moment{}
		if len(kills) > 0 {
			kill, kills = kills[0], kills[1:]
		}
		last, said := s.killAt(kill, args...)
		switch {
		case last.Event != "done" && kill.event > 0:
			args = base
			continue
		case last.Verdict == string(report.VerdictReady):
		case tries == 5:
			s.t.Fatalf("killed at %s, not ready after %d runs: %+v\n%s", at, tries, last, said)
		case last.Reason == "handset.in-recovery":
			args = append(base[:len(base):len(base)], "--recovery=erase")
			continue
		case last.Reason == "usage" && slices.Contains(args, "--recovery=erase"): // the system ran, and it says so
			args = append(base[:len(base):len(base)], "--recovery=restart")
			continue
		case last.Reason == "reset.format-unknown" && want == 1 && s.wipes() < 2:
			// The owner decides again. The first may have been cut off on its way or done.
			want = 1 + s.wipes()
			args = append(args[:len(args):len(args)], "--again")
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
	if wipes := s.wipes(); wipes != want {
		s.t.Errorf("killed at %s: the wipe was sent %d times, want %d", at, wipes, want)
	}
	if resets := s.resets(want + 1); resets < 1 || resets > want {
		s.t.Errorf("killed at %s: the handset was wiped %d times, and its owner decided %d times", at, resets, want)
	}
}

// comesBack waits until the handset is on the bus.
func (s *story) comesBack() *adb.Device {
	s.t.Helper()
	client, err := adb.New(adb.Options{Addr: s.addr()})
	if err != nil {
		s.t.Fatal(err)
	}
	d := client.Device(s.serial)
	if _, err := link.New(d, link.Options{}).WaitFor(s.t.Context(), adb.StateDevice, adb.StateSideload); err != nil {
		s.t.Fatal(err)
	}
	return d
}

// resets returns how often the handset was wiped, by its own count: each reset gives it
// the next Android ID. One that was wiped more often than most fails the test.
func (s *story) resets(most int) int {
	s.t.Helper()
	res, err := s.comesBack().Shell(s.t.Context(), handset.AndroidID.Line, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	id := strings.TrimSpace(string(res.Stdout))
	for n := range most + 1 {
		if id == android.ID(s.serial, n) {
			return n
		}
	}
	s.t.Fatalf("the Android ID is %q, of more than %d resets", id, most)
	return 0
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
