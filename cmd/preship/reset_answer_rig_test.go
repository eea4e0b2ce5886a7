package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/handset"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/testdata"
)

// asked is a job at a terminal whose person does something with the handset or
// the computer while the question to erase is open, and then confirms.
type asked struct {
	t       *testing.T
	handset *adbtest.Handset
	server  string    // the adb server of the handset
	wire    *exchange // nil: preship reaches that server itself
	home    string
	meant   string        // what the person types
	other   string        // what the person answers to every other question; "" is n
	there   string        // what the person answers about a handset in its recovery; "" is not asked
	lang    string        // of the person; "" is English
	wait    time.Duration // --wait; zero is a minute

	questions int // to erase
	during    func(*asked)
	told      bytes.Buffer
	at        string // something that is said, at which then is called
	then      func(*asked)
	passed    atomic.Int64 // how far the computer's clock is ahead, in nanoseconds
}

// exchange is one address behind which one adb server can be put in place of
// another, as a handset is plugged in where another one was.
type exchange struct {
	to       atomic.Pointer[string]
	leave    atomic.Pointer[leaving] // nil: nothing is waited for
	listener net.Listener
	wipes    atomic.Int64 // wipes that were asked for
}

// leaving puts another server in place once something is asked of the first.
type leaving struct{ at, to string }

// Write takes the questions.
func (x *exchange) Write(b []byte) (int, error) {
	x.wipes.Add(int64(bytes.Count(b, []byte(handset.FormatData.Line))))
	if l := x.leave.Load(); l != nil && bytes.Contains(b, []byte(l.at)) {
		x.to.Store(&l.to)
	}
	return len(b), nil
}

func newExchange(t *testing.T, to string) *exchange {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	x := &exchange{listener: l}
	x.to.Store(&to)
	var open sync.WaitGroup
	open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { x.carry(c) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); open.Wait() })
	return x
}

func (x *exchange) carry(near net.Conn) {
	defer near.Close()
	far, err := net.Dial("tcp", *x.to.Load())
	if err != nil {
		return
	}
	defer far.Close()
	back := make(chan struct{})
	go func() {
		defer close(back)
		_, _ = io.Copy(near, far)
		_ = near.Close()
	}()
	_, _ = io.Copy(far, io.TeeReader(near, x))
	_ = far.(*net.TCPConn).CloseWrite()
	<-back
}

func serve(t *testing.T, p *adbtest.Profile, opts ...adbtest.Option) (*adbtest.Handset, string) {
	t.Helper()
	h := adbtest.New(p, append([]adbtest.Option{adbtest.WithOwner(adbtest.OwnerHelpful())}, opts...)...)
	s, err := adbtest.NewServer("", h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(); _ = h.Close() })
	return h, s.Addr()
}

func newAsked(t *testing.T, opts ...adbtest.Option) *asked {
	t.Helper()
	p, err := adbtest.Load(demoProfile)
	if err != nil {
		t.Fatal(err)
	}
	h, addr := serve(t, p, opts...)
	return &asked{t: t, handset: h, server: addr, home: t.TempDir(), meant: "538038"}
}

// newExchanged is newAsked for a handset in whose place another one may be plugged in.
func newExchanged(t *testing.T, opts ...adbtest.Option) *asked {
	t.Helper()
	a := newAsked(t, opts...)
	a.wire = newExchange(t, a.server)
	return a
}

// stopped is a job that stopped before the reset. It is run once, and each test of what may
// happen then goes on with a copy of its folder.
type stopped struct {
	run  func(t *testing.T) *asked
	once sync.Once
	home string // "" where it did not stop as it should
}

// notConfirmed is the job of a person who did not confirm the reset.
var notConfirmed = stopped{run: func(t *testing.T) *asked {
	a := newAsked(t)
	a.meant = "wrong"
	if code := a.run("prepare"); code != exitUsage {
		t.Fatalf("not confirmed: exit %d, want %d\n%s", code, exitUsage, a.told.String())
	}
	return a
}}

// resumed returns a copy of the job, and a handset whose owner signed out as in the job.
func (s *stopped) resumed(t *testing.T) *asked {
	t.Helper()
	s.once.Do(func() {
		home, err := os.MkdirTemp("", "stopped-job-") // goes with the folder of all tests
		mustDo(t, err)
		mustDo(t, copyFolder(home, s.run(t).home))
		s.home = home
	})
	if s.home == "" {
		t.Fatal("the job did not stop where it should")
	}
	a := &asked{t: t, home: t.TempDir(), meant: "538038"}
	a.handset, a.server = serve(t, unlocked(t))
	a.wire = newExchange(t, a.server)
	mustDo(t, copyFolder(a.home, s.home))
	return a
}

// address is that of the adb server for preship.
func (a *asked) address() string {
	if a.wire != nil {
		return a.wire.listener.Addr().String()
	}
	return a.server
}

// replace plugs another handset in.
func (a *asked) replace(p *adbtest.Profile) {
	a.t.Helper()
	h, addr := serve(a.t, p)
	a.handset, a.server = h, addr
	a.wire.to.Store(&addr)
}

// Write takes the messages to the person.
func (a *asked) Write(b []byte) (int, error) {
	n, err := a.told.Write(b)
	if a.then != nil && strings.Contains(string(b), a.at) {
		then := a.then
		a.then = nil
		then(a)
	}
	return n, err
}

