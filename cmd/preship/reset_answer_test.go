package main

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/adbtest"
)

// TestCableOutAfterTheAnswer: the handset leaves during the look. That is said, and
// nothing about unanswered questions.
func TestCableOutAfterTheAnswer(t *testing.T) {
	t.Parallel()
	a := newExchanged(t)
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
// as when a whole backup is read again. The question is asked again.
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

// TestPhotoBeforeTheNextWay: the recovery was not reached, and a photo was taken meanwhile.
// No other way is tried before the photo is saved.
func TestPhotoBeforeTheNextWay(t *testing.T) {
	t.Parallel()
	a := newAsked(t, adbtest.WithOwner(stageOwners["reboots"]))
	a.at, a.then = "the recovery did not become ready", func(a *asked) { a.sh("echo new > /sdcard/DCIM/Camera/new.jpg") }
	code := a.run("prepare")
	if told := a.told.String(); code != exitNotReady || a.then != nil || strings.Contains(told, "Next way to reset") || wipes(a.handset) != 0 {
		t.Errorf("exit %d, %d wipes; want %d, no other way and no wipe\n%s", code, wipes(a.handset), exitNotReady, told)
	}
	for _, sent := range a.handset.Sent() {
		if strings.Contains(sent.Service, "am start") && strings.Contains(sent.Service, "DEVICE_INFO") {
			t.Errorf("sent %q though a photo is not saved", sent.Service)
		}
	}
}
