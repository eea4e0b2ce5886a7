package fleet

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/message"
)

// screenLine is one line of the screen: parts of one colour each. All of it is
// escaped, and fits.
type screenLine []struct{ colour, text string }

func (l *screenLine) add(colour, text string) {
	*l = append(*l, struct{ colour, text string }{colour, text})
}

func (l screenLine) plain() string {
	var b strings.Builder
	for _, p := range l {
		b.WriteString(p.text)
	}
	return b.String()
}

func (l screenLine) paint(c *console.Console) string {
	var b strings.Builder
	for _, p := range l {
		if p.colour == "" {
			b.WriteString(p.text)
		} else {
			b.WriteString(c.Paint(p.colour, p.text))
		}
	}
	return b.String()
}

const (
	maxNameColumns = 28
	// spareRows are left free: for the line below the handsets, a question, and
	// the last kept lines.
	spareRows = 4
)

// frame is the lines of the screen. Where there are more handsets than rows,
// those that need a hand come first, and those that are done are only counted.
func frame(c *console.Console, members []*member, watch bool, width, height int) []screenLine {
	shown := members
	if room := max(1, height-spareRows); len(members) > room {
		shown = slices.SortedStableFunc(slices.Values(members), func(a, b *member) int { return a.rank() - b.rank() })[:room]
	}
	nameColumns, stepColumns := 0, 0
	numbers := numberColumns(shown, width)
	for _, name := range []string{report.StepIdentify, report.StepBackup, report.StepAccounts, report.StepReset, report.StepVerify, report.StepReport} {
		stepColumns = max(stepColumns, len("1/6 ")+console.Columns(c.Words(report.StepTitle(name))))
	}
	for _, m := range shown {
		nameColumns = max(nameColumns, min(maxNameColumns, console.Columns(console.Escape(m.name()))))
	}
	if numbers > 0 {
		nameColumns = min(nameColumns, maxNameColumns-numbers/2)
	}
	var lines []screenLine
	for _, m := range shown {
		lines = append(lines, m.line(c, nameColumns, numbers, stepColumns, width-1))
	}
	var last screenLine
	last.add("2", console.Cut(footer(c, members, len(members)-len(shown), watch), width-1))
	return append(lines, last)
}

// numbers are the end of a member's IMEI and its ticket.
func (m *member) numbers() string {
	return strings.TrimSpace(m.imeiTail() + " " + console.Escape(m.ticket))
}

// maxNumberColumns leave room for a ticket number of 10.
const maxNumberColumns = 16

// numberColumns is how many columns the numbers take; 0 on a terminal too narrow for
// them.
func numberColumns(shown []*member, width int) (columns int) {
	if width < 72 {
		return 0
	}
	for _, m := range shown {
		columns = max(columns, min(maxNumberColumns, console.Columns(m.numbers())))
	}
	return columns
}

// rank orders the members by how much there is to see.
func (m *member) rank() int {
	switch {
	case m.hand, m.lost():
		return 0
	case !m.done:
		return 1
	case m.verdict != report.VerdictReady:
		return 2
	}
	return 3
}

func (m *member) line(c *console.Console, nameColumns, numberColumns, stepColumns, width int) (l screenLine) {
	mark, colour, text := "  ", "", m.doing(c)
	switch {
	case m.done:
		colour, text = verdictColour(m.verdict), c.Words(m.outcome())
	case m.hand, m.lost():
		mark, colour = "! ", "1;33"
	}
	head := mark + pad(console.Cut(console.Escape(m.name()), nameColumns), nameColumns) + "  "
	if numberColumns > 0 {
		head += pad(console.Cut(m.numbers(), numberColumns), numberColumns) + "  "
	}
	if !m.done {
		head += pad(stepCount(c, m.step), stepColumns) + "  "
	}
	head = console.Cut(head, width)
	l.add("", head)
	room := width - console.Columns(head)
	text = console.Cut(text, room)
	l.add(colour, text)
	if why := m.why(c); m.done && why != "" {
		l.add("", console.Cut("  "+why, room-console.Columns(text)))
	}
	return l
}

// why is the first thing that keeps a handset from being ready.
func (m *member) why(c *console.Console) string {
	for _, r := range m.reasons {
		if r.Next != "" { // what can be mended; that a step ended for it says less
			return c.Words(job.Why(r))
		}
	}
	switch {
	case len(m.reasons) > 0:
		return c.Words(job.Why(m.reasons[0]))
	case m.err != nil:
		return c.Words(message.Of(m.err))
	}
	return ""
}

// doing is what happens with the handset now.
func (m *member) doing(c *console.Console) string {
	if m.lost() {
		return c.Words(message.Say("fleet.away"))
	}
	p := m.progress
	if p.BytesTotal <= 0 {
		return c.Words(m.text)
	}
	text := message.Say("fleet.progress", "phase", job.Phase(p.Phase),
		"percent", fmt.Sprintf("%3d", 100*min(p.BytesDone, p.BytesTotal)/p.BytesTotal), "size", amount.Bytes(p.BytesTotal))
	took := m.at.Sub(m.since)
	if took < 3*time.Second || p.BytesDone <= 0 {
		return c.Words(text)
	}
	rate := float64(p.BytesDone) / took.Seconds()
	left := time.Duration(float64(p.BytesTotal-p.BytesDone) / rate * float64(time.Second))
	return c.Words(message.Say("fleet.progress.rate", "progress", text, "rate", amount.Bytes(int64(rate)), "left", roughly(left)))
}

// roughly is a time as a person would say it.
func roughly(d time.Duration) message.Sentence {
	switch {
	case d < time.Minute:
		return message.Say("fleet.seconds", "time", amount.Digits(int64(d.Seconds())+1))
	case d < 2*time.Hour:
		return message.Say("fleet.minutes", "time", amount.Digits(int64(d.Minutes())+1))
	}
	return message.Say("fleet.hours", "time", amount.Digits(int64(d.Hours()+1)))
}

// footer counts the handsets.
func footer(c *console.Console, members []*member, hidden int, watch bool) string {
	var hand, work, ready, not int
	for _, m := range members {
		switch m.rank() {
		case 0:
			hand++
		case 1:
			work++
		case 2:
			not++
		default:
			ready++
		}
	}
	var parts []message.Sentence
	for _, p := range []struct {
		n  int
		id message.ID
	}{{hand, "fleet.hand"}, {work, "fleet.work"}, {not, "fleet.not"}, {ready, "fleet.ready"}, {hidden, "fleet.hidden"}} {
		if p.n > 0 {
			parts = append(parts, message.Say(p.id, "number", fmt.Sprint(p.n)))
		}
	}
	text := message.Join(message.Colon, message.Say("fleet.handsets", "count", len(members)), message.Join(message.Comma, parts...))
	if watch {
		text = message.Join(message.Stop, text, message.Say("fleet.plug"))
	}
	return c.Words(text)
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-console.Columns(s)))
}
