package report

import (
	"time"

	"preship/report/check"
	"preship/report/message"
)

// ClockStep is how far a clock may be set back while a job runs, as a time server does.
const ClockStep = time.Minute

// clockBegins is a date before preship. A computer that shows an earlier one has lost the
// time.
var clockBegins = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// checkClock adds a finding to a step whose times show that the computer's clock jumped.
// A step that is run again later than the next one is no sign of that.
func (r *Report) checkClock() {
	last := r.Started
	for i := range r.Steps {
		s := &r.Steps[i]
		if s.Started.IsZero() {
			continue
		}
		times := []time.Time{r.Started, s.Started, s.Finished}
		switch {
		case s.Name == StepReset && r.Reset != nil && r.Reset.TriggeredAt != nil:
			times = []time.Time{last, *r.Reset.TriggeredAt, s.Finished}
			last = *r.Reset.TriggeredAt
		case s.Name == StepVerify:
			times = []time.Time{last, s.Started, s.Finished}
		case s.Finished.After(last):
			last = s.Finished
		}
		if f, jumped := clockFinding(times); jumped {
			f.At = s.Started
			s.Findings = append(s.Findings, f)
			return
		}
	}
}

// clockFinding judges times that follow each other; a zero one is not known.
func clockFinding(times []time.Time) (Finding, bool) {
	var last time.Time
	for _, t := range times {
		switch {
		case t.IsZero():
			continue
		case t.Before(clockBegins):
			return clockJumped("computer.clock.early", t, last), true
		case t.Before(last.Add(-ClockStep)):
			return clockJumped("computer.clock.back", t, last), true
		}
		last = t
	}
	return Finding{}, false
}

func clockJumped(id message.ID, at, before time.Time) Finding {
	f := Finding{ID: check.ComputerClock, Status: StatusWarn, Method: MethodObserved, Evidence: []string{}}
	f.Tell(message.Say(id))
	f.Observed = at.UTC().Format(time.RFC3339)
	if !before.IsZero() {
		f.Observed += ", after " + before.UTC().Format(time.RFC3339)
	}
	f.Advise(message.Say("computer.clock.remedy"))
	return f
}
