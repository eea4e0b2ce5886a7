package reset

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
)

// Each command to the recovery is kept with its answer and its error.
func TestEvidenceOfAReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPhone()
		p.onFormat = func(context.Context, *phone) (string, error) { return "Format_data_success.\n", adb.ErrGone }
		j := newJob(t, p, &saves{})
		kept := map[string]casedir.Entry{}
		HooksOf(j).OnRecord = func(e casedir.Entry) (string, error) { kept[e.Line] = e; return "evidence/" + e.Name, nil }
		got, err := wayTo(t, "recovery").Run(t.Context(), j)
		if err != nil {
			t.Fatal(err)
		}
		if e := kept["format-data:"]; string(e.Stdout) != "Format_data_success.\n" || e.Error != adb.ErrGone.Error() || !e.Writes || e.Exit != -1 {
			t.Errorf("the wipe was kept as %+v, want its answer and the lost connection", e)
		}
		if e := kept["getdevice:"]; string(e.Stdout) != "mojito_global\n" || e.Error != "" || e.Writes {
			t.Errorf("the question for the model was kept as %+v", e)
		}
		if f, _ := got.Findings.ByID(check.ResetUnit); len(f.Evidence) != 3 {
			t.Errorf("%s rests on %q, want the three answers", check.ResetUnit, f.Evidence)
		}
		if f, _ := got.Findings.ByID(check.ResetAnswer); len(f.Evidence) != 1 || f.Observed != "Format_data_success." {
			t.Errorf("%s rests on %q and observed %q", check.ResetAnswer, f.Evidence, f.Observed)
		}
	})
}

// A recovery that refuses the restart is not watched for leaving, and its refusal
// is the error. A connection that breaks there is the restart.
func TestRestartRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPhone()
		p.onFormat = func(_ context.Context, p *phone) (string, error) {
			p.set(adb.StateRecovery) // where it takes no service
			return "Format_data_success.\n", nil
		}
		start := time.Now()
		got, err := wayTo(t, "recovery").Run(t.Context(), newJob(t, p, &saves{}))
		if !errors.Is(err, adb.ErrRefused) || got.Rung != report.RungFormatAnswered {
			t.Errorf("rung %q, error %v; want %q and %v", got.Rung, err, report.RungFormatAnswered, adb.ErrRefused)
		}
		if waited := time.Since(start); waited > 2*time.Minute {
			t.Errorf("waited %s for a handset that refused to restart", waited)
		}
	})
}

// A way that wipes by a shell line takes back that it was triggered only where the
// handset refused: a line that broke off may have been heard.
func TestBenchRefuses(t *testing.T) {
	for _, tt := range []struct {
		name    string
		answer  handset.Answer
		lost    error
		err     error
		trigger bool // the report keeps that it was triggered
	}{
		{"an exit status", handset.Answer{Stdout: []byte("no such command"), Exit: 1}, nil, ErrBenchRefused, false},
		{"no status is reported", handset.Answer{Exit: -1}, nil, ErrStayed, true},
		{"the service refused", handset.Answer{}, adb.ErrRefused, adb.ErrRefused, false},
		{"the connection broke, and it stays", handset.Answer{}, adb.ErrGone, ErrStayed, true},
		{"a refusal word on a broken line", handset.Answer{Exit: 1}, adb.ErrGone, ErrStayed, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPhone()
				p.onAsk = func(p *phone, line string) (handset.Answer, error) {
					if strings.HasPrefix(line, "cmd testharness") {
						return tt.answer, tt.lost
					}
					return benchAnswers(p, line)
				}
				got, err := wayTo(t, "bench").Run(t.Context(), newJob(t, p, &saves{}))
				if !errors.Is(err, tt.err) || (got.TriggeredAt != nil) != tt.trigger {
					t.Errorf("error %v, triggered at %v; want %v and triggered %t", err, got.TriggeredAt, tt.err, tt.trigger)
				}
				if refused := statusOf(got, check.ResetAnswer) == report.StatusFail; refused == tt.trigger {
					t.Errorf("%s is %q", check.ResetAnswer, statusOf(got, check.ResetAnswer))
				}
			})
		})
	}
}

// Before the wipe the handset itself is asked: a real one, or another emulator,
// is not erased by the way for benches.
func TestBenchAsksTheHandset(t *testing.T) {
	for _, tt := range []struct {
		name    string
		answers map[string]string
		want    error
	}{
		{"a sold build", map[string]string{"ro.build.fingerprint": "x:user/release-keys", "ro.serialno": "c9a0a2a6"}, ErrNotBench},
		{"nothing told", nil, ErrNotBench},
		{"another serial", map[string]string{"ro.boot.qemu": "1", "ro.serialno": "deadbeef"}, ErrOtherUnit},
		{"no serial", map[string]string{"ro.kernel.qemu": "1"}, ErrOtherUnit},
		{"an engineering build", map[string]string{"ro.build.fingerprint": "x:eng/test-keys", "ro.serialno": "c9a0a2a6"}, ErrStayed},
		{"a debuggable build", map[string]string{"ro.build.fingerprint": "x:userdebug/dev-keys", "ro.serialno": "c9a0a2a6"}, ErrStayed},
		{"an older emulator", map[string]string{"ro.kernel.qemu": "1", "ro.serialno": "c9a0a2a6"}, ErrStayed},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := newPhone()
			p.onAsk = func(_ *phone, line string) (handset.Answer, error) {
				return handset.Answer{Stdout: []byte(tt.answers[strings.TrimPrefix(line, "getprop ")] + "\n")}, nil
			}
			_, err := wayTo(t, "bench").Run(t.Context(), newJob(t, p, &saves{}))
			sent := p.count("cmd testharness enable")
			if !errors.Is(err, tt.want) || (sent == 1) != (tt.want == ErrStayed) {
				t.Errorf("%s: error %v, the wipe sent %d times; want %v", tt.name, err, sent, tt.want)
			}
		})
	}
}

// A handset that is not on the bus cannot be seen to leave it, and one that was
// not seen to leave has a warning.
func TestByHandNeedsTheHandset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPhone()
		p.state = adb.StateAbsent
		s := &saves{}
		if _, err := wayTo(t, "by-hand").Run(t.Context(), newJob(t, p, s)); !errors.Is(err, adb.ErrNoDevice) {
			t.Errorf("error %v, want %v", err, adb.ErrNoDevice)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		p := newPhone()
		p.state = adb.StateUnauthorized
		j := newJob(t, p, &saves{})
		j.Earlier = earlierRun("")
		got, err := Resume(t.Context(), j)
		if err != nil || statusOf(got, check.ResetLeft) != report.StatusWarn || got.LeftAt != nil {
			t.Errorf("%s is %q, left at %v, error %v; want a warning", check.ResetLeft, statusOf(got, check.ResetLeft), got.LeftAt, err)
		}
	})
}

// The times of a report follow each other, also where the clock is set back.
func TestTimesNeverGoBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPhone()
		j := newJob(t, p, &saves{})
		now, calls := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), 0
		j.Now = func() time.Time {
			if calls++; calls > 3 {
				return now.Add(-time.Hour)
			}
			return now
		}
		got, err := wayTo(t, "recovery").Run(t.Context(), j)
		if err != nil {
			t.Fatal(err)
		}
		for what, at := range map[string]*time.Time{"triggered": got.TriggeredAt, "left": got.LeftAt, "returned": got.ReturnedAt} {
			if at == nil || at.Before(now) {
				t.Errorf("%s at %v, want not before %v", what, at, now)
			}
		}
	})
}
