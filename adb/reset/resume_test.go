package reset

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/report"
	"preship/report/check"
)

func earlierRun(answer string) report.Reset {
	at := time.Now().Add(-time.Hour)
	r := report.Reset{Way: "recovery", TriggeredAt: &at}
	if answer != "" {
		r.Answer = &answer
	}
	if answer == "Format_data_success." {
		r.Rung = report.RungFormatAnswered
	}
	return r
}

// A run that died after the wipe may have been sent is continued by watching.
func TestResumeNeverWipes(t *testing.T) {
	for _, tt := range []struct {
		name    string
		earlier report.Reset
		state   adb.State
		later   func(*phone)
		err     error
		rung    report.Rung
		restart int
	}{
		{name: "no answer, still in recovery", state: adb.StateSideload, err: ErrFormatUnknown},
		{name: "no answer, back and let in", state: adb.StateDevice, err: ErrNotReset},
		{name: "no answer, back and forgotten", state: adb.StateUnauthorized, rung: report.RungCameBackUnauthorized},
		{name: "no answer, away and back", state: adb.StateAbsent, later: func(p *phone) { p.moves(time.Minute, adb.StateUnauthorized) }, rung: report.RungCameBackUnauthorized},
		{name: "no answer, away for good", state: adb.StateAbsent},
		{name: "no answer, away and in its recovery again", state: adb.StateAbsent, later: func(p *phone) { p.moves(time.Minute, adb.StateSideload) }, err: ErrFormatUnknown},
		{name: "formatted, away and in its recovery again", earlier: earlierRun("Format_data_success."), state: adb.StateAbsent, later: func(p *phone) { p.moves(time.Minute, adb.StateSideload) }, rung: report.RungFormatAnswered, restart: 1},
		{name: "an odd answer, still in recovery", earlier: earlierRun("Format_data_ok."), state: adb.StateSideload, err: ErrFormatUnknown},
		{name: "formatted, not restarted", earlier: earlierRun("Format_data_success."), state: adb.StateSideload, rung: report.RungFormatAnswered, restart: 1},
		{name: "formatted, away", earlier: earlierRun("Format_data_success."), state: adb.StateAbsent, rung: report.RungFormatAnswered},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPhone()
				p.state = tt.state
				if tt.later != nil {
					tt.later(p)
				}
				j := newJob(t, p, &saves{})
				j.Permit = Permit{} // watching needs no permit
				if j.Earlier = tt.earlier; j.Earlier.Way == "" {
					j.Earlier = earlierRun("")
				}
				got, err := wayTo(t, "recovery").Run(t.Context(), j)
				if !errors.Is(err, tt.err) || got.Rung != tt.rung {
					t.Errorf("rung %q and error %v, want %q and %v", got.Rung, err, tt.rung, tt.err)
				}
				if p.count("format-data:") != 0 || p.count("reboot:") != tt.restart {
					t.Errorf("sent %q, want no wipe and %d restarts", p.sent, tt.restart)
				}
			})
		})
	}
}

// leavesOnce leaves the bus the first time it is asked for its Android ID, and is back
// later in that state.
func leavesOnce(back adb.State, id string) func(*phone) error {
	return func(p *phone) error {
		p.onID, p.android = nil, []string{id}
		p.set(adb.StateAbsent)
		if back != adb.StateAbsent {
			p.moves(time.Minute, back)
		}
		return adb.ErrGone
	}
}

// blink is off the bus when its state is asked for, and back right afterwards.
type blink struct{ *phone }

func (b blink) State(ctx context.Context) (adb.State, error) {
	defer b.set(adb.StateUnauthorized)
	return b.phone.State(ctx)
}

