package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/reset"
	"preship/report"
	"preship/report/seal"
)

const newContact = "content insert --uri content://com.android.contacts/raw_contacts --bind contact_id:i:9 --bind display_name:s:New --bind deleted:i:0 --bind version:i:1"

// whileAsked is what can happen while the question to erase is open. What another
// backup saves is saved, and the question comes again; all else stops the job.
var whileAsked = []struct {
	name  string
	do    func(*asked)
	saves string // a file that is to be in the backup then; "" stops the job
	says  string
	// everywhere: through every command that can come to the question.
	everywhere bool
}{
	{"the backup is deleted", remove("."), "", "The backup is not proved.", true},
	{"a folder of the backup is deleted", remove("storage/emulated/0/DCIM"), "", "The backup is not proved.", false},
	{"the messages are deleted from the backup", remove("items/messages.html"), "", "The backup is not proved.", false},
	{"a saved file is written to, its size and time kept", func(a *asked) {
		file := a.saved("storage/emulated/0/Download/plain.txt")
		fi, err := os.Stat(file)
		if err == nil {
			err = os.WriteFile(file, bytes.Repeat([]byte("x"), int(fi.Size())), 0o600)
		}
		if err == nil {
			err = os.Chtimes(file, fi.ModTime(), fi.ModTime())
		}
		if err != nil {
			a.t.Error(err)
		}
	}, "", "The backup is not proved.", false},
	{"a photo is taken", func(a *asked) { a.sh("echo new > /sdcard/DCIM/Camera/new.jpg") }, "storage/emulated/0/DCIM/Camera/new.jpg", "1 file is new", false},
	{"a contact is added", func(a *asked) { a.sh(newContact) }, "items/contacts.raw.jsonl", "1 contact", true},
	{"an event is added", func(a *asked) {
		a.sh("content insert --uri content://com.android.calendar/events --bind calendar_id:i:1 --bind title:s:New --bind dtstart:l:1775000000000 --bind dtend:l:1775003600000 --bind deleted:i:0")
	}, "items/calendar.jsonl", "1 calendar entry", false},
	{"the account is signed in again", func(a *asked) { a.handset.SignIn("com.xiaomi", "6230123535") }, "", "The handset is still locked.", true},
	{"another account is signed in", func(a *asked) { a.handset.SignIn("com.google", "other@example.com") }, "", "The handset is still locked.", false},
	{"another unit is plugged in", func(a *asked) {
		other, addr := serve(a.t, sister(a.t))
		a.handset = other
		a.wire.to.Store(&addr)
	}, "", "Another handset is connected.", true},
}

// TestAfterTheAnswer: with the question open something happens, and then the
// handset is confirmed. Nothing is erased that is not saved, locked or another's.
func TestAfterTheAnswer(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"prepare", "prepare --all", "prepare --case", "reset"} {
		for _, tt := range whileAsked {
			if command != "prepare" && (!tt.everywhere || testing.Short()) {
				continue // one job is like another once it has looked
			}
			t.Run(command+"/"+tt.name, func(t *testing.T) {
				t.Parallel()
				a := newAsked(t)
				first := a.handset
				if command == "prepare --case" || command == "reset" {
					a.meant = "wrong"
					if code := a.run("prepare"); code != exitUsage {
						t.Fatalf("not confirmed: exit %d, want %d\n%s", code, exitUsage, a.told.String())
					}
					a.meant, a.questions = "538038", 0
				}
				a.during = tt.do
				code := a.run(command)
				wiped := wipes(first, a.handset)
				if !strings.Contains(a.told.String(), tt.says) {
					t.Errorf("said nothing of %q", tt.says)
				}
				switch stops := tt.saves == "" || command == "reset"; {
				case stops && (code != exitNotReady || wiped != 0 || a.questions != 1):
					t.Errorf("exit %d, %d wipes, %d questions; want %d, none and one", code, wiped, a.questions, exitNotReady)
				case !stops && (code != exitReady || wiped != 1 || a.questions != 2):
					t.Errorf("exit %d, %d wipes, %d questions; want %d, one and two", code, wiped, a.questions, exitReady)
				case !stops:
					if _, err := os.Stat(a.saved(tt.saves)); err != nil {
						t.Error(err)
					}
				}
				if t.Failed() {
					t.Log(a.told.String())
				}
				if res, err := seal.Verify(a.dir(), seal.VerifyOptions{}); err != nil || (res.Verdict == report.VerdictReady) != (code == exitReady) {
					t.Errorf("the report: %s, %v, and exit %d", res.Verdict, err, code)
				}
			})
		}
	}
}

