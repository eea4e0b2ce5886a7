package main

import (
	"preship/cmd/preship/internal/console"
	"preship/report"
)

// lineView tells everything in lines, each with the name of its handset.
type lineView struct{ env *env }

// of is where messages about one handset go.
func (v *lineView) of(m *member) *env {
	e := v.env.clone()
	e.Prefix = m.name() + ": "
	return e
}

func (v *lineView) event(m *member, ev event) {
	e := v.of(m)
	switch ev.Event {
	case "begin":
		e.Say("kept in %s", ev.Case)
	case "step":
		if ev.State != string(report.StepRunning) {
			e.tellFindings(m.findings)
			return
		}
		e.Say("%s  %s", stepCount(ev.Step), m.text)
	case "say":
		e.Say("%s", ev.Text)
	case "done":
		v.done(m)
	}
}

// done tells how it ended for one handset.
func (v *lineView) done(m *member) {
	e := v.of(m)
	e.Say("%s", console.Safe(v.env.Paint(verdictColour(m.verdict), console.Escape(m.outcome()))))
	for _, why := range m.reasons {
		e.Say("  %s", withoutIDs(why))
		if why.Next != "" {
			e.Say("    next: %s", why.Next)
		}
	}
	if m.err == nil {
		return
	}
	e.Say("  %v", m.err)
	for _, line := range hintFor(m.err) {
		e.Say("    %s", line)
	}
}

func (v *lineView) note(text string) { v.env.Say("%s", text) }
func (v *lineView) asking(m *member, _ []string, question string) string {
	return m.name() + ": " + question
}
func (v *lineView) answered(bool) {}
func (v *lineView) close()        {}

// outcome is how a member ended, in a word or two.
func (m *member) outcome() string {
	if m.verdict == "" {
		return "not begun"
	}
	if m.verdict == report.VerdictReady && m.code == exitNotReady {
		return string(m.verdict) + ", policy not met"
	}
	return string(m.verdict)
}

func verdictColour(v report.Verdict) string {
	if v == report.VerdictReady {
		return "1;32"
	}
	return "1;31"
}

// stepCount is a step with its place among all: 2/6 backup.
func stepCount(name string) string {
	for i, s := range steps {
		if s.name == name {
			return console.Sprintf("%d/%d %s", i+1, len(steps), name)
		}
	}
	return name
}

// eventView writes what happens for a script.
type eventView struct{ log *eventLog }

func (v *eventView) event(m *member, ev event) {
	ev.Serial, ev.Case = m.serial, m.dir
	v.log.write(ev)
}

func (v *eventView) note(text string) { v.log.write(event{Event: "say", Text: text}) }
func (v *eventView) asking(m *member, _ []string, question string) string {
	return m.name() + ": " + question
}
func (v *eventView) answered(bool) {}
func (v *eventView) close()        {}
