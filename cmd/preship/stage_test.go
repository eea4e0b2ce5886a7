package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/handset"
)

// stage is a handset in the test's own process, for stories in which something
// happens to it while preship runs.
type stage struct {
	handset *adbtest.Handset
	device  *adb.Device
	past    int // of its input, is no part of the story
}

// withStage adds the commands of a stage to those of every story.
func withStage(commands map[string]func(*testscript.TestScript, bool, []string)) map[string]func(*testscript.TestScript, bool, []string) {
	all := maps.Clone(commands)
	all["stage"], all["proved"], all["phone"], all["meanwhile"], all["sent"] = cmdStage, cmdProved, cmdPhone, cmdMeanwhile, cmdSent
	return all
}

// stages are the stages of the stories under way, by their folder.
var stages sync.Map

// guided is an owner who touches a page of the vendor's reset only after preship gave its
// instruction, however slow the machine is.
func told(o adbtest.Owner) adbtest.Owner {
	o.Reads, o.Pause = 2, 0
	return o
}

// stageOwners are owners that no flag names.
var stageOwners = map[string]adbtest.Owner{
	"helpful": adbtest.OwnerHelpful(),
	"guided":  told(adbtest.OwnerGuided()),
	"idle":    adbtest.OwnerIdle(),
	// Signs out, and has left before the recovery's menu comes.
	"signs-out": {AcceptsDebugging: true, SignsOut: true},
	// Chooses Reboot in the recovery, and follows the vendor's reset.
	"reboots": told(adbtest.Owner{
		AcceptsDebugging: true, SignsOut: true, LeavesRecovery: true, FollowsReset: true,
		GivesSecrets: true, SetsUpAgain: true,
	}),
	// Stays signed in, and follows the vendor's reset all the same.
	"follows": told(adbtest.Owner{AcceptsDebugging: true, FollowsReset: true, GivesSecrets: true}),
	// Stays signed in, and leaves it at the first page of the set-up.
	"stays-in": {AcceptsDebugging: true, PicksAssistant: true},
}

// cmdStage is cmdHandset in this process: stage PROFILE OWNER [@trouble-file].
func cmdStage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: stage PROFILE OWNER [@trouble]")
	}
	p, err := adbtest.Load(args[0])
	ts.Check(err)
	putOnStage(ts, p, args[1:])
}

// putOnStage begins a stage: OWNER [@trouble-file].
func putOnStage(ts *testscript.TestScript, p *adbtest.Profile, args []string) {
	owner, ok := stageOwners[args[0]]
	if !ok {
		ts.Fatalf("no owner is called %s", args[0])
	}
	options := []adbtest.Option{adbtest.WithOwner(owner)}
	if len(args) > 1 {
		trouble, err := adbtest.ParseTrouble(strings.NewReader(ts.ReadFile(strings.TrimPrefix(args[1], "@"))))
		ts.Check(err)
		options = append(options, adbtest.WithTrouble(trouble...))
	}
	h := adbtest.New(p, options...)
	ts.Defer(func() { _ = h.Close() })
	s, err := adbtest.NewServer(adbtest.LocalAddr(), h)
	ts.Check(err)
	ts.Defer(func() { _ = s.Close() })
	client, err := adb.New(adb.Options{Addr: s.Addr()})
	ts.Check(err)
	stages.Store(ts.Getenv("WORK"), &stage{handset: h, device: client.Device(h.Serial())})
	ts.Setenv("ADB_SERVER_SOCKET", socketOf(s.Addr()))
	ts.Setenv("SERIAL", h.Serial())
}

// cmdProved is a stage on the handset of the demo after its owner signed out, and the
// folder of its case, with the copy proved and no lock left, as after preship backup --out
// DIR and preship accounts --case DIR: proved DIR OWNER [@trouble-file]. These run once for
// all stories.
func cmdProved(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: proved DIR OWNER [@trouble]")
	}
	home, err := provedOnce()
	ts.Check(err)
	for to, from := range map[string]string{
		ts.MkAbs(args[0]): "out",
		filepath.Join(ts.Getenv("XDG_CONFIG_HOME"), "preship"): "preship",
	} {
		if exists(to) {
			ts.Fatalf("%s exists", to)
		}
		ts.Check(copyFolder(to, filepath.Join(home, from)))
	}
	p, err := unlockedProfile()
	ts.Check(err)
	putOnStage(ts, p, args[1:])
}

