package reset

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"preship/adb"
	"preship/report"
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
	for _, tt := range []struct {
		name string
		r    report.Reset
		want bool
	}{
		{"nothing done", report.Reset{}, false},
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

func TestNoPermitSendsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, way := range Ways {
			p := newPhone()
			j := newJob(t, p, &saves{})
			for _, permit := range []Permit{{}, {serial: "another"}} {
				j.Permit = permit
				if _, err := way.Run(t.Context(), j); !errors.Is(err, ErrNoPermit) || len(p.sent) != 0 {
					t.Errorf("%s with permit %+v: sent %q, error %v, want nothing and %v", way.Name, permit, p.sent, err, ErrNoPermit)
				}
			}
		}
	})
}
