package events

import (
	"time"

	"preship/backup/meter"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/message"
)

// every is the least time between two progress events of one phase.
const every = 300 * time.Millisecond

// Person is a script that reads events. Warnings and questions go to the terminal,
// where there is one.
type Person struct {
	*console.Person
	write  func(Event)
	now    func() time.Time
	last   time.Time     // of the last progress
	waited time.Duration // of the last event of a wait
	phase  string        // of the last progress
	whole  bool          // the last progress was the end of its phase
}

// NewPerson returns a person whose events are given to write.
func NewPerson(terminal *console.Person, now func() time.Time, write func(Event)) *Person {
	return &Person{Person: terminal, write: write, now: now}
}

// Tell writes an event of a job as one or more lines.
func (p *Person) Tell(ev job.Event) {
	switch ev := ev.(type) {
	case job.Begun:
		p.write(Event{Event: "begin", Case: ev.Case})
	case job.Looked:
		p.write(Looked(ev.Outlook))
	case job.StepBegun:
		p.write(Event{Event: "step", Step: ev.Name, State: string(report.StepRunning)})
	case job.StepEnded:
		for _, f := range ev.Findings {
			p.write(Event{Event: "finding", Step: ev.Name, Finding: &f})
		}
		p.write(Event{Event: "step", Step: ev.Name, State: string(ev.State), Error: ev.Error})
	case job.Said:
		p.write(Said(ev.Whole()))
	case job.Waiting:
		p.waiting(ev)
		if p.Person != nil {
			p.Person.Tell(ev)
		}
	case job.Progress:
		p.progress(ev)
	case job.Found:
		p.write(Event{Event: "finding", Step: report.StepReport, Finding: &ev.Finding})
	default:
		p.Person.Tell(ev)
	}
}

// Said returns the event of a message.
func Said(s message.Sentence) Event {
	return Event{Event: "say", Text: console.Escape(s.String()), Message: &s}
}

// waitEvery is the least time between two events of one wait that lasts.
const waitEvery = 30 * time.Second

// waiting writes that a wait begins, that it lasts and that it is over.
func (p *Person) waiting(ev job.Waiting) {
	state := report.StepRunning
	switch {
	case ev.Over:
		state = report.StepDone
	case ev.Elapsed == 0:
		state = waitBegins
	case ev.Elapsed-p.waited < waitEvery:
		return
	}
	p.waited = ev.Elapsed
	why := ev.Says()
	out := Event{Event: "wait", State: string(state), Text: console.Escape(why.String()), Message: &why, Wait: &Wait{
		ID: ev.ID, Since: ev.Since.UTC().Truncate(time.Millisecond), Seconds: int64(ev.Elapsed / time.Second), Limit: int64(ev.Limit / time.Second),
	}}
	if then := ev.After(); !then.Empty() {
		out.Wait.Then = &then
	}
	p.write(out)
}

// waitBegins is the state of the first event of a wait.
const waitBegins report.StepState = "begin"

// progress writes how far the backup is: the beginning of a phase, then at most one
// event in the time of every, and the end of a phase once.
func (p *Person) progress(ev job.Progress) {
	if ev.Over {
		p.last, p.phase = time.Time{}, ""
		return
	}
	whole := ev.BytesDone >= ev.BytesTotal && ev.FilesDone >= ev.FilesTotal
	now := p.now()
	if ev.Phase == p.phase && whole == p.whole && now.Sub(p.last) < every || ev.Phase == p.phase && whole && p.whole {
		return
	}
	p.last, p.phase, p.whole = now, ev.Phase, whole
	p.write(progressed(ev.Progress))
}

func progressed(p meter.Progress) Event {
	return Event{
		Event: "progress", Step: report.StepBackup, Text: p.Phase,
		Files: &Counter{p.FilesDone, p.FilesTotal}, Bytes: &Counter{p.BytesDone, p.BytesTotal}, Proved: &p.Proved,
	}
}