// TestBeforeTheWipe: the recovery has started, and the backup is gone or another
// unit stands there. The wipe is not sent.
func TestBeforeTheWipe(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		do   func(*asked)
		says string
	}{
		{"the backup is deleted", remove("."), "something changed after the reset was confirmed"},
		{"another unit stands in the recovery", func(a *asked) {
			other, addr := serve(a.t, sister(a.t))
			_ = other
			a.wire.to.Store(&addr)
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newAsked(t)
			first := a.handset
			a.at, a.then = "Connect with MIAssistant", tt.do
			code := a.run("prepare")
			if code == exitReady || wipes(first, a.handset) != 0 || !strings.Contains(a.told.String(), tt.says) {
				t.Errorf("exit %d, %d wipes\n%s", code, wipes(first, a.handset), a.told.String())
			}
		})
	}
}

// TestKeyGoneAfterTheAnswer: the signing key is deleted while the question is open.
func TestKeyGoneAfterTheAnswer(t *testing.T) {
	t.Parallel()
	a := newAsked(t)
	a.during = func(a *asked) {
		if err := os.Remove(filepath.Join(a.home, "preship", "signing.key")); err != nil {
			a.t.Error(err)
		}
	}
	if code := a.run("prepare"); code != exitUsage || wipes(a.handset) != 0 {
		t.Errorf("exit %d, %d wipes; want %d and none\n%s", code, wipes(a.handset), exitUsage, a.told.String())
	}
}

// TestFolderAfterTheAnswer: while the question is open, the folder of the case goes,
// or its contents can no longer be sealed. The report would be lost after the reset.
func TestFolderAfterTheAnswer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		do   func(*asked, string) error
		says string
	}{
		{"it is moved", func(a *asked, dir string) error { return os.Rename(dir, filepath.Join(a.home, "elsewhere")) }, "another is in its place"},
		{"an empty one is in its place", func(a *asked, dir string) error {
			return errors.Join(os.Rename(dir, filepath.Join(a.home, "elsewhere")), os.Mkdir(dir, 0o700))
		}, "another is in its place"},
		{"it is deleted", func(_ *asked, dir string) error { return os.RemoveAll(dir) }, "another is in its place"},
		{"its evidence is deleted", func(_ *asked, dir string) error { return os.RemoveAll(filepath.Join(dir, "evidence")) }, "commands.jsonl is missing"},
		{"its record of commands is cut short", func(_ *asked, dir string) error {
			name := filepath.Join(dir, "evidence", "commands.jsonl")
			b, err := os.ReadFile(name)
			line := bytes.IndexByte(b, '\n') + 1
			return errors.Join(err, os.WriteFile(name, b[:line], 0o600))
		}, "shorter than it was written"},
		{"an answer of the handset is changed", func(_ *asked, dir string) error {
			found, err := filepath.Glob(filepath.Join(dir, "evidence", "0001-*"))
			return errors.Join(err, os.WriteFile(found[0], []byte("x"), 0o600))
		}, "is not what the handset answered"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newAsked(t)
			a.during = func(a *asked) {
				if err := tt.do(a, a.dir()); err != nil {
					a.t.Error(err)
				}
			}
			err := a.runErr("prepare")
			if code := exitCodeOf(err); code != exitUsage || wipes(a.handset) != 0 || !strings.Contains(err.Error()+a.told.String(), tt.says) {
				t.Errorf("exit %d, %d wipes, %v; want %d, none and %q\n%s", code, wipes(a.handset), err, exitUsage, tt.says, a.told.String())
			}
			if tt.says == "another is in its place" && strings.Contains(a.told.String(), "\nreport: ") {
				t.Errorf("names a report that is not there\n%s", a.told.String())
			}
		})
	}
}

// TestSilentAfterTheAnswer: the handset no longer reports its IMEI. It may be
// the same one.
func TestSilentAfterTheAnswer(t *testing.T) {
	t.Parallel()
	a := newAsked(t)
	first := a.handset
	a.during = func(a *asked) {
		other, addr := serve(a.t, sister(a.t, [2]string{"[ro.ril.miui.imei0]: [868732053538038]\n", ""}, [2]string{"[ro.ril.miui.imei1]: [868732053538046]\n", ""}))
		a.handset = other
		a.wire.to.Store(&addr)
	}
	code := a.run("prepare")
	if code != exitNotReady || wipes(first, a.handset) != 0 ||
		!strings.Contains(a.told.String(), "does not report the number") || strings.Contains(a.told.String(), reset.ErrExchanged.Error()) {
		t.Errorf("exit %d, %d wipes\n%s", code, wipes(first, a.handset), a.told.String())
	}
}

