package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest"
	"preship/report"
	"preship/report/check"
	"preship/report/seal"
)

// The moments of a fault: what the person reads when it happens.
const (
	fromTheStart = "" // the trouble is the handset's own
	copying      = "2/6 backup"
	signingOut   = "3/6 accounts"
	theQuestion  = "--confirm"
	restarting   = "Connect with MIAssistant"
	formatting   = "Formatting the data"
)

// fault is one thing that goes wrong at one moment, and what comes of it.
type fault struct {
	what, when string
	trouble    string       // of the emulated handset
	do         func(*asked) // nil with a trouble
	exchanged  bool         // do plugs another handset in

	seen    string         // what the person reads
	verdict report.Verdict // of the sealed report; "" for no report
	exit    exitCode
	wipes   int
	asks    int    // questions to erase
	saves   string // a file that is in the backup then
	finds   string // a check that the report warns of
	// unproved: the report does not verify, because its evidence is gone.
	unproved bool
	// everywhere: also through prepare --all, on resume, and by the step alone, unless
	// another backup is made, which the step alone leaves to the person.
	everywhere bool
}

const newContact = "content insert --uri content://com.android.contacts/raw_contacts --bind contact_id:i:9 --bind display_name:s:New --bind deleted:i:0 --bind version:i:1"

