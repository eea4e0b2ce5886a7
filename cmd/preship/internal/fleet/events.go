package fleet

import (
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/events"
	"preship/cmd/preship/internal/job"
	"preship/report/message"
)

// eventView writes what happens for a script.
type eventView struct {
	fleet *fleet
	log   *events.Log
	each  map[*member]*events.Person
}

func newEventView(f *fleet) *eventView {
	return &eventView{fleet: f, log: events.NewLog(f.console), each: map[*member]*events.Person{}}
}

func (v *eventView) tell(m *member, ev job.Event) {
	p := v.each[m]
	if p == nil {
		p = events.NewPerson(nil, v.fleet.host.Now, func(ev events.Event) { v.write(m, ev) })
		v.each[m] = p
	}
	p.Tell(ev)
}

func (v *eventView) write(m *member, ev events.Event) {
	ev.Serial, ev.Case = m.serial, m.dir
	v.log.Write(ev)
}

func (v *eventView) done(m *member) {
	if m.ruling != nil {
		v.write(m, events.Event{Event: "policy", Policy: m.ruling})
	}
	ev := events.Event{Event: "done", Verdict: string(m.verdict), Exit: &m.code}
	if m.err != nil {
		text := message.Of(m.err)
		ev.Error, ev.Reason, ev.Message = console.Escape(m.err.Error()), v.fleet.options.Codes.Reason(m.err), &text
	}
	v.write(m, ev)
}

func (v *eventView) note(text message.Sentence) { v.log.Write(events.Said(text)) }
func (v *eventView) asking(m *member, _ []message.Sentence, question message.Sentence) string {
	return m.name() + ": " + v.fleet.console.Words(question)
}
func (v *eventView) answered(bool) {}
func (v *eventView) close()        {}