// A reset by hand that began while nobody watched is seen by the state that the handset
// comes back in, also if it leaves while it is asked.
func TestResumeByHandInItsRestart(t *testing.T) {
	for _, tt := range []struct {
		name  string
		state adb.State
		onID  func(*phone) error
		blink bool
		err   error
		rung  report.Rung
		key   report.Status // "" is no such finding
		again bool          // the next run watches too
	}{
		{name: "leaves, back and forgotten", state: adb.StateDevice, onID: leavesOnce(adb.StateUnauthorized, "bbbb"), rung: report.RungCameBackUnauthorized, key: report.StatusPass},
		{name: "leaves, back and set up", state: adb.StateDevice, onID: leavesOnce(adb.StateDevice, "bbbb"), rung: report.RungCameBackUnauthorized, key: report.StatusPass},
		{name: "leaves, back as it was", state: adb.StateDevice, onID: leavesOnce(adb.StateDevice, "aaaa"), err: ErrNotReset, key: report.StatusFail},
		{name: "leaves, back in its recovery", state: adb.StateDevice, onID: leavesOnce(adb.StateSideload, "bbbb"), key: report.StatusUnknown, again: true},
		{name: "leaves for good", state: adb.StateDevice, onID: leavesOnce(adb.StateAbsent, "bbbb"), again: true},
		{name: "stays and does not answer", state: adb.StateDevice, onID: func(*phone) error { return adb.ErrTimeout }, key: report.StatusUnknown},
		{name: "away, back before the watch", state: adb.StateAbsent, blink: true, rung: report.RungCameBackUnauthorized, key: report.StatusPass},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPhone()
				p.state, p.onID = tt.state, tt.onID
				j := newJob(t, p, &saves{})
				j.Permit = Permit{}
				if tt.blink {
					j.Device = blink{p}
				}
				at := time.Now().Add(-time.Hour)
				j.Earlier = report.Reset{Way: "by-hand", TriggeredAt: &at}
				start := time.Now()
				got, err := Resume(t.Context(), j)
				if !errors.Is(err, tt.err) || got.Rung != tt.rung || statusOf(got, check.ResetKeyForgotten) != tt.key {
					t.Errorf("rung %q, key %q and error %v, want %q, %q and %v", got.Rung, statusOf(got, check.ResetKeyForgotten), err, tt.rung, tt.key, tt.err)
				}
				if again := MayBeSent(got) || Awaited(got); again != tt.again {
					t.Errorf("%+v: the next run watches: %t, want %t", got, again, tt.again)
				}
				if took := time.Since(start); got.Rung != report.RungNone && took > 2*time.Minute {
					t.Errorf("seen after %v, and it was back within a minute", took)
				}
				seen := map[string]bool{}
				for _, f := range got.Findings {
					if seen[f.ID] {
						t.Errorf("two findings of %s: %+v", f.ID, got.Findings)
					}
					seen[f.ID] = true
				}
			})
		})
	}
}

func TestAgainWipesASecondTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPhone()
		p.state = adb.StateSideload
		j := newJob(t, p, &saves{})
		j.Earlier, j.Again = earlierRun(""), true
		got, err := wayTo(t, "recovery").Run(t.Context(), j)
		if err != nil || got.Rung != report.RungFormatAnswered || p.count("format-data:") != 1 {
			t.Errorf("rung %q, error %v, sent %q; want one wipe", got.Rung, err, p.sent)
		}
	})
}

func TestMayBeSent(t *testing.T) {
	returned := earlierRun("")
	state := "device"
	returned.ReturnedState = &state
	inRecovery, where := earlierRun(""), "sideload"
	inRecovery.ReturnedState = &where
	left := report.Reset{Way: "by-hand", TriggeredAt: returned.TriggeredAt, LeftAt: returned.TriggeredAt}
	at, let, forgot := returned.TriggeredAt, "device", "unauthorized"
	came := func(r report.Reset, state string) report.Reset {
		r.ReturnedState = &state
		return r
	}
	for _, tt := range []struct {
		name string
		r    report.Reset
		want bool
	}{
		{"nothing done", report.Reset{}, false},
		{"an answer to nothing", report.Reset{Way: "recovery", Answer: earlierRun("Format_data_success.").Answer}, false},
		{"seen to return, and forgotten", came(earlierRun(""), forgot), false},
		{"answered success, and seen to return", came(earlierRun("Format_data_success."), forgot), false},
		{"odd answer, and seen to return", came(earlierRun("Format_data_"), let), true},
		{"answered failed, and seen in its recovery", came(earlierRun("Format_data_failed."), "sideload"), false},
		{"by a way of another version of the program", report.Reset{Way: "broadcast", TriggeredAt: at}, true},
		{"by hand, has left, and seen to return", came(left, let), false},
		{"by hand, has left, and seen in its recovery", came(left, "recovery"), true},
		{"about to be sent", earlierRun(""), true},
		{"answered success, not seen to return", earlierRun("Format_data_success."), true},
		{"answered failed", earlierRun("Format_data_failed."), false},
		{"refused", earlierRun("Format_data_is_already_disable."), false},
		{"odd answer", earlierRun("Format_data_"), true},
		{"seen to return", returned, false},
		{"seen to return into its recovery", inRecovery, true},
		{"by hand, waiting", report.Reset{Way: "by-hand", TriggeredAt: returned.TriggeredAt}, false},
		{"by hand, has left", left, true},
	} {
		if got := MayBeSent(tt.r); got != tt.want {
			t.Errorf("%s: %t, want %t", tt.name, got, tt.want)
		}
	}
}

