package console

import (
	"regexp"
	"strings"

	"github.com/rivo/uniseg"
)

// Wrap breaks a message at spaces, so that a terminal does not break it inside a
// word, and indents the lines that follow. Colours take no columns. A width of 0
// breaks nothing.
func Wrap(s string, width int) string {
	indent := len(s) - len(strings.TrimLeft(s, " ")) + 2
	if width < indent+20 {
		return s
	}
	var b strings.Builder
	column := 0
	for i, word := range strings.Split(s, " ") {
		n := Columns(word)
		switch {
		case i == 0:
		case column+1+n > width && column > indent:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	return b.String()
}

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// Columns returns how many columns a text takes on a terminal: two for a wide
// character, and no column for a colour or an accent.
func Columns(s string) int { return uniseg.StringWidth(colours.ReplaceAllString(s, "")) }

// Cut shortens a text to so many columns.
func Cut(s string, width int) string {
	if Columns(s) <= width {
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

// rowsOf counts the rows that text takes on a terminal. A word longer than the
// terminal is wide takes several.
func rowsOf(text string, width int) int {
	rows := 0
	for line := range strings.SplitSeq(text, "\n") {
		n := Columns(line)
		if rows++; width > 0 && n > width {
			rows += (n - 1) / width
		}
	}
	return rows
}
