package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"preship/adb/adbtest"
	"preship/report/timestamp/timestamptest"
)

// scriptCommands are the words our stories have beyond testscript's own.
var scriptCommands = map[string]func(*testscript.TestScript, bool, []string){
	"handset":   cmdHandset,
	"case":      cmdCase,
	"finished":  cmdFinished,
	"authority": cmdAuthority,
	"flip":      cmdFlip,
	"field":     cmdField,
	"exits":     cmdExits,
	"handsets":  cmdHandsets,
	"answers":   cmdAnswers,
	"wireless":  cmdWireless,
	"until":     cmdUntil,
	"stranger":  cmdStranger,
}

// cmdHandset runs `preship handset PROFILE [flag...]` for the rest of the story,
// with an adb server front, and points adb at it. An argument that begins with @
// is a file of the story.
func cmdHandset(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: handset PROFILE [flag...]")
	}
	all := []string{"handset", args[0], "--json", "--listen", "", "--adb-server", cmp.Or(adbtest.LocalAddr(), "127.0.0.1:0")}
	for _, a := range args[1:] {
		if name, ok := strings.CutPrefix(a, "@"); ok {
			a = ts.MkAbs(name)
		}
		all = append(all, a)
	}
	cmd := exec.CommandContext(context.Background(), lookIn(ts, "preship"), all...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ts.Defer(func() {
		_ = cmd.Process.Signal(os.Interrupt) // it ends with 130 and has nothing to say
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		ts.Fatalf("preship handset said nothing: %v", err)
	}
	var info handsetInfo
	ts.Check(json.Unmarshal([]byte(line), &info))
	ts.Setenv("ADB_SERVER_SOCKET", socketOf(info.ADBServer))
	ts.Setenv("SERIAL", info.Serial)
}

// cmdHandsets puts several handsets on one adb server: handsets PROFILE...
func cmdHandsets(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: handsets PROFILE...")
	}
	var all []*adbtest.Handset
	for _, name := range args {
		h, err := emulate(name, "helpful", "")
		ts.Check(err)
		ts.Defer(func() { _ = h.Close() })
		all = append(all, h)
	}
	s, err := adbtest.NewServer(adbtest.LocalAddr(), all...)
	ts.Check(err)
	ts.Defer(func() { _ = s.Close() })
	ts.Setenv("ADB_SERVER_SOCKET", socketOf(s.Addr()))
}

// socketOf returns the address of an adb server as adb takes it.
func socketOf(addr string) string {
	if strings.HasPrefix(addr, "localabstract:") {
		return addr
	}
	return "tcp:" + addr
}

// cmdStranger has something else than an adb server at the server's address: it
// hangs up on whoever calls.
func cmdStranger(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: stranger")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.Close()
		}
	}()
	ts.Defer(func() {
		_ = l.Close()
		<-done
	})
	ts.Setenv("ADB_SERVER_SOCKET", "tcp:"+l.Addr().String())
}

// lookIn finds a program on the story's own PATH.
func lookIn(ts *testscript.TestScript, name string) string {
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		for _, suffix := range []string{"", ".exe"} {
			if p := filepath.Join(dir, name+suffix); exists(p) {
				return p
			}
		}
	}
	ts.Fatalf("%s is not on the PATH", name)
	return ""
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// wantExit checks how a program ended: err is that of its run.
func wantExit(ts *testscript.TestScript, err error, want string) {
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if fmt.Sprint(got) != want {
		ts.Fatalf("exit code %d, want %s", got, want)
	}
}

// cmdExits runs a program and wants exactly this exit code: exits CODE PROGRAM [arg...].
func cmdExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [arg...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	wantExit(ts, err, args[0])
}

// cmdCase sets an environment variable to the only case folder in a folder:
// case NAME DIR.
func cmdCase(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: case NAME DIR")
	}
	found, err := filepath.Glob(filepath.Join(ts.MkAbs(args[1]), "PS-*"))
	ts.Check(err)
	if len(found) != 1 {
		ts.Fatalf("%d cases in %s", len(found), args[1])
	}
	ts.Setenv(args[0], found[0])
}

// demos are the folders of demos that ran once for all stories, by profile.
var demos sync.Map // profile → func() (folder string, err error)

