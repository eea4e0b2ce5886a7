package fleet

import (
	"fmt"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/message"
)

// lineView shows every event as a line that begins with the name of its handset.
type lineView struct{ fleet *fleet }

// of is where messages about one handset go.
func (v *lineView) of(m *member) *console.Console {
	c := *v.fleet.console
	c.Prefix = m.name() + ": "
	return &c
}

func (v *lineView) tell(m *member, ev job.Event) {
	c := v.of(m)
	switch ev := ev.(type) {
	case job.Begun:
		c.Say(message.Say("fleet.case", "folder", ev.Case))
	case job.StepBegun:
		c.Sayf("%s  %s", stepCount(c, ev), ev.Does)
	case job.Looked:
		// What stops the job is among its reasons. A loss is not shown again by the backup.
		var losses report.Findings
		for _, l := range ev.Losses {
			losses = append(losses, l.Finding)
		}
		c.Findings(m.unread(losses))
	case job.StepEnded:
		c.Findings(m.unread(ev.Fresh))
	case job.Waiting:
		if ev.Announce && m.fresh(c.Words(ev.Says())) {
			c.Say(ev.Says())
		}
	case job.Said:
		if words := ev.Whole(); !ev.OnHandset || m.fresh(c.Words(words)) {
			c.Say(words)
		}
	}
}

// unread leaves out the findings that an earlier job of this run has shown of the member.
func (m *member) unread(all report.Findings) (left report.Findings) {
	for _, f := range all {
		if f.Status == report.StatusPass || m.fresh(f.ID+" "+string(f.Status)+" "+f.Summary+" "+f.Observed) {
			left = append(left, f)
		}
	}
	return left
}

// done shows how the job on one handset ended.
func (v *lineView) done(m *member) {
	c := v.of(m)
	c.Sayf("%s", console.Safe(c.Paint(verdictColour(m.verdict), c.Words(m.outcome()))))
	for _, why := range m.reasons {
		c.Sayf("  %s", job.Why(why))
		if why.Next != "" {
			c.Sayf("    %s", message.Say("fleet.next", "remedy", job.Next(why)))
		}
	}
	if m.err == nil {
		return
	}
	c.Sayf("  %s", message.Of(m.err))
	for _, line := range v.fleet.options.Hints(m.err) {
		c.Sayf("    %s", line)
	}
}

func (v *lineView) note(text message.Sentence) { v.fleet.console.Say(text) }
func (v *lineView) asking(m *member, _ []message.Sentence, question message.Sentence) string {
	return m.name() + ": " + v.fleet.console.Words(question)
}
func (v *lineView) answered(bool) {}
func (v *lineView) close()        {}

// outcome is how a member ended, in a word or two.
func (m *member) outcome() message.Sentence {
	if m.verdict == "" {
		return message.Say("fleet.not-begun")
	}
	if m.verdict == report.VerdictReady && m.ruling != nil && !m.ruling.Met {
		return message.Say("fleet.policy-not-met", "verdict", m.verdict.Word())
	}
	return m.verdict.Word()
}

func verdictColour(v report.Verdict) string {
	if v == report.VerdictReady {
		return "1;32"
	}
	return "1;31"
}

// stepCount is a step with its place among all: 2/6 backup.
func stepCount(c *console.Console, s job.StepBegun) string {
	if s.Name == "" {
		return ""
	}
	return fmt.Sprintf("%d/%d %s", s.Number, s.Of, c.Words(report.StepTitle(s.Name)))
}
