package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preship/adb"
	"preship/adb/link"
	"preship/report"
	"preship/report/seal"
)

// notProved is a job that ended in the assistant mode of the recovery, before anything was
// erased: the backup was missing at the last look, and is back now.
var notProved = stopped{run: func(t *testing.T) *asked {
	a := newExchanged(t)
	away := filepath.Join(a.home, "away")
	a.at, a.then = restarting, func(a *asked) { a.must(os.Rename(a.saved("."), away)) }
	if code := a.run("prepare"); code == exitReady || wipes(a.handset) != 0 {
		t.Fatalf("exit %d, %d wipes\n%s", code, wipes(a.handset), a.told.String())
	}
	mustDo(t, os.Rename(away, a.saved(".")))
	return a
}}

// TestLeftInRecovery: the handset waits in its recovery, and the job is run again. It may
// be erased there after a new confirmation, or be restarted; otherwise nothing is sent.
func TestLeftInRecovery(t *testing.T) {
	t.Parallel()
	const waits = "The handset waits in its recovery, where an earlier run left it."
	for _, tt := range []struct {
		name, command, there string
		before               func(*asked)
		during               func(*asked)
		says                 string
		code                 exitCode
		wipes, questions     int
		restarts             bool
	}{
		{name: "erased there", command: "prepare --case", there: "y", says: waits, code: exitReady, wipes: 1, questions: 1},
		{name: "one of several", command: "prepare --all", there: "y", says: waits, code: exitReady, wipes: 1, questions: 1},
		{name: "the step alone, answered by the flag", command: "reset --recovery=erase", says: "The data is formatted.", code: exitReady, wipes: 1, questions: 1},
		{name: "the same command again restarts it", command: "prepare --recovery=restart", says: "Restarting the handset out of its recovery.", code: exitReady, wipes: 1, questions: 1, restarts: true},
		{name: "neither yes nor no", command: "prepare --case", there: "perhaps", says: waits, code: exitNoHandset},
		{name: "the backup is deleted", command: "prepare --case", there: "y", before: remove("."), says: "The backup is not proved.", code: exitNotReady},
		{name: "the backup is deleted at the question", command: "prepare --case", there: "y", during: remove("."), says: "something changed after the reset was confirmed", code: exitNotReady, questions: 1},
		{name: "another unit", command: "prepare --case", there: "y", before: func(a *asked) { a.exchangeInRecovery("0x11111111") }, says: "not the identified one", code: exitNotReady},
		{name: "a unit that does not say its number", command: "reset", there: "y", before: func(a *asked) { a.exchangeInRecovery("") }, says: "not the identified one", code: exitNotReady},
		{name: "it was used meanwhile", command: "prepare --case", there: "y", before: func(a *asked) {
			a.there = "n"
			a.meant = "wrong" // restarted, looked at, and not erased
			a.run("prepare --case")
			a.toRecovery()
			a.told.Reset()
			a.there, a.meant, a.questions = "y", "538038", 0
		}, says: "Its system ran after the reset was confirmed", code: exitReady, wipes: 1, questions: 1, restarts: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := notProved.resumed(t)
			a.toRecovery()
			first := a.handset
			a.there = tt.there
			if tt.before != nil {
				tt.before(a)
			}
			a.during = tt.during
			sent := len(a.handset.Sent())
			command, flag, given := strings.Cut(tt.command, " --recovery=")
			args := []string{command}
			if given {
				args = append(args, "--recovery="+flag)
			}
			code := a.run(args...)
			if wiped := wipes(first, a.handset); code != tt.code || wiped != tt.wipes || a.questions != tt.questions || !strings.Contains(a.told.String(), tt.says) {
				t.Errorf("exit %d, %d wipes, %d questions; want %d, %d, %d and %q\n%s", code, wiped, a.questions, tt.code, tt.wipes, tt.questions, tt.says, a.told.String())
			}
			restarted := false
			for _, s := range a.handset.Sent()[min(sent, len(a.handset.Sent())):] {
				restarted = restarted || s.Service == "reboot:recovery"
			}
			if restarted != tt.restarts {
				t.Errorf("it was sent to its recovery again: %t, want %t", restarted, tt.restarts)
			}
			if tt.code != exitReady || command == "reset" {
				return
			}
			res, err := seal.Verify(a.dir(), seal.VerifyOptions{})
			if err != nil || res.Verdict != report.VerdictReady {
				t.Errorf("the report: %s, %v", res.Verdict, err)
			}
		})
	}
}

// exchangeInRecovery puts another unit of the model in the place of the handset, with this
// number of its processor or without one. It waits in its recovery too.
func (a *asked) exchangeInRecovery(cpu string) {
	pairs := [][2]string{}
	if cpu != "" {
		pairs = [][2]string{{"cpu-id: 0x5d8e3a17\n", "cpu-id: " + cpu + "\ncpu-id: 0x5d8e3a17\n"}}
	}
	a.replace(sister(a.t, pairs...))
	a.toRecovery()
}

// toRecovery restarts the handset into the assistant mode of its recovery.
func (a *asked) toRecovery() {
	a.t.Helper()
	client, err := adb.New(adb.Options{Addr: a.server})
	if err != nil {
		a.t.Fatal(err)
	}
	device := client.Device(a.handset.Serial())
	if err := device.Reboot(a.t.Context(), "sideload"); err != nil {
		a.t.Fatal(err)
	}
	if _, err := link.New(device, link.Options{}).WaitFor(a.t.Context(), adb.StateSideload); err != nil {
		a.t.Fatal(err)
	}
}