// A job is done if the reset was seen to its end, and awaited while only its person knows
// whether they began.
func TestDoneAndAwaited(t *testing.T) {
	t.Parallel()
	at, state := time.Now(), "unauthorized"
	changed := func(s report.Status) report.Findings {
		return report.Findings{{ID: check.ResetAndroidID, Status: s}}
	}
	answered := earlierRun("Format_data_success.")
	returned := answered
	returned.ReturnedState = &state
	for _, tt := range []struct {
		name          string
		r             report.Reset
		done, awaited bool
	}{
		{"nothing", report.Reset{}, false, false},
		{"a rung and no trigger", report.Reset{Way: "recovery", Rung: report.RungAttested}, false, false},
		{"a wipe that may be sent", earlierRun(""), false, false},
		{"formatted, and not seen to return", answered, false, false},
		{"formatted, and seen to return", returned, true, false},
		{"refused", earlierRun("Format_data_is_already_disable."), false, false},
		{"by hand, not begun", report.Reset{Way: "by-hand"}, false, false},
		{"by hand, and the handset is still there", report.Reset{Way: "by-hand", TriggeredAt: &at}, false, true},
		{"by hand, has left", report.Reset{Way: "by-hand", TriggeredAt: &at, LeftAt: &at}, false, false},
		{"by hand, seen to return", report.Reset{Way: "by-hand", TriggeredAt: &at, ReturnedState: &state}, false, false},
		{"by hand, and back", report.Reset{Way: "by-hand", TriggeredAt: &at, LeftAt: &at, ReturnedState: &state, Rung: report.RungCameBackUnauthorized}, true, false},
		{"an emulator with another Android ID", report.Reset{Way: "bench", TriggeredAt: &at, ReturnedState: &state, Findings: changed(report.StatusPass)}, true, false},
		{"an emulator whose Android ID is not known", report.Reset{Way: "bench", TriggeredAt: &at, ReturnedState: &state, Findings: changed(report.StatusUnknown)}, false, false},
		{"a way of another version of the program", report.Reset{Way: "broadcast", TriggeredAt: &at}, false, false},
	} {
		if done, awaited := Done(tt.r), Awaited(tt.r); done != tt.done || awaited != tt.awaited {
			t.Errorf("%s: done %t and awaited %t, want %t and %t", tt.name, done, awaited, tt.done, tt.awaited)
		}
	}
}

func TestNoPermitSendsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, way := range Ways {
			p := newPhone()
			j := newJob(t, p, &saves{})
			for _, permit := range []Permit{{}, {serial: "another"}} {
				// A serial that is not known is not the empty one of no permit.
				for _, serial := range []handset.Fact{j.Identity.Serial, {}} {
					unit := j
					unit.Permit, unit.Identity.Serial = permit, serial
					if _, err := way.Run(t.Context(), unit); !errors.Is(err, ErrNoPermit) || len(p.sent) != 0 {
						t.Errorf("%s with permit %+v for %+v: sent %q, error %v, want nothing and %v", way.Name, permit, serial, p.sent, err, ErrNoPermit)
					}
				}
			}
		}
	})
}