// faults are the things that go wrong, with the whole job around them.
var faults = []fault{
	// The copy on the disk.
	{what: "the backup is deleted", when: theQuestion, do: remove("."), seen: "The backup is not proved.", verdict: report.VerdictNotReady, exit: exitNotReady, asks: 1, everywhere: true},
	{what: "a folder of the backup is deleted", when: theQuestion, do: remove("storage/emulated/0/DCIM"), seen: "The backup is not proved.", verdict: report.VerdictNotReady, exit: exitNotReady, asks: 1},
	{what: "the messages are deleted from the backup", when: theQuestion, do: remove("items/messages.html"), seen: "The backup is not proved.", verdict: report.VerdictNotReady, exit: exitNotReady, asks: 1},
	{what: "a saved file is written to, its size and time kept", when: theQuestion, do: overwrite, seen: "The backup is not proved.", verdict: report.VerdictNotReady, exit: exitNotReady, asks: 1},
	{what: "the backup is deleted", when: restarting, do: remove("."), seen: "something changed after the reset was confirmed", verdict: report.VerdictNotReady, exit: exitNotReady, asks: 1},
	// The handset.
	{what: "a photo is taken", when: theQuestion, do: func(a *asked) { a.sh("echo new > /sdcard/DCIM/Camera/new.jpg") }, seen: "1 file is new", verdict: report.VerdictReady, wipes: 1, asks: 2, saves: "storage/emulated/0/DCIM/Camera/new.jpg"},
	{what: "a contact is added", when: theQuestion, do: func(a *asked) { a.sh(newContact) }, seen: "1 contact", verdict: report.VerdictReady, wipes: 1, asks: 2, saves: "items/raw/contacts.raw.jsonl", everywhere: true},
	{what: "an event is added", when: theQuestion, do: func(a *asked) {
		a.sh("content insert --uri content://com.android.calendar/events --bind calendar_id:i:1 --bind title:s:New --bind dtstart:l:1775000000000 --bind dtend:l:1775003600000 --bind deleted:i:0")
	}, seen: "1 calendar entry", verdict: report.VerdictReady, wipes: 1, asks: 2, saves: "items/raw/calendar.jsonl"},
	{what: "the account is signed in again", when: theQuestion, do: func(a *asked) { a.handset.SignIn("com.xiaomi", "6230123535") }, seen: "The handset is still locked.", verdict: report.VerdictNotReady, exit: exitNotReady, asks: 1, everywhere: true},
	{what: "another account is signed in", when: theQuestion, do: func(a *asked) { a.handset.SignIn("com.google", "other@example.com") }, seen: "The handset is still locked.", verdict: report.VerdictNotReady, exit: exitNotReady, asks: 1},
	{what: "another unit is plugged in", when: theQuestion, do: func(a *asked) { a.exchange() }, exchanged: true, seen: "Another handset is connected.", verdict: report.VerdictNotReady, exit: exitNotReady, asks: 1, everywhere: true},
	{what: "it does not report its IMEI any more", when: theQuestion, do: func(a *asked) {
		a.exchange([2]string{"[ro.ril.miui.imei0]: [868732053538038]\n", ""}, [2]string{"[ro.ril.miui.imei1]: [868732053538046]\n", ""})
	}, exchanged: true, seen: "does not report the number", verdict: report.VerdictNotReady, exit: exitNotReady, asks: 1},
	{what: "another unit stands in the recovery", when: restarting, do: func(a *asked) { a.exchange() }, exchanged: true, seen: "the handset in the recovery is not the identified one", verdict: report.VerdictNotReady, exit: exitNotReady, asks: 1},
	{what: "the recovery is another unit's", when: fromTheStart, trouble: "swapped", seen: "the handset in the recovery is not the identified one", verdict: report.VerdictNotReady, exit: exitNotReady, asks: 1},
	{what: "the cable comes out and in again", when: fromTheStart, trouble: "cut service=sync: after=300K for=100ms times=2", seen: "2/6 backup", verdict: report.VerdictReady, wipes: 1, asks: 1},
	{what: "its own hash of a photo is another", when: fromTheStart, trouble: "wrong-hash path=/storage/emulated/0/DCIM/Camera/*.jpg", seen: "not proved", verdict: report.VerdictNotReady, exit: exitNotReady},
	// The reset.
	{what: "the recovery refuses to format", when: fromTheStart, trouble: "format answer=disabled", seen: "--way settings", verdict: report.VerdictNotReady, exit: exitNotReady, wipes: 1, asks: 1},
	{what: "the recovery cannot format", when: fromTheStart, trouble: "format answer=failed", seen: "Choose Wipe data or Reboot in the recovery's menu", verdict: report.VerdictFailed, exit: exitFailed, wipes: 1, asks: 1},
	{what: "the cable comes out before the answer", when: fromTheStart, trouble: "cut service=format-data: for=100ms times=1", seen: "it is not known whether the data was formatted", verdict: report.VerdictFailed, exit: exitFailed, wipes: 1, asks: 1},
	// The computer.
	{what: "the clock goes back by 30 years", when: restarting, do: func(a *asked) { a.passed.Store(-int64(30 * 365 * 24 * time.Hour)) }, seen: "The computer's clock showed a date before preship existed.", finds: check.ComputerClock, verdict: report.VerdictReady, wipes: 1, asks: 1},
	{what: "the clock goes back by a day", when: formatting, do: func(a *asked) { a.passed.Store(-int64(24 * time.Hour)) }, seen: "The computer's clock was set back during the job.", finds: check.ComputerClock, verdict: report.VerdictReady, wipes: 1, asks: 1},
	{what: "the clock goes forward by a day", when: formatting, do: func(a *asked) { a.passed.Store(int64(24 * time.Hour)) }, seen: "The computer's clock was set forward during the job.", finds: check.ComputerClock, verdict: report.VerdictReady, wipes: 1, asks: 1},
	{what: "the signing key is deleted", when: theQuestion, do: func(a *asked) { a.must(os.Remove(filepath.Join(a.home, "preship", "signing.key"))) }, seen: "since this job began", verdict: report.VerdictFailed, exit: exitUsage, asks: 1},
	{what: "the folder is moved", when: theQuestion, do: func(a *asked) { a.must(os.Rename(a.dir(), filepath.Join(a.home, "elsewhere"))) }, seen: "another is in its place", exit: exitUsage, asks: 1},
	{what: "an empty folder is in its place", when: theQuestion, do: func(a *asked) {
		dir := a.dir()
		a.must(errors.Join(os.Rename(dir, filepath.Join(a.home, "elsewhere")), os.Mkdir(dir, 0o700)))
	}, seen: "another is in its place", exit: exitUsage, asks: 1},
	{what: "the folder is deleted", when: theQuestion, do: func(a *asked) { a.must(os.RemoveAll(a.dir())) }, seen: "another is in its place", exit: exitUsage, asks: 1},
	{what: "the evidence is deleted", when: theQuestion, do: func(a *asked) { a.must(os.RemoveAll(filepath.Join(a.dir(), "evidence"))) }, seen: "commands.jsonl is missing", verdict: report.VerdictFailed, unproved: true, exit: exitUsage, asks: 1},
	{what: "the record of commands is cut short", when: theQuestion, do: func(a *asked) {
		name := filepath.Join(a.dir(), "evidence", "commands.jsonl")
		b, err := os.ReadFile(name)
		a.must(errors.Join(err, os.WriteFile(name, b[:bytes.IndexByte(b, '\n')+1], 0o600)))
	}, seen: "shorter than it was written", verdict: report.VerdictFailed, exit: exitUsage, asks: 1},
	{what: "an answer of the handset is changed", when: theQuestion, do: func(a *asked) {
		found, err := filepath.Glob(filepath.Join(a.dir(), "evidence", "0001-*"))
		a.must(errors.Join(err, os.WriteFile(found[0], []byte("x"), 0o600)))
	}, seen: "is not what the handset answered", exit: exitUsage, asks: 1},
}

