package reset

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

func TestRecoveryResets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, s := newPhone(), &saves{}
		got, err := wayTo(t, "recovery").Run(t.Context(), newJob(t, p, s))
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"reboot:recovery", "getsn:", "getdevice:", "getversion:", "format-data:", "reboot:"}
		if !slices.Equal(p.sent, want) {
			t.Errorf("sent %q, want %q", p.sent, want)
		}
		if got.Rung != report.RungFormatAnswered {
			t.Errorf("rung %q, want %q", got.Rung, report.RungFormatAnswered)
		}
		for _, id := range []string{check.ResetUnit, check.ResetAnswer, check.ResetLeft, check.ResetReturned, check.ResetKeyForgotten} {
			if status := statusOf(got, id); status != report.StatusPass {
				t.Errorf("%s is %q, want pass", id, status)
			}
		}
		if got.ReturnedState == nil || *got.ReturnedState != "unauthorized" {
			t.Errorf("returned state %v, want unauthorized", got.ReturnedState)
		}
		if away := got.ReturnedAt.Sub(*got.LeftAt); away != 119*time.Second {
			t.Errorf("was away for %s, want 1m59s", away)
		}
	})
}

// The wipe must be on disk before it is sent, or a crash would send it twice.
func TestWipeIsSavedBeforeItIsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, s := newPhone(), &saves{}
		p.onFormat = func(context.Context, *phone) (string, error) {
			if n := len(s.kept); n != 1 || s.kept[0].TriggeredAt == nil || !MayBeSent(s.kept[0]) {
				t.Errorf("when the wipe was sent the case held %+v, want one state that says so", s.kept)
			}
			return "Format_data_success.\n", nil
		}
		if _, err := wayTo(t, "recovery").Run(t.Context(), newJob(t, p, s)); err != nil {
			t.Fatal(err)
		}
	})
}

func TestNothingIsWipedWhenItCannotBeSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := errors.New("no space left on device")
		p, s := newPhone(), &saves{err: full}
		_, err := wayTo(t, "recovery").Run(t.Context(), newJob(t, p, s))
		if !errors.Is(err, full) || p.count("format-data:") != 0 {
			t.Errorf("sent %q with error %v, want no format-data: and %v", p.sent, err, full)
		}
	})
}

func TestRecoveryAnswers(t *testing.T) {
	for _, tt := range []struct {
		name, answer string
		lost         error
		want         error
		status       report.Status
		restarts     int
	}{
		{"success", "Format_data_success.\n", nil, nil, report.StatusPass, 1},
		{"success, then the line breaks", "Format_data_success.\n", adb.ErrGone, nil, report.StatusPass, 1},
		{"failed", "Format_data_failed.\n", nil, ErrFormatFailed, report.StatusFail, 0},
		{"disabled", "Format_data_is_already_disable.\n", nil, ErrFormatDisabled, report.StatusFail, 0},
		{"another word", "Format_data_ok.\n", nil, ErrFormatUnknown, report.StatusUnknown, 0},
		{"nothing", "", nil, ErrFormatUnknown, report.StatusUnknown, 0},
		{"the cable is pulled", "", adb.ErrGone, ErrFormatUnknown, report.StatusUnknown, 0},
		{"the cable is pulled in the middle", "Format_data_su", adb.ErrGone, ErrFormatUnknown, report.StatusUnknown, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, s := newPhone(), &saves{}
				p.onFormat = func(context.Context, *phone) (string, error) { return tt.answer, tt.lost }
				got, err := wayTo(t, "recovery").Run(t.Context(), newJob(t, p, s))
				if !errors.Is(err, tt.want) {
					t.Errorf("error %v, want %v", err, tt.want)
				}
				if status := statusOf(got, check.ResetAnswer); status != tt.status {
					t.Errorf("%s is %q, want %q", check.ResetAnswer, status, tt.status)
				}
				if n := p.count("reboot:"); n != tt.restarts {
					t.Errorf("restarted %d times, want %d: a handset that may be formatting is left alone", n, tt.restarts)
				}
				if tt.want != nil && got.Rung != report.RungNone {
					t.Errorf("rung %q, want none", got.Rung)
				}
			})
		})
	}
}

