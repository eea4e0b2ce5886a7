package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// redraw is a few lines on a terminal that are written anew in place.
type redraw struct {
	out   io.Writer
	width func() int // of the terminal, in columns; 0 when it does not tell
	rows  int        // that the last drawing took
}

// draw replaces what was drawn before. The lines are safe to show already; one
// that is too long is broken, so that the rows can be counted.
func (r *redraw) draw(lines []string) error {
	var b strings.Builder
	if r.rows > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", r.rows)
	}
	b.WriteString("\x1b[J")
	r.rows = 0
	for _, line := range lines {
		line = wrap(line, r.width())
		r.rows += rowsOf(line, r.width())
		b.WriteString(line + "\n")
	}
	_, err := io.WriteString(r.out, b.String())
	return err
}

// rowsOf counts the rows that text takes, where a word longer than the terminal
// is wide goes on in the next.
func rowsOf(text string, width int) int {
	rows := 0
	for line := range strings.SplitSeq(text, "\n") {
		n := utf8.RuneCountInString(colours.ReplaceAllString(line, ""))
		if rows++; width > 0 && n > width {
			rows += (n - 1) / width
		}
	}
	return rows
}

// redraws says whether standard output is a terminal that can be drawn on.
func (e *env) redraws() bool {
	return e.outTTY && e.getenv("TERM") != "dumb" && e.width() > 0
}
