package main

import (
	"bufio"
	"os"
	"os/exec"
	"regexp"

	"github.com/rogpeppe/go-internal/testscript"

	"preship/adb/adbtest"
)

// cmdWireless puts a handset on the network of an adb server, and adb on that
// server: wireless PROFILE ADDR [PAIR-ADDR CODE] [old]. An old server knows
// neither pairing nor announcements. TROUBLE in the story's environment is the
// handset's.
func cmdWireless(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: wireless PROFILE ADDR [PAIR-ADDR CODE] [old]")
	}
	trouble := ts.Getenv("TROUBLE")
	if trouble != "" {
		trouble = ts.MkAbs(trouble)
	}
	h, err := emulate(args[0], "helpful", trouble)
	ts.Check(err)
	ts.Defer(func() { _ = h.Close() })
	s, err := adbtest.NewServer("")
	ts.Check(err)
	ts.Defer(func() { _ = s.Close() })
	way := adbtest.Wireless{Addr: args[1]}
	if len(args) >= 4 {
		way.PairAddr, way.Code = args[2], args[3]
	}
	s.AddWireless(h, way)
	if args[len(args)-1] == "old" {
		s.Forget("pair:", "mdns:")
	}
	ts.Setenv("ADB_SERVER_SOCKET", "tcp:"+s.Addr())
}

// cmdUntil runs a program until it has written a line that matches, interrupts
// it, and wants exactly this exit code: until CODE PATTERN PROGRAM [arg...].
func cmdUntil(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: until CODE PATTERN PROGRAM [arg...]")
	}
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	cmd := exec.Command(lookIn(ts, args[2]), args[3:]...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{"ADB_SERVER_SOCKET", "HOME", "XDG_CONFIG_HOME", "AppData", "NO_COLOR", "PATH", "SystemRoot"} {
		if v := ts.Getenv(name); v != "" {
			cmd.Env = append(cmd.Env, name+"="+v)
		}
	}
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	lines, matched := bufio.NewScanner(out), false
	for lines.Scan() {
		if !matched && pattern.MatchString(lines.Text()) {
			matched = true
			ts.Check(cmd.Process.Signal(os.Interrupt))
		}
	}
	err = cmd.Wait()
	if !matched {
		ts.Fatalf("no line matched %s: %v", args[1], err)
	}
	wantExit(ts, err, args[0])
}