// A handset that needs long is waited for; one that never answers is not for ever.
func TestRecoveryWaitsForTheAnswer(t *testing.T) {
	for _, tt := range []struct {
		name  string
		takes time.Duration
		want  error
	}{
		{"as long as other tools wait", 119 * time.Second, nil},
		{"longer than the limit", 6 * time.Minute, ErrFormatUnknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPhone()
				p.onFormat = func(ctx context.Context, _ *phone) (string, error) {
					select {
					case <-time.After(tt.takes):
						return "Format_data_success.\n", nil
					case <-ctx.Done():
						return "", ctx.Err()
					}
				}
				j := newJob(t, p, &saves{})
				if _, err := wayTo(t, "recovery").Run(t.Context(), j); !errors.Is(err, tt.want) {
					t.Errorf("error %v, want %v", err, tt.want)
				}
			})
		})
	}
}

func TestRecoveryRefusesAnotherUnit(t *testing.T) {
	for _, tt := range []struct {
		name           string
		device, number string
		want           error
	}{
		{"the same", "mojito_global\n", "0x1a2b3c4d\n", nil},
		{"its codename", "sunny\n", "0x1a2b3c4d\n", nil},
		{"the number without its model", "unknown\n", "0x1a2b3c4d\n", nil},
		{"the model, and a number it does not tell", "sunny\n", "unknown\n", ErrOtherUnit},
		{"the model, and an empty number", "mojito_global\n", "\n", ErrOtherUnit},
		{"the model, and no number at all", "mojito_global\n", "", ErrOtherUnit},
		{"another model", "alioth_global\n", "0x1a2b3c4d\n", ErrOtherUnit},
		{"another unit of the model", "mojito_global\n", "0x99999999\n", ErrOtherUnit},
		{"two answers, one of another", "mojito_global\nalioth\n", "unknown\n", ErrOtherUnit},
		{"knows nothing", "unknown\nunknown\n", "unknown\n", ErrOtherUnit},
		{"says nothing", "", "", ErrOtherUnit},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, s := newPhone(), &saves{}
				p.answers["getdevice:"], p.answers["getsn:"] = tt.device, tt.number
				_, err := wayTo(t, "recovery").Run(t.Context(), newJob(t, p, s))
				if !errors.Is(err, tt.want) {
					t.Errorf("error %v, want %v", err, tt.want)
				}
				if sent := p.count("format-data:"); (sent == 1) != (tt.want == nil) {
					t.Errorf("format-data: was sent %d times", sent)
				}
			})
		})
	}
}

// Most handsets do not let a computer read the number of their processor. Then
// only the model can be compared, and the finding says so.
func TestRecoveryOfAHandsetWithoutANumber(t *testing.T) {
	for _, tt := range []struct {
		number string
		want   report.Status
	}{{"0x1a2b3c4d\n", report.StatusWarn}, {"unknown\n", report.StatusWarn}} {
		synctest.Test(t, func(t *testing.T) {
			p := newPhone()
			p.answers["getsn:"] = tt.number
			j := newJob(t, p, &saves{})
			j.Identity.CPUID = handset.Fact{Unknown: message.English("permission denied")}
			got, err := wayTo(t, "recovery").Run(t.Context(), j)
			if f, _ := got.Findings.ByID(check.ResetUnit); f.Remedy != "" {
				t.Errorf("the recovery says %q: after the reset, %s advises %q", tt.number, f.ID, f.Remedy)
			}
			if err != nil || statusOf(got, check.ResetUnit) != tt.want {
				t.Errorf("the recovery says %q: %s is %q, error %v; want %q and none", tt.number, check.ResetUnit, statusOf(got, check.ResetUnit), err, tt.want)
			}
		})
	}
}

