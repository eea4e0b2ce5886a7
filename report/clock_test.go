package report

import (
	"slices"
	"testing"
	"time"

	"preship/report/check"
	"preship/report/message"
)

func TestClock(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name      string
		created   time.Time
		backup    time.Time // both its start and its end
		triggered time.Time
		verify    time.Time
		want      message.ID // "" finds nothing
		at        string     // the step with the finding
	}{
		{"in order", day, day.Add(time.Hour), day.Add(2 * time.Hour), day.Add(3 * time.Hour), "", ""},
		{"corrected by a time server", day, day.Add(time.Hour), day.Add(time.Hour - 30*time.Second), day.Add(2 * time.Hour), "", ""},
		{"set back before the wipe", day, day.Add(time.Hour), time.Date(1996, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1996, 1, 1, 1, 0, 0, 0, time.UTC), "computer.clock.early", StepReset},
		{"set back by a day before the wipe", day, day.Add(time.Hour), day.Add(-23 * time.Hour), day.Add(-22 * time.Hour), "computer.clock.back", StepReset},
		{"set back before the wipe, to a time of the job", day, day.Add(2 * time.Hour), day.Add(time.Hour), day.Add(3 * time.Hour), "computer.clock.back", StepReset},
		{"set back after the wipe", day, day.Add(time.Hour), day.Add(2 * time.Hour), day.Add(time.Hour), "computer.clock.back", StepVerify},
		{"without a battery at first", time.Date(1970, 1, 1, 0, 5, 0, 0, time.UTC), day, day.Add(time.Hour), day.Add(2 * time.Hour), "computer.clock.early", StepIdentify},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			triggered := tt.triggered
			r := &Report{Started: tt.created, Reset: &Reset{TriggeredAt: &triggered}, Steps: []StepRecord{
				{Name: StepIdentify, Started: tt.backup.Add(5 * time.Second), Finished: tt.backup.Add(10 * time.Second)}, // run again
				{Name: StepBackup, Started: tt.backup, Finished: tt.backup},
				{Name: StepAccounts, Started: tt.backup, Finished: tt.backup},
				{Name: StepReset, Started: tt.backup},
				{Name: StepVerify, Started: tt.verify, Finished: tt.verify},
			}}
			r.checkClock()
			var id message.ID
			at := ""
			for _, s := range r.Steps {
				for _, f := range s.Findings {
					if f.ID != check.ComputerClock || f.Status != StatusWarn || f.Observed == "" || f.Remedy == "" {
						t.Errorf("%+v", f)
					}
					id, at = f.Message.ID(), s.Name
				}
			}
			if id != tt.want || at != tt.at {
				t.Errorf("%q at %q, want %q at %q", id, at, tt.want, tt.at)
			}
			if n := len(slices.Concat(r.Steps[0].Findings, r.Steps[3].Findings, r.Steps[4].Findings)); n > 1 {
				t.Errorf("%d findings", n)
			}
		})
	}
}

// TestClockJump: what a clock shows is held against the time that passed.
// A time that is not known hides no jump between the times around it.
func TestClockFindingSkipsUnknownTimes(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		times []time.Time
		want  message.ID
	}{
		{[]time.Time{day, {}, day.Add(time.Hour)}, ""},
		{[]time.Time{day, {}, day.Add(-time.Hour)}, "computer.clock.back"},
		{[]time.Time{{}, day, day.Add(-ClockStep)}, ""},
		{[]time.Time{{}, day, day.Add(-ClockStep - 1)}, "computer.clock.back"},
		{[]time.Time{{}, clockBegins}, ""},
		{[]time.Time{{}, clockBegins.Add(-1)}, "computer.clock.early"},
	} {
		f, jumped := clockFinding(tt.times)
		if jumped != (tt.want != "") || jumped && f.Message.ID() != tt.want {
			t.Errorf("%v: %+v, want %q", tt.times, f, tt.want)
		}
	}
	r := &Report{Started: day, Steps: []StepRecord{{Name: StepIdentify}, {Name: StepBackup, Started: day.Add(-time.Hour)}}}
	if r.checkClock(); len(r.Steps[1].Findings) != 1 {
		t.Errorf("the step after one that was not run has %+v", r.Steps[1].Findings)
	}
}

func TestClockJump(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name   string
		to     time.Time
		passed time.Duration
		want   message.ID // "" finds nothing
	}{
		{"in time", day.Add(time.Hour), time.Hour, ""},
		{"the computer slept", day.Add(10 * time.Hour), 10 * time.Hour, ""},
		{"corrected by a time server", day.Add(time.Hour), time.Hour - ClockStep, ""},
		{"corrected back", day.Add(time.Hour), time.Hour + ClockStep, ""},
		{"set forward", day.Add(time.Hour), time.Hour - ClockStep - time.Second, "computer.clock.forward"},
		{"set forward by a year", day.AddDate(1, 0, 0), time.Second, "computer.clock.forward"},
		{"set back, and later than before all the same", day.Add(time.Hour), 3 * time.Hour, "computer.clock.back"},
		{"set back", day.Add(-time.Hour), time.Second, "computer.clock.back"},
		{"lost", time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), time.Second, "computer.clock.early"},
	} {
		f, jumped := ClockJump(day, tt.to, tt.passed)
		if jumped != (tt.want != "") || jumped && (f.Message.ID() != tt.want || f.ID != check.ComputerClock || f.Status != StatusWarn || f.Observed == "") {
			t.Errorf("%s: %+v, %t", tt.name, f, jumped)
		}
	}
	// A jump that a step has seen is not found again in the times.
	r := &Report{Started: day, Steps: []StepRecord{{Name: StepIdentify, Started: day, Finished: day}, {Name: StepVerify, Started: day.Add(-time.Hour), Finished: day}}}
	seen, _ := ClockJump(day, day.Add(-time.Hour), 0)
	r.Steps[1].Findings = Findings{seen}
	r.checkClock()
	if n := len(r.Steps[0].Findings) + len(r.Steps[1].Findings); n != 1 {
		t.Errorf("%d findings", n)
	}
}