// cmdFinished makes a new folder with the finished case of a demo and its register, as
// preship demo --out DIR --profile PROFILE would: finished DIR [PROFILE]. The demo runs
// once for all stories, and a story without a signing key gets that of the demo.
func cmdFinished(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: finished DIR [PROFILE]")
	}
	profile := demoProfile
	if len(args) == 2 {
		profile = args[1]
	}
	demo, err := finishedDemo(profile)
	ts.Check(err)
	if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
		ts.Fatalf("%s exists", args[0])
	}
	ts.Check(copyFolder(ts.MkAbs(args[0]), demo))
	key := filepath.Join(ts.Getenv("XDG_CONFIG_HOME"), "preship")
	if _, err := os.Stat(key); errors.Is(err, fs.ErrNotExist) {
		ts.Check(copyFolder(key, filepath.Join(filepath.Dir(demo), "preship")))
	}
}

// finishedDemo returns the folder of a demo on a profile, which must not be changed.
func finishedDemo(profile string) (folder string, err error) {
	run, _ := demos.LoadOrStore(profile, sync.OnceValues(func() (string, error) { return runDemoOnce(profile) }))
	return run.(func() (string, error))()
}

func runDemoOnce(profile string) (folder string, err error) {
	home, err := os.MkdirTemp("", "finished-demo-") // goes with the folder of all tests
	if err != nil {
		return "", err
	}
	folder = filepath.Join(home, "out")
	cmd := exec.Command(os.Args[0], "demo", "--out", folder, "--profile", profile)
	cmd.Env = append(os.Environ(), asPreship+"=1", "HOME="+home, "XDG_CONFIG_HOME="+home, "AppData="+home, "LC_ALL=C")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("demo of %s: %w\n%s", profile, err, out)
	}
	return folder, nil
}

// copyFolder copies a folder with its modes and times.
func copyFolder(to, from string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		fi, err := d.Info()
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), fi.Mode().Perm())
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, rel), b, fi.Mode().Perm()); err != nil {
			return err
		}
		return os.Chtimes(filepath.Join(to, rel), fi.ModTime(), fi.ModTime())
	})
}

// cmdAuthority starts an authority for time stamps until the story ends, with its URL in
// $TSA, and writes its certificate: authority FILE.
func cmdAuthority(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: authority FILE")
	}
	a, err := timestamptest.New("TSA of the stories", time.Now)
	ts.Check(err)
	ts.Defer(a.Close)
	ts.Setenv("TSA", a.URL)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), a.Roots, 0o600))
}

// cmdFlip changes one bit in the middle of a file: flip FILE.
func cmdFlip(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: flip FILE")
	}
	file := ts.MkAbs(args[0])
	b, err := os.ReadFile(file)
	ts.Check(err)
	if len(b) == 0 {
		ts.Fatalf("%s is empty", file)
	}
	b[len(b)/2] ^= 1
	ts.Check(os.Chmod(file, 0o600))
	ts.Check(os.WriteFile(file, b, 0o600))
}

// cmdField compares a value inside a JSON file: field FILE a.b.0.c VALUE. FILE may
// be stdout.
func cmdField(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: field FILE PATH VALUE")
	}
	var v any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &v))
	got := fmt.Sprint(walk(v, strings.Split(args[1], ".")))
	if (got == args[2]) == neg {
		ts.Fatalf("%s: %s is %q, want%s %q", args[0], args[1], got, map[bool]string{true: " not"}[neg], args[2])
	}
}

func walk(v any, path []string) any {
	for _, p := range path {
		switch x := v.(type) {
		case map[string]any:
			v = x[p]
		case []any:
			var i int
			if _, err := fmt.Sscan(p, &i); err != nil || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

// toolHere says whether a program the stories use is installed. Where the
// environment requires the tools, a missing one fails the story instead of
// skipping it: the story then runs and cannot find the program.
func toolHere(name string) bool {
	_, err := exec.LookPath(name)
	return err == nil || os.Getenv("PRESHIP_REQUIRE_TOOLS") == "1"
}

// cmdAnswers serves one answer over HTTP for the rest of the story, and sets
// ONLINE to its address: answers TEXT.
func cmdAnswers(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: answers TEXT")
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, args[0]) }))
	ts.Defer(s.Close)
	ts.Setenv("ONLINE", s.URL)
}