// TestCableOutAfterTheAnswer: the handset leaves during the look. That is said, and
// nothing about unanswered questions.
func TestCableOutAfterTheAnswer(t *testing.T) {
	t.Parallel()
	a := newAsked(t)
	nobody, err := adbtest.NewServer("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nobody.Close() })
	a.at, a.then = "Checking the handset and the backup again", func(a *asked) {
		a.wire.leave.Store(&leaving{at: "dumpsys account", to: nobody.Addr()})
	}
	a.wait = 10 * time.Second // it is waited for, once
	err = a.runErr("prepare")
	if n := strings.Count(a.told.String(), "Waiting for the handset:"); n != 1 {
		t.Errorf("waited %d times for the handset, want once", n)
	}
	if !errors.Is(err, adb.ErrGone) || wipes(a.handset) != 0 || strings.Contains(a.told.String(), "The battery could not be read.") || !strings.Contains(a.told.String(), "nothing was erased") {
		t.Errorf("%v, %d wipes, want %v and none\n%s", err, wipes(a.handset), adb.ErrGone, a.told.String())
	}
}

// TestAnswerGrowsOld: the look after the answer takes longer than an answer holds,
// as when a whole backup is read again. The question is asked anew.
func TestAnswerGrowsOld(t *testing.T) {
	t.Parallel()
	a := newAsked(t)
	a.at, a.then = "Checking the handset and the backup again", func(a *asked) { a.passed.Store(int64(5*time.Minute + time.Minute)) }
	if code := a.run("prepare"); code != exitReady || a.questions != 2 || wipes(a.handset) != 1 {
		t.Errorf("exit %d, %d questions, %d wipes; want %d, two and one\n%s", code, a.questions, wipes(a.handset), exitReady, a.told.String())
	}
}

// TestSaidUnchanged: signing out hid the contacts, and the person says that no contact
// was added since the backup. That is no word about a photo taken later.
func TestSaidUnchanged(t *testing.T) {
	t.Parallel()
	for name, during := range map[string]func(*asked){
		"nothing happens":  nil,
		"a photo is taken": func(a *asked) { a.sh("echo new > /sdcard/DCIM/Camera/new.jpg") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAsked(t)
			a.at, a.then = "3/6 accounts", func(a *asked) { a.sh("setprop persist.security.adbinput 0") }
			a.during = during
			code, want := a.run("prepare"), 1
			if during != nil {
				want = 2
				if _, err := os.Stat(a.saved("storage/emulated/0/DCIM/Camera/new.jpg")); err != nil {
					t.Error(err)
				}
			}
			if code != exitReady || a.questions != want || wipes(a.handset) != 1 || !strings.Contains(a.told.String(), "no longer shows the following") {
				t.Errorf("exit %d, %d questions, %d wipes; want %d, %d and one\n%s", code, a.questions, wipes(a.handset), exitReady, want, a.told.String())
			}
		})
	}
}

// Signing out hid the contacts. Only a plain no to "was anything changed?" accepts that:
// a yes in another language, or an answer that is neither, erases nothing.
func TestAnswerThatIsNoPlainNo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ lang, answer string }{{"es", "s"}, {"es", "no sé"}, {"zh", "是"}, {"en", "not sure"}} {
		t.Run(tt.lang+" "+tt.answer, func(t *testing.T) {
			t.Parallel()
			a := newAsked(t)
			title := map[string]string{"en": "3/6 accounts", "es": "3/6 cuentas", "zh": "3/6 账号"}[tt.lang]
			a.at, a.then = title, func(a *asked) { a.sh("setprop persist.security.adbinput 0") }
			a.other, a.lang = tt.answer, tt.lang
			if code := a.run("prepare"); code != exitNotReady || a.questions != 0 || wipes(a.handset) != 0 {
				t.Errorf("exit %d, %d questions, %d wipes; want %d, none and none\n%s", code, a.questions, wipes(a.handset), exitNotReady, a.told.String())
			}
			if a.then != nil {
				t.Errorf("%q was never said", title)
			}
		})
	}
}