// run is preship with these arguments, at a terminal.
func (a *asked) run(args ...string) exitCode {
	a.t.Helper()
	return exitCodeOf(a.runErr(args...))
}

func (a *asked) runErr(args ...string) error {
	a.t.Helper()
	e := &env{Console: &console.Console{
		In: strings.NewReader(""), Out: io.Discard, Err: a, InTTY: true, ErrTTY: true, Language: a.lang,
		Getenv:    func(string) string { return "" },
		Now:       func() time.Time { return time.Now().Add(time.Duration(a.passed.Load())) },
		ConfigDir: func() (string, error) { return a.home, nil },
	}}
	e.Asker = func(_ context.Context, flag, question string) (string, error) {
		if flag == "--recovery" {
			return a.there, nil
		}
		if flag != "--confirm" {
			a.t.Logf("asked %q for %s", question, flag)
			return cmp.Or(a.other, "n"), nil
		}
		if a.questions++; a.during != nil {
			during := a.during
			a.during = nil
			during(a)
		}
		return a.meant, nil
	}
	g := &globals{adbAddr: a.address()}
	opts := jobOptions{Options: job.Options{Prove: "hash", Way: "auto", Wait: cmp.Or(a.wait, time.Minute), NoIntake: true}}
	ctx, stop := context.WithTimeout(a.t.Context(), 10*time.Minute)
	defer stop()
	for _, arg := range args[1:] {
		opts.InRecovery = strings.TrimPrefix(arg, "--recovery=")
	}
	var err error
	switch args[0] {
	case "prepare":
		opts.Out = a.out()
		err = runPrepare(ctx, e, g, opts)
	case "prepare --case":
		opts.Dir = a.dir()
		err = runPrepare(ctx, e, g, opts)
	case "prepare --all":
		opts.Out = a.out()
		err = runFleet(ctx, e, g, opts, fleetOptions{all: true, jobs: 1})
	case "reset":
		opts.Dir = a.dir()
		err = runReset(ctx, e, g, opts)
	default:
		a.t.Fatalf("no command %q", args[0])
	}
	return err
}

func (a *asked) out() string { return filepath.Join(a.home, "out") }

// dir is the only case there is.
func (a *asked) dir() string {
	a.t.Helper()
	found, err := filepath.Glob(filepath.Join(a.out(), "PS-*"))
	if err != nil || len(found) != 1 {
		a.t.Fatalf("cases %q, %v, want one", found, err)
	}
	return found[0]
}

func (a *asked) saved(name string) string {
	return filepath.Join(a.dir(), "backup", filepath.FromSlash(name))
}

// wipes counts the commands to erase data, of all handsets.
func wipes(hs ...*adbtest.Handset) (n int) {
	for i, h := range hs {
		if slices.Contains(hs[:i], h) {
			continue
		}
		for _, sent := range h.Sent() {
			if strings.HasPrefix(sent.Service, "format-data:") {
				n++
			}
		}
	}
	return n
}

func (a *asked) sh(line string) {
	a.t.Helper()
	client, err := adb.New(adb.Options{Addr: a.server})
	if err != nil {
		a.t.Fatal(err)
	}
	res, err := client.Device(a.handset.Serial()).Shell(a.t.Context(), line, nil)
	if err != nil || res.Exit != 0 || len(res.Stderr) > 0 {
		a.t.Fatalf("%s: %+v, %v", line, res, err)
	}
}

// sister is another unit of the same model under the same adb serial. Its
// recovery does not report the number of its processor.
func sister(t *testing.T, pairs ...[2]string) *adbtest.Profile {
	t.Helper()
	if len(pairs) == 0 {
		pairs = [][2]string{{"868732053538038", "868732053777776"}, {"868732053538046", "868732053777784"}}
	}
	return unlocked(t, append(pairs, [2]string{"cpu-id: 0x5d8e3a17\n", ""})...)
}

// unlocked is unlockedProfile for a test.
func unlocked(t *testing.T, pairs ...[2]string) *adbtest.Profile {
	t.Helper()
	p, err := unlockedProfile(pairs...)
	mustDo(t, err)
	return p
}

// unlockedProfile is the handset of the demo after its owner signed out, with these texts
// of its profile replaced.
func unlockedProfile(pairs ...[2]string) (*adbtest.Profile, error) {
	b, err := testdata.Handsets.ReadFile(path.Join(testdata.HandsetDir, demoProfile+".txtar"))
	if err != nil {
		return nil, err
	}
	text := string(b)
	for _, pair := range append(pairs, [][2]string{
		{"account: 0 com.xiaomi 6230123535\naccount: 0 com.google owner@example.com\n", ""},
		{"find-device: on", "find-device: off"},
	}...) {
		if !strings.Contains(text, pair[0]) {
			return nil, fmt.Errorf("the profile holds no %q", pair[0])
		}
		text = strings.ReplaceAll(text, pair[0], pair[1])
	}
	return adbtest.Parse("unlocked", []byte(text))
}

func remove(name string) func(*asked) {
	return func(a *asked) {
		if err := os.RemoveAll(a.saved(name)); err != nil {
			a.t.Error(err)
		}
	}
}
