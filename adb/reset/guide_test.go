package reset

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
)

// dumped is a screen as uiautomator writes it.
func dumped(s dump.Screen) handset.Answer {
	var b strings.Builder
	b.WriteString("<?xml version='1.0'?><hierarchy>")
	if r := s.Scrolls; !r.Empty() {
		fmt.Fprintf(&b, `<node scrollable="true" package="%s" bounds="[%d,%d][%d,%d]"/>`, s.Package, r.Min.X, r.Min.Y, r.Max.X, r.Max.Y)
	}
	for _, i := range s.Items {
		fmt.Fprintf(&b, `<node text="%s" resource-id="%s" enabled="%t" password="%t" package="%s" bounds="[%d,%d][%d,%d]"/>`,
			i.Text, i.ID, i.Enabled, i.Password, s.Package, i.Bounds.Min.X, i.Bounds.Min.Y, i.Bounds.Max.X, i.Bounds.Max.Y)
	}
	b.WriteString("</hierarchy>UI hierchary dumped to: /proc/self/fd/1\n")
	return handset.Answer{Stdout: []byte(b.String())}
}

// showing is a phone that shows a screen and counts what presses it.
func showing(screen func(taps int) dump.Screen, onTap func(p *phone, taps int) handset.Answer) (*phone, *int) {
	p, taps := newPhone(), new(int)
	p.onAsk = func(p *phone, line string) (handset.Answer, error) {
		switch {
		case strings.HasPrefix(line, "am start"):
			return handset.Answer{}, nil
		case strings.HasPrefix(line, "input tap"):
			*taps++
			return onTap(p, *taps), nil
		case strings.HasPrefix(line, "uiautomator"):
			return dumped(screen(*taps)), nil
		}
		return handset.Answer{}, errors.New("not asked of this phone: " + line)
	}
	return p, taps
}

func driven(t *testing.T, p *phone, s *saves, told *[]string) *Job {
	j := newJob(t, p, s)
	j.Identity.AdbInput = handset.Fact{Value: "on"}
	j.Drive = true
	j.Timeouts.ByHand = time.Minute
	HooksOf(j).OnSay = func(line string) { *told = append(*told, line) }
	return j
}

// The button that erases is written down before it is pressed, and pressed once,
// though the page stays unchanged.
func TestLastButtonIsPressedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &saves{}
		triggers := 0
		p, taps := showing(
			func(int) dump.Screen { return show("id=warning_info", "Cancel", "OK") },
			func(*phone, int) handset.Answer { triggers = len(s.kept); return handset.Answer{} })
		var told []string
		got, err := wayTo(t, "settings").Run(t.Context(), driven(t, p, s, &told))
		if *taps != 1 || triggers != 2 {
			t.Errorf("pressed %d times, after %d saves; want once, after About phone's and its own", *taps, triggers)
		}
		if !errors.Is(err, ErrStayed) || got.TriggeredAt == nil {
			t.Errorf("triggered at %v, error %v: the button was pressed, so it may be erasing", got.TriggeredAt, err)
		}
	})
}

func TestRefusedTapEndsDriving(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, taps := showing(
			func(int) dump.Screen { return show("id=clear_all_data_text", "Erase all data") },
			func(*phone, int) handset.Answer {
				return handset.Answer{Stderr: []byte("java.lang.SecurityException: INJECT_EVENTS"), Exit: 255}
			})
		var told []string
		if _, err := wayTo(t, "settings").Run(t.Context(), driven(t, p, &saves{}, &told)); !errors.Is(err, ErrStayed) {
			t.Errorf("error %v, want %v", err, ErrStayed)
		}
		if *taps != 1 || !strings.Contains(strings.Join(told, "\n"), "does not let this computer press") {
			t.Errorf("pressed %d times, messages %q", *taps, told)
		}
	})
}

// The person may end up on Android's own page, which leaves Find Device on.
func TestAndroidsOwnPageIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := showing(func(int) dump.Screen { return show("Erase all data (factory reset)", "Erase all data") },
			func(*phone, int) handset.Answer { return handset.Answer{} })
		p.moves(10*time.Second, adb.StateAbsent)
		p.moves(time.Minute, adb.StateUnauthorized)
		var told []string
		got, err := wayTo(t, "settings").Run(t.Context(), driven(t, p, &saves{}, &told))
		f, _ := got.Findings.ByID(check.ResetPages)
		if err != nil || f.Status != report.StatusWarn || !strings.Contains(f.Summary, "Android's own") || p.count("input tap 500 140") != 0 {
			t.Errorf("%+v, error %v, want a warning and nothing pressed", f, err)
		}
		if !strings.Contains(strings.Join(told, "\n"), "leaves Find Device on. Go back") {
			t.Errorf("messages %q", told)
		}
	})
}

