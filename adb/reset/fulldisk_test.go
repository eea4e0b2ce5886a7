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

var errFull = errors.New("no space left on device")

// A disk that fills up after the wipe was sent changes nothing about the handset:
// it is followed to its end, and the error is returned beside the observations.
func TestDiskFullAfterTheWipe(t *testing.T) {
	for _, tt := range []struct {
		name string
		fill func(*Job)
	}{
		{"no state can be saved", func(j *Job) {
			saved := 0
			HooksOf(j).OnSave = func(report.Reset) error {
				if saved++; saved == 1 {
					return nil // before the wipe
				}
				return errFull
			}
		}},
		{"the last state cannot be saved", func(j *Job) {
			HooksOf(j).OnSave = func(r report.Reset) error {
				if r.ReturnedAt != nil {
					return errFull
				}
				return nil
			}
		}},
		{"the answer cannot be kept as evidence", func(j *Job) {
			HooksOf(j).OnRecord = func(e casedir.Entry) (string, error) {
				if e.Line == "format-data:" {
					return "", errFull
				}
				return "evidence/x", nil
			}
		}},
		{"the restart into the recovery cannot be kept as evidence", func(j *Job) {
			HooksOf(j).OnRecord = func(e casedir.Entry) (string, error) {
				if e.Name == handset.RebootRecovery.Name {
					return "", errFull
				}
				return "evidence/x", nil
			}
		}},
		{"the restart cannot be kept as evidence", func(j *Job) {
			HooksOf(j).OnRecord = func(e casedir.Entry) (string, error) {
				if strings.HasPrefix(e.Line, "reboot:") {
					return "", errFull
				}
				return "evidence/x", nil
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPhone()
				j := newJob(t, p, &saves{})
				tt.fill(j)
				got, err := wayTo(t, "recovery").Run(t.Context(), j)
				if !errors.Is(err, errFull) {
					t.Errorf("error %v, want %v", err, errFull)
				}
				if got.Rung != report.RungFormatAnswered || statusOf(got, check.ResetKeyForgotten) != report.StatusPass {
					t.Errorf("rung %q, %s %q; want the handset followed to its end", got.Rung, check.ResetKeyForgotten, statusOf(got, check.ResetKeyForgotten))
				}
				if p.count("format-data:") != 1 {
					t.Errorf("sent %q, want one wipe", p.sent)
				}
			})
		})
	}
}

// The same holds for a run that only watches what an earlier one sent.
func TestDiskFullWhileWatching(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPhone()
		p.state = adb.StateAbsent
		p.moves(time.Minute, adb.StateUnauthorized)
		j := newJob(t, p, &saves{err: errFull})
		j.Earlier = earlierRun("Format_data_success.")
		got, err := Resume(t.Context(), j)
		if !errors.Is(err, errFull) || got.ReturnedAt == nil {
			t.Errorf("error %v, returned at %v; want %v and the time it came back", err, got.ReturnedAt, errFull)
		}
	})
}

// Every error of one run is returned: that the handset stayed, and that the disk was full.
func TestDiskFullAndHandsetStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPhone()
		j := newJob(t, p, &saves{})
		saved := 0
		HooksOf(j).OnSave = func(report.Reset) error {
			if saved++; saved == 1 {
				return nil
			}
			return errFull
		}
		_, err := wayTo(t, "by-hand").Run(t.Context(), j)
		if !errors.Is(err, errFull) || !errors.Is(err, ErrStayed) {
			t.Errorf("error %v, want %v and %v", err, errFull, ErrStayed)
		}
	})
}

// A state that could not be saved before the wipe stops every way that wipes.
func TestNoWayWipesUnsaved(t *testing.T) {
	for _, name := range []string{"settings", "by-hand", "bench"} {
		synctest.Test(t, func(t *testing.T) {
			p := newPhone()
			p.onAsk = benchAnswers
			j := newJob(t, p, &saves{err: errFull})
			asked := 0
			HooksOf(j).OnSay = func(string) { asked++ }
			_, err := wayTo(t, name).Run(context.Background(), j)
			if !errors.Is(err, errFull) {
				t.Errorf("%s: error %v, want %v", name, err, errFull)
			}
			if asked > 0 {
				t.Errorf("%s: the person was told to go on though nothing was saved", name)
			}
			for _, line := range []string{"cmd testharness enable", "am start -a android.settings.DEVICE_INFO_SETTINGS"} {
				if p.count(line) > 0 {
					t.Errorf("%s: sent %q though nothing was saved", name, line)
				}
			}
		})
	}
}
