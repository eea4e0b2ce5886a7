package console

import (
	"fmt"
	"strings"
	"time"

	"preship/cmd/preship/internal/amount"
	"preship/report/message"
)

const (
	barEvery = 120 * time.Millisecond // between two drawings: a terminal takes up to 5 ms a line
	barSpan  = 10 * time.Second       // that the rate is measured over
	barLeast = 12                     // columns: a shorter bar shows nothing
)

// Bar is a progress bar on standard error. Off a terminal it shows nothing. Any
// other message takes its line, and the bar is drawn again below it.
type Bar struct {
	c     *Console
	of    string // the phase that is measured
	drawn time.Time
	seen  []sample // of the last barSpan
}

type sample struct {
	at   time.Time
	done int64
}

// Measure is how far some work is.
type Measure struct {
	Of          string // the phase; another one is measured again
	Text        string // shown before the bar
	Done, Total int64
	Bytes       bool // Done and Total are bytes; else they are files
}

// NewBar returns a bar that is not drawn yet.
func (c *Console) NewBar() *Bar { return &Bar{c: c} }

// Show draws the bar.
func (b *Bar) Show(m Measure) {
	if !b.c.RedrawsErr() {
		return
	}
	now := b.c.Now()
	if m.Of != b.of {
		*b = Bar{c: b.c, of: m.Of}
	}
	if now.Sub(b.drawn) < barEvery {
		return
	}
	b.drawn, b.seen = now, append(b.seen, sample{now, m.Done})
	for len(b.seen) > 2 && now.Sub(b.seen[0].at) > barSpan {
		b.seen = b.seen[1:]
	}
	b.c.line(b.text(m, b.c.Width()-1))
}

// text returns the bar in so many columns. The remaining bytes, the rate and the time to go
// are kept; text and bar take the room beside them.
func (b *Bar) text(m Measure, width int) string {
	share := min(1, float64(m.Done)/float64(max(m.Total, 1)))
	right := fmt.Sprintf("  %d %%", int(share*100))
	first, last := b.seen[0], b.seen[len(b.seen)-1]
	if took, did := last.at.Sub(first.at), last.done-first.done; took >= time.Second && did > 0 {
		rate := float64(did) / took.Seconds()
		if m.Bytes {
			right += "  " + b.c.Words(amount.Bytes(int64(rate))) + "/s"
		}
		left := time.Duration(float64(m.Total-m.Done) / rate * float64(time.Second))
		right += "  " + b.c.Words(message.Say("progress.left", "time", Clock(left)))
	}
	room := width - Columns(right)
	text := "    " + m.Text
	if bar := room - Columns(text) - 2; bar >= barLeast {
		full := int(share * float64(bar-2))
		return text + "  [" + strings.Repeat("#", full) + strings.Repeat(" ", bar-2-full) + "]" + right
	}
	return Cut(text, room) + right
}

// Clear takes the bar away.
func (b *Bar) Clear() {
	b.c.clearLine()
	*b = Bar{c: b.c}
}

// line writes text, which must be escaped, on the current line, in place of the text
// there.
func (c *Console) line(text string) {
	text = Cut(text, c.Width()-1)
	fmt.Fprint(c.Err, "\r"+text+strings.Repeat(" ", max(0, c.drawn-Columns(text))))
	c.drawn = Columns(text)
}

// clearLine takes away what line wrote.
func (c *Console) clearLine() {
	if c.drawn > 0 {
		fmt.Fprint(c.Err, "\r"+strings.Repeat(" ", c.drawn)+"\r")
		c.drawn = 0
	}
}