// provedOnce returns the home of a case whose copy is proved, which must not be changed.
var provedOnce = sync.OnceValues(func() (home string, err error) {
	h, err := emulate(demoProfile, "helpful", "")
	if err != nil {
		return "", err
	}
	defer h.Close()
	s, err := adbtest.NewServer("", h)
	if err != nil {
		return "", err
	}
	defer s.Close()
	home, err = os.MkdirTemp("", "proved-case-") // goes with the folder of all tests
	if err != nil {
		return "", err
	}
	out := filepath.Join(home, "out")
	for _, args := range [][]string{{"backup", "--out", out}, {"accounts", "--case", out, "--wait", "2m"}} {
		cmd := exec.Command(os.Args[0], args...)
		cmd.Env = append(os.Environ(), asPreship+"=1", "HOME="+home, "XDG_CONFIG_HOME="+home, "AppData="+home, "LC_ALL=C",
			"ADB_SERVER_SOCKET=tcp:"+s.Addr(), "ANDROID_SERIAL=")
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("preship %q: %w\n%s", args, err, out)
		}
	}
	return home, nil
})

func stageOf(ts *testscript.TestScript) *stage {
	s, ok := stages.Load(ts.Getenv("WORK"))
	if !ok {
		ts.Fatalf("no stage")
	}
	return s.(*stage)
}

// cmdPhone is the owner using the handset: phone 'SHELL LINE', phone resets.
func cmdPhone(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: phone 'SHELL LINE'|resets")
	}
	s := stageOf(ts)
	if args[0] == "resets" {
		s.handset.ResetByHand()
		return
	}
	res, err := s.device.Shell(context.Background(), args[0], nil)
	ts.Check(err)
	if res.Exit != 0 {
		ts.Fatalf("%s: exit %d: %s", args[0], res.Exit, res.Stderr)
	}
}

// cmdSent says what of all that the handset was sent changes something, since the
// last time it was asked: sent [LINE...], or sent -any to forget it. A line is a
// regular expression for all of it.
func cmdSent(ts *testscript.TestScript, neg bool, args []string) {
	s := stageOf(ts)
	all := s.handset.Sent()
	fresh := all[s.past:]
	s.past = len(all)
	if neg {
		ts.Fatalf("usage: sent [LINE...]|-any")
	}
	if slices.Equal(args, []string{"-any"}) {
		return
	}
	var writes []string
	for _, one := range fresh {
		line := one.Line
		if line == "" {
			line = one.Service
		}
		row, ok := handset.Match(line)
		if !ok {
			ts.Fatalf("the handset was sent %q, which is in no table", line)
		}
		if row.Writes {
			writes = append(writes, line)
		}
	}
	same := slices.EqualFunc(writes, args, func(line, want string) bool {
		return regexp.MustCompile(`^(?:` + want + `)$`).MatchString(line)
	})
	if !same {
		ts.Fatalf("the handset was sent %q, want %q", writes, args)
	}
}

// cmdMeanwhile runs preship and does something at the first line of its standard
// error that matches: meanwhile 'REGEXP' resets|dies CODE preship [arg...]. The
// output is in the files out and err.
func cmdMeanwhile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 {
		ts.Fatalf("usage: meanwhile 'REGEXP' resets|dies CODE preship [arg...]")
	}
	at, err := regexp.Compile(args[0])
	ts.Check(err)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, lookIn(ts, args[3]), args[4:]...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "AppData", "NO_COLOR", "ANDROID_SERIAL", "ADB_SERVER_SOCKET", "PATH", "SystemRoot"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout = &stdout
	pipe, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	happened := false
	for lines := bufio.NewScanner(io.TeeReader(pipe, &stderr)); lines.Scan(); {
		if happened || !at.MatchString(lines.Text()) {
			continue
		}
		happened = true
		switch args[1] {
		case "resets":
			stageOf(ts).handset.ResetByHand()
		case "dies":
			_ = cmd.Process.Kill()
		default:
			ts.Fatalf("what is %s", args[1])
		}
	}
	code := 0
	if exit := (*exec.ExitError)(nil); errors.As(cmd.Wait(), &exit) {
		code = exit.ExitCode()
	}
	ts.Check(os.WriteFile(ts.MkAbs("out"), stdout.Bytes(), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("err"), stderr.Bytes(), 0o600))
	ts.Logf("%s", stderr.String())
	if !happened || fmt.Sprint(code) != args[2] {
		ts.Fatalf("exit code %d, want %s; its line was seen: %t", code, args[2], happened)
	}
}
