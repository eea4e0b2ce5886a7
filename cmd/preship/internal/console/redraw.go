package console

import (
	"fmt"
	"io"
	"strings"
)

// Redraw is a few lines on a terminal that are rewritten in place.
type Redraw struct {
	Out   io.Writer
	Width func() int // of the terminal, in columns; 0 when it is not known

	rows int // that the last drawing took
}

// Draw replaces the last drawing. The lines must be escaped already. One that
// is too long is broken, so that the rows can be counted.
func (r *Redraw) Draw(lines []string) error {
	var b strings.Builder
	if r.rows > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", r.rows)
	}
	b.WriteString("\x1b[J")
	r.rows = 0
	for _, line := range lines {
		line = Wrap(line, r.Width())
		r.rows += rowsOf(line, r.Width())
		b.WriteString(line + "\n")
	}
	_, err := io.WriteString(r.Out, b.String())
	return err
}