// The backup is looked at after the recovery said who it is, right before the
// wipe. One that is gone stops it.
func TestNothingIsWipedWhenTheBackupIsGone(t *testing.T) {
	for _, name := range []string{"recovery", "settings", "by-hand", "bench"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, s := newPhone(), &saves{}
				j := newJob(t, p, s)
				looks := 0
				gone := fmt.Errorf("%w: backup/ is missing", ErrSince)
				HooksOf(j).OnRecheck = func(context.Context) error {
					if looks++; name == "recovery" && p.count("getversion:") != 1 {
						t.Errorf("the backup was looked at after %q, want after the recovery was asked who it is", p.sent)
					}
					return gone
				}
				p.onAsk = func(_ *phone, line string) (handset.Answer, error) {
					answers := map[string]string{"getprop ro.boot.qemu": "1\n", "getprop ro.serialno": "c9a0a2a6\n"}
					return handset.Answer{Stdout: []byte(answers[line])}, nil
				}
				got, err := wayTo(t, name).Run(t.Context(), j)
				if !errors.Is(err, gone) || looks != 1 {
					t.Errorf("error %v after %d looks, want %v and one look", err, looks, gone)
				}
				if got.TriggeredAt != nil || p.count("format-data:")+p.count("cmd testharness enable")+p.count("am start -a android.settings.DEVICE_INFO_SETTINGS") > 0 {
					t.Errorf("sent %q, triggered at %v; want nothing that erases, and no time", p.sent, got.TriggeredAt)
				}
			})
		})
	}
}

func TestRecoveryNeverComes(t *testing.T) {
	for _, tt := range []struct {
		name   string
		reboot func(*phone, string)
		want   error
	}{
		{"it does not restart", func(*phone, string) {}, ErrStayed},
		{"nobody picks the menu entry", func(p *phone, _ string) { p.moves(time.Second, adb.StateAbsent) }, ErrAway},
		{"its system starts again", func(p *phone, _ string) {
			p.moves(time.Second, adb.StateAbsent)
			p.moves(time.Minute, adb.StateDevice)
		}, ErrNoAssistant},
		{"the menu is shown and left", func(p *phone, _ string) {
			p.moves(time.Second, adb.StateAbsent)
			p.moves(time.Minute, adb.StateRecovery)
		}, ErrAway},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPhone()
				p.onReboot = tt.reboot
				j := newJob(t, p, &saves{})
				HooksOf(j).OnDevices = func(context.Context) ([]adb.DeviceInfo, error) {
					return []adb.DeviceInfo{{Serial: "other", State: adb.StateSideload}}, nil
				}
				start := time.Now()
				_, err := wayTo(t, "recovery").Run(t.Context(), j)
				if took := time.Since(start); took > defaultTimeouts.Assistant+time.Minute || tt.want == ErrStayed && took != defaultTimeouts.Leave {
					t.Errorf("gave up after %s", took)
				}
				if !errors.Is(err, tt.want) || !errors.Is(err, ErrNoAssistant) {
					t.Errorf("error %v, want %v and %v", err, ErrNoAssistant, tt.want)
				}
				if p.count("format-data:") != 0 {
					t.Error("format-data: was sent")
				}
				if tt.want == ErrAway && !strings.Contains(err.Error(), `"other"`) && !strings.Contains(tt.name, "shown") {
					t.Errorf("error %q does not name the handset that waits in its recovery", err)
				}
			})
		})
	}
}

func TestRecoveryThatIsThereAlready(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPhone()
		p.state = adb.StateSideload
		if _, err := wayTo(t, "recovery").Run(t.Context(), newJob(t, p, &saves{})); err != nil {
			t.Fatal(err)
		}
		if p.count("reboot:recovery") != 0 || p.count("format-data:") != 1 {
			t.Errorf("sent %q, want no restart before the wipe", p.sent)
		}
	})
}

// The cable is pulled after the answer: the handset is formatted, and did not
// hear that it should restart.
func TestRestartThatWasNotHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPhone()
		p.state = adb.StateSideload
		restarts := 0
		p.onReboot = func(p *phone, _ string) {
			back := adb.StateSideload
			if restarts++; restarts == 2 {
				back = adb.StateUnauthorized
			}
			p.moves(time.Second, adb.StateAbsent)
			p.moves(time.Minute, back)
		}
		got, err := wayTo(t, "recovery").Run(t.Context(), newJob(t, p, &saves{}))
		if err != nil || restarts != 2 || statusOf(got, check.ResetKeyForgotten) != report.StatusPass {
			t.Errorf("restarted %d times, %s %q, error %v; want 2, pass and none", restarts, check.ResetKeyForgotten, statusOf(got, check.ResetKeyForgotten), err)
		}
		if p.count("format-data:") != 1 {
			t.Errorf("formatted %d times", p.count("format-data:"))
		}
	})
}

