package report

import (
	"time"

	"preship/report/check"
	"preship/report/message"
)

// ClockStep is how far a clock may be set while a job runs, as a time server does.
const ClockStep = time.Minute

// clockBegins is a date before preship. A computer that shows an earlier one has lost the
// time.
var clockBegins = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// ClockJump judges two readings of the computer's clock, between which so much time passed.
// jumped is false if the clock went as the time did.
func ClockJump(from, to time.Time, passed time.Duration) (f Finding, jumped bool) {
	off := to.Round(0).Sub(from.Round(0)) - passed // without Go's monotonic readings
	id := message.ID("computer.clock.forward")
	switch {
	case to.Before(clockBegins):
		id = "computer.clock.early"
	case off < -ClockStep:
		id = "computer.clock.back"
	case off <= ClockStep:
		return Finding{}, false
	}
	f = clockJumped(id, to, from)
	f.Observed += ", and " + passed.Round(time.Second).String() + " passed"
	return f, true
}

// checkClock adds a finding to a step whose times show that the computer's clock jumped,
// unless a step has one. A step that is run again later than the next one is no sign of that.
func (r *Report) checkClock() {
	for _, s := range r.Steps {
		if _, ok := s.Findings.ByID(check.ComputerClock); ok {
			return
		}
	}
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