// TestFaults goes through the table. Nothing is erased that is not saved, that is locked,
// or that is another handset; and what cannot be finished is not begun.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, f := range faults {
		commands := []string{"prepare"}
		if f.everywhere && !testing.Short() {
			commands = append(commands, "prepare --all", "prepare --case", "reset")
		}
		for _, command := range commands {
			moment := f.when
			if moment == fromTheStart {
				moment = f.trouble
			}
			t.Run(command+"/"+f.what+"/"+moment, func(t *testing.T) {
				t.Parallel()
				f.happens(t, command)
			})
		}
	}
}

func (f fault) happens(t *testing.T, command string) {
	var opts []adbtest.Option
	if f.trouble != "" {
		trouble, err := adbtest.ParseTrouble(strings.NewReader(f.trouble))
		if err != nil {
			t.Fatal(err)
		}
		opts = append(opts, adbtest.WithTrouble(trouble...))
	}
	var a *asked
	switch {
	case command == "prepare --case" || command == "reset":
		a = notConfirmed.resumed(t)
	case f.exchanged:
		a = newExchanged(t, opts...)
	default:
		a = newAsked(t, opts...)
	}
	first := a.handset
	switch f.when {
	case fromTheStart:
	case theQuestion:
		a.during = f.do
	default:
		a.at, a.then = f.when, f.do
	}
	err := a.runErr(command)
	code, wiped, told := exitCodeOf(err), wipes(first, a.handset), a.told.String()
	if err != nil {
		told += err.Error()
	}
	if command == "reset" { // it saves nothing without asking, and seals nothing
		f = fault{seen: f.seen, exit: exitNotReady, asks: 1}
	}
	if code != f.exit || wiped != f.wipes || a.questions != f.asks || !strings.Contains(told, f.seen) || a.then != nil {
		t.Errorf("exit %d, %d wipes, %d questions; want %d, %d, %d and %q", code, wiped, a.questions, f.exit, f.wipes, f.asks, f.seen)
	}
	if f.saves != "" {
		if _, err := os.Stat(a.saved(f.saves)); err != nil {
			t.Error(err)
		}
	}
	var verdict report.Verdict
	if found, _ := filepath.Glob(filepath.Join(a.out(), "PS-*", "SHA256SUMS.sig")); len(found) == 1 {
		res, err := seal.Verify(filepath.Dir(found[0]), seal.VerifyOptions{})
		if err != nil || res.OK == f.unproved && f.verdict != "" {
			t.Errorf("the report verifies: %t, %v, %v", res.OK, res.Problems, err)
		}
		verdict = res.Verdict
	}
	if f.verdict != "" && verdict != f.verdict || f.verdict == "" && strings.Contains(told, "\nReport: ") {
		t.Errorf("the report says %q, want %q", verdict, f.verdict)
	}
	if f.finds != "" {
		b, err := os.ReadFile(filepath.Join(a.dir(), "report.json"))
		if err != nil || !bytes.Contains(b, []byte(strconv.Quote(f.finds))) {
			t.Errorf("the report has no %s, %v", f.finds, err)
		}
	}
	if t.Failed() {
		t.Log(told)
	}
}

func (a *asked) must(err error) {
	if err != nil {
		a.t.Error(err)
	}
}

// exchange plugs another unit of the model in.
func (a *asked) exchange(pairs ...[2]string) {
	a.replace(sister(a.t, pairs...))
}

// overwrite changes a saved file, and keeps its size and time.
func overwrite(a *asked) {
	file := a.saved("storage/emulated/0/Download/plain.txt")
	fi, err := os.Stat(file)
	a.must(err)
	a.must(os.WriteFile(file, bytes.Repeat([]byte("x"), int(fi.Size())), 0o600))
	a.must(os.Chtimes(file, fi.ModTime(), fi.ModTime()))
}