// An emulator restarts faster than its answer arrives, and a server that reaches
// it over the network lists it under the same connection: nothing but having
// watched from before the restart shows that it was away.
func TestRestartOverBeforeItsAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPhone()
		p.state, p.keepID = adb.StateSideload, true
		p.onReboot = func(p *phone, _ string) {
			p.set(adb.StateAbsent)
			time.Sleep(400 * time.Millisecond)
			p.set(adb.StateUnauthorized)
			time.Sleep(time.Second)
		}
		got, err := wayTo(t, "recovery").Run(t.Context(), newJob(t, p, &saves{}))
		if err != nil || statusOf(got, check.ResetKeyForgotten) != report.StatusPass {
			t.Errorf("%s %q, error %v; want pass and none", check.ResetKeyForgotten, statusOf(got, check.ResetKeyForgotten), err)
		}
	})
}

// A handset that is off the bus may stand in its menu, where the person picks the entry.
func TestRecoveryOfAHandsetInItsMenu(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPhone()
		p.state = adb.StateAbsent
		p.moves(time.Minute, adb.StateSideload)
		var told []string
		j := newJob(t, p, &saves{})
		HooksOf(j).OnSay = func(s string) { told = append(told, s) }
		_, err := wayTo(t, "recovery").Run(t.Context(), j)
		if err != nil || p.count("reboot:recovery") != 0 || p.count("format-data:") != 1 {
			t.Errorf("error %v, sent %q; want one wipe and no restart before it", err, p.sent)
		}
		if !strings.Contains(strings.Join(told, "\n"), "Connect with MIAssistant") {
			t.Errorf("the person heard %q, and not which entry to pick", told)
		}
	})
}

// breaks is a phone whose connection breaks before it answers the restart.
type breaks struct{ *phone }

func (b breaks) Service(ctx context.Context, service string, limit int64) ([]byte, error) {
	answer, err := b.phone.Service(ctx, service, limit)
	if service == "reboot:" {
		return nil, adb.ErrGone
	}
	return answer, err
}

func TestRestartWhoseAnswerIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPhone()
		p.state = adb.StateSideload
		j := newJob(t, p, &saves{})
		j.Device = breaks{p}
		got, err := wayTo(t, "recovery").Run(t.Context(), j)
		if err != nil || p.count("reboot:") != 1 || statusOf(got, check.ResetKeyForgotten) != report.StatusPass {
			t.Errorf("error %v, sent %q, %s %q; want one restart that was watched", err, p.sent, check.ResetKeyForgotten, statusOf(got, check.ResetKeyForgotten))
		}
	})
}

// The wrong cable is another handset that waits in its recovery, and no other.
func TestOthers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		on   []adb.DeviceInfo
		err  error
		want bool
	}{
		{"nothing", nil, nil, false},
		{"another whose system runs", []adb.DeviceInfo{{Serial: "other", State: adb.StateDevice}}, nil, false},
		{"this one in its recovery", []adb.DeviceInfo{{Serial: "c9a0a2a6", State: adb.StateSideload}}, nil, false},
		{"another in its recovery", []adb.DeviceInfo{{Serial: "third", State: adb.StateDevice}, {Serial: "other", State: adb.StateSideload}}, nil, true},
		{"a bus that does not answer", []adb.DeviceInfo{{Serial: "other", State: adb.StateSideload}}, adb.ErrTimeout, false},
	} {
		j := newJob(t, newPhone(), &saves{})
		HooksOf(j).OnDevices = func(context.Context) ([]adb.DeviceInfo, error) { return tt.on, tt.err }
		if err := newAttempt(j, report.Reset{}).others(t.Context()); (err != nil) != tt.want {
			t.Errorf("%s: error %v, want one: %t", tt.name, err, tt.want)
		}
	}
}
