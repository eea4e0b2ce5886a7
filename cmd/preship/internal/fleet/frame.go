package fleet

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rivo/uniseg"

	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/console"
	"preship/report"
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
	stepColumns    = len("3/6 accounts")
	// spareRows are left free: for the line below the handsets, a question, and
	// what was kept last.
	spareRows = 4
)

// frame is the lines of the screen. Where there are more handsets than rows,
// those that need a hand come first, and those that are done are only counted.
func frame(members []*member, watch bool, width, height int) []screenLine {
	shown := members
	if room := max(1, height-spareRows); len(members) > room {
		shown = slices.SortedStableFunc(slices.Values(members), func(a, b *member) int { return a.rank() - b.rank() })[:room]
	}
	nameColumns := 0
	for _, m := range shown {
		nameColumns = max(nameColumns, min(maxNameColumns, console.Columns(console.Escape(m.name()))))
	}
	var lines []screenLine
	for _, m := range shown {
		lines = append(lines, m.line(nameColumns, width-1))
	}
	var last screenLine
	last.add("2", cut(footer(members, len(members)-len(shown), watch), width-1))
	return append(lines, last)
}

// rank orders the members by how much there is to see.
func (m *member) rank() int {
	switch {
	case m.hand:
		return 0
	case !m.done:
		return 1
	case m.verdict != report.VerdictReady:
		return 2
	}
	return 3
}

func (m *member) line(nameColumns, width int) (l screenLine) {
	mark, colour, text := "  ", "", m.doing()
	switch {
	case m.done:
		colour, text = verdictColour(m.verdict), m.outcome()
	case m.hand:
		mark, colour = "! ", "1;33"
	}
	head := mark + pad(cut(console.Escape(m.name()), nameColumns), nameColumns) + "  "
	if !m.done {
		head += pad(stepCount(m.step), stepColumns) + "  "
	}
	head = cut(head, width)
	l.add("", head)
	room := width - console.Columns(head)
	text = cut(text, room)
	l.add(colour, text)
	if why := m.why(); m.done && why != "" {
		l.add("", cut("  "+why, room-console.Columns(text)))
	}
	return l
}

// why is the first thing that keeps a handset from being ready.
func (m *member) why() string {
	for _, r := range m.reasons {
		if r.Next != "" { // what can be mended; that a step ended for it says less
			return console.Escape(r.What)
		}
	}
	switch {
	case len(m.reasons) > 0:
		return console.Escape(m.reasons[0].What)
	case m.err != nil:
		return console.Escape(m.err.Error())
	}
	return ""
}

// doing is what happens with the handset now.
func (m *member) doing() string {
	p := m.progress
	if p.BytesTotal <= 0 {
		return console.Escape(m.text)
	}
	text := fmt.Sprintf("%s %3d%% of %s", console.Escape(p.Phase), 100*min(p.BytesDone, p.BytesTotal)/p.BytesTotal, amount.Size(p.BytesTotal))
	took := m.at.Sub(m.since)
	if took < 3*time.Second || p.BytesDone <= 0 {
		return text
	}
	rate := float64(p.BytesDone) / took.Seconds()
	left := time.Duration(float64(p.BytesTotal-p.BytesDone) / rate * float64(time.Second))
	return fmt.Sprintf("%s, %s/s, %s left", text, amount.Size(int64(rate)), roughly(left))
}

// roughly is a time as a person would say it.
func roughly(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds())+1)
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes())+1)
	}
	return fmt.Sprintf("%d h", int(d.Hours()+1))
}

// footer counts the handsets.
func footer(members []*member, hidden int, watch bool) string {
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
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{hand, "waiting for a hand"}, {work, "at work"}, {not, "not ready"}, {ready, "ready"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	text := amount.Count(len(members), "handset")
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	if hidden > 0 {
		text += fmt.Sprintf(" (%d not shown)", hidden)
	}
	if watch {
		text += ". plug in the next; ctrl-c ends"
	}
	return text
}

// cut shortens a text to so many columns.
func cut(s string, width int) string {
	if console.Columns(s) <= width {
		return s
	}
	var b strings.Builder
	used, state := 0, -1
	for len(s) > 0 {
		var cluster string
		var n int
		cluster, s, n, state = uniseg.FirstGraphemeClusterInString(s, state)
		if used+n > width-1 {
			break
		}
		used += n
		b.WriteString(cluster)
	}
	if width < 1 {
		return ""
	}
	return b.String() + "…"
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-console.Columns(s)))
}