// A page with a secret is never kept.
func TestSecretsAreNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hidden := show("the owner's account 6230123535")
		hidden.Items = append(hidden.Items, dump.ScreenItem{Password: true})
		p, _ := showing(func(int) dump.Screen { return hidden }, nil)
		var told []string
		j := driven(t, p, &saves{}, &told)
		HooksOf(j).OnRecord = func(e casedir.Entry) (string, error) {
			if e.Name == handset.ScreenText.Name || strings.Contains(string(e.Stdout), "6230123535") {
				t.Errorf("kept %s: %s", e.Name, e.Stdout)
			}
			return "", nil
		}
		if _, err := wayTo(t, "settings").Run(t.Context(), j); !errors.Is(err, ErrStayed) || len(told) < 2 {
			t.Errorf("messages %q, error %v", told, err)
		}
	})
}

func TestSettingsNeedTheSystem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPhone()
		p.state = adb.StateRecovery
		got, err := wayTo(t, "settings").Run(t.Context(), newJob(t, p, &saves{}))
		if !errors.Is(err, ErrNotOn) || got.TriggeredAt != nil || len(p.sent) != 0 {
			t.Errorf("sent %q, triggered at %v, error %v, want %v", p.sent, got.TriggeredAt, err, ErrNotOn)
		}
	})
}

func emulator(t *testing.T, answer handset.Answer) (*phone, *Job) {
	p := newPhone()
	p.onAsk = func(p *phone, line string) (handset.Answer, error) {
		switch line {
		case "getprop ro.boot.qemu":
			return handset.Answer{Stdout: []byte("1\n")}, nil
		case "getprop ro.serialno":
			return handset.Answer{Stdout: []byte(p.Serial() + "\n")}, nil
		case "cmd testharness enable":
			return answer, nil
		}
		return handset.Answer{Stdout: []byte("\n")}, nil
	}
	return p, newJob(t, p, &saves{})
}

func TestBenchRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, j := emulator(t, handset.Answer{Stderr: []byte("Failed to enable Test Harness Mode\n"), Exit: 1})
		got, err := wayTo(t, "bench").Run(t.Context(), j)
		f, _ := got.Findings.ByID(check.ResetAnswer)
		if !errors.Is(err, ErrBenchRefused) || got.TriggeredAt != nil || f.Status != report.StatusFail || !strings.Contains(f.Remedy, "-wipe-data") {
			t.Errorf("%+v, error %v, want %v, nothing triggered and -wipe-data", got, err, ErrBenchRefused)
		}
	})
}

// The answer says that it was done; what counts is that nothing happened.
func TestBenchStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, j := emulator(t, handset.Answer{})
		if got, err := wayTo(t, "bench").Run(t.Context(), j); !errors.Is(err, ErrStayed) || Done(got) {
			t.Errorf("%+v, error %v, want %v", got, err, ErrStayed)
		}
	})
}

func TestBenchAsksWhichHandsetItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, j := emulator(t, handset.Answer{})
		j.Identity.Serial.Value = "another"
		if _, err := wayTo(t, "bench").Run(t.Context(), j); !errors.Is(err, ErrOtherUnit) || p.count("cmd testharness enable") != 0 {
			t.Errorf("error %v, sent %q, want %v", err, p.sent, ErrOtherUnit)
		}
	})
}

// A clock that is set back in the middle turns nothing around.
func TestClockJumps(t *testing.T) {
	for _, jump := range []time.Duration{-48 * time.Hour, 48 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			p, s := newPhone(), &saves{}
			j := newJob(t, p, s)
			offset := time.Duration(0)
			j.Now = func() time.Time { return time.Now().Add(offset) }
			p.onFormat = func(context.Context, *phone) (string, error) {
				offset = jump
				return "Format_data_success.\n", nil
			}
			got, err := wayTo(t, "recovery").Run(t.Context(), j)
			if err != nil || got.LeftAt.Before(*got.TriggeredAt) || got.ReturnedAt.Before(*got.LeftAt) {
				t.Errorf("%s: triggered %s, left %s, returned %s, error %v", jump, got.TriggeredAt, got.LeftAt, got.ReturnedAt, err)
			}
			f, _ := got.Findings.ByID(check.ResetLeft)
			if !strings.HasPrefix(f.Observed, "1s after") {
				t.Errorf("%s: %s observed %q, want the second it took", jump, check.ResetLeft, f.Observed)
			}
		})
	}
}

func TestKnown(t *testing.T) {
	id := Know(sunny()).Identity()
	if id.Vendor != sunny().Vendor || id.CPUID.Value != sunny().CPUID.Value || id.ModDevice.Value != "mojito_global" || id.SN.Known() {
		t.Errorf("got %+v", id)
	}
	if id := (Known{}).Identity(); id.CPUID.Known() || id.CPUID.Unknown.Empty() || id.Vendor != nil {
		t.Errorf("of nothing: %+v", id.CPUID)
	}
	// Its purpose: to recognize the handset's own recovery.
	synctest.Test(t, func(t *testing.T) {
		for number, want := range map[string]error{"0x1a2b3c4d\n": nil, "0x99999999\n": ErrOtherUnit} {
			p := newPhone()
			p.state, p.answers["getsn:"] = adb.StateSideload, number
			j := newJob(t, p, &saves{})
			j.Identity, j.Earlier, j.Again = Know(sunny()).Identity(), earlierRun(""), true
			if _, err := wayTo(t, "recovery").Run(t.Context(), j); !errors.Is(err, want) {
				t.Errorf("number %q: error %v, want %v", number, err, want)
			}
		}
	})
}

// A run that died while it waited for the person looks first whether there was
// a reset since.
func TestAwaited(t *testing.T) {
	at := time.Now()
	state := "device"
	waiting := report.Reset{Way: "settings", TriggeredAt: &at}
	for _, tt := range []struct {
		r    report.Reset
		want bool
	}{
		{report.Reset{}, false},
		{waiting, true},
		{report.Reset{Way: "recovery", TriggeredAt: &at}, false},
		{report.Reset{Way: "by-hand", TriggeredAt: &at, LeftAt: &at}, false},
		{report.Reset{Way: "by-hand", TriggeredAt: &at, ReturnedState: &state}, false},
	} {
		if got := Awaited(tt.r); got != tt.want {
			t.Errorf("Awaited(%+v) = %t, want %t", tt.r, got, tt.want)
		}
	}
	for before, want := range map[string]error{"aaaa": ErrNotReset, "bbbb": nil} {
		synctest.Test(t, func(t *testing.T) {
			p := newPhone()
			j := newJob(t, p, &saves{})
			j.Permit, j.Earlier, j.AndroidID = Permit{}, waiting, before
			if got, err := Resume(t.Context(), j); !errors.Is(err, want) || Done(got) != (want == nil) {
				t.Errorf("Android ID was %s: %+v, error %v, want %v", before, got, err, want)
			}
		})
	}
}

// The backup is deleted while the last question shows. Driving, preship does not
// press; else the person is asked to go back, and the watch continues, since they may
// have pressed already.
func TestLastQuestionAfterTheBackupIsGone(t *testing.T) {
	for _, drive := range []bool{true, false} {
		t.Run(fmt.Sprintf("drive %t", drive), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, taps := showing(func(int) dump.Screen { return show("id=warning_info", "Cancel", "OK") }, func(*phone, int) handset.Answer { return handset.Answer{} })
				var told []string
				j := driven(t, p, &saves{}, &told)
				j.Drive = drive
				looks := 0
				HooksOf(j).OnRecheck = func(context.Context) error {
					if looks++; looks == 1 {
						return nil
					}
					return fmt.Errorf("%w: backup/ is missing", ErrSince)
				}
				got, err := wayTo(t, "settings").Run(t.Context(), j)
				if *taps != 0 {
					t.Errorf("pressed %d times, want never", *taps)
				}
				f, _ := got.Findings.ByID(check.ResetReadyBackup)
				if drive && !errors.Is(err, ErrSince) || !drive && (!errors.Is(err, ErrStayed) || f.Status != report.StatusFail) {
					t.Errorf("error %v, %s %q; want %v when driving, else %v and fail", err, check.ResetReadyBackup, f.Status, ErrSince, ErrStayed)
				}
				if got.TriggeredAt != nil {
					t.Error("the case says that the reset was triggered")
				}
				says := strings.Join(told, "\n")
				if !drive && (!strings.Contains(says, "Do not press anything more") || strings.Contains(says, "It erases the handset")) {
					t.Errorf("the messages are %q, want to go back and nothing of the last button", told)
				}
			})
		})
	}
}

// What the last look could not see is no reason to press: the message names the
// last button only once it was seen that nothing changed.
func TestLastQuestionUnseen(t *testing.T) {
	for _, failing := range []int{3, 1 << 30} {
		t.Run(fmt.Sprintf("until look %d", failing), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, _ := showing(func(int) dump.Screen { return show("id=warning_info", "Cancel", "OK") }, func(*phone, int) handset.Answer { return handset.Answer{} })
				var told []string
				j := driven(t, p, &saves{}, &told)
				j.Drive = false
				looks := 0
				HooksOf(j).OnRecheck = func(context.Context) error {
					if looks++; looks == 1 || looks > failing {
						return nil
					}
					if strings.Contains(strings.Join(told, "\n"), "It erases the handset") {
						t.Error("the person was asked to press before it was seen that nothing changed")
					}
					return errors.New("no answer")
				}
				if _, err := wayTo(t, "settings").Run(t.Context(), j); !errors.Is(err, ErrStayed) {
					t.Errorf("error %v, want %v", err, ErrStayed)
				}
				if said := strings.Contains(strings.Join(told, "\n"), "It erases the handset"); said != (looks > failing) {
					t.Errorf("asked to press: %t after %d looks of which %d failed: %q", said, looks, failing, told)
				}
			})
		})
	}
}
