package console

import (
	"regexp"
	"strings"
	"unicode/utf8"

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
	for i, t := range tokens(s, width/3) {
		n := Columns(t.text)
		switch {
		case i == 0:
		case column+t.space+n > width && column > indent:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		default:
			b.WriteString(" "[:t.space])
			column += t.space
		}
		b.WriteString(t.text)
		column += n
	}
	return b.String()
}

// token is text that stays on one line.
type token struct {
	space int // before it
	text  string
}

// wideWord is how many columns a word of wide characters takes that is not cut. A longer
// one may be a sentence.
const wideWord = 8

// tokens cuts a message where a line may end. A number stays with the word after it, such
// as its unit, if both take at most keep columns.
func tokens(s string, keep int) (all []token) {
	add := func(space int, cut []string) {
		for i, piece := range cut {
			if i > 0 {
				space = 0
			}
			all = append(all, token{space, piece})
		}
	}
	for i, word := range strings.Split(s, " ") {
		cut := pieces(word, min(keep, wideWord))
		if last := len(all) - 1; i > 0 && endsInDigit(all[last].text) {
			before, after := pieces(all[last].text, 0), pieces(word, 0) // Chinese may break beside both
			number, unit := before[len(before)-1], after[0]
			if Columns(number)+1+Columns(unit) <= keep {
				before[len(before)-1] += " " + unit
				space := all[last].space
				all = all[:last]
				add(space, before)
				add(0, after[1:])
				continue
			}
		}
		add(min(i, 1), cut)
	}
	return all
}

func endsInDigit(s string) bool { return s != "" && s[len(s)-1] >= '0' && s[len(s)-1] <= '9' }

// pieces cuts a word of more columns than keep where a line may end within it: beside
// each wide character, because Chinese has no spaces. A line never begins with a mark
// that closes, nor ends with one that opens.
func pieces(word string, keep int) []string {
	if Columns(word) <= keep {
		return []string{word}
	}
	var all []string
	last, state := rune(0), -1
	for len(word) > 0 {
		var cluster string
		var n int
		cluster, word, n, state = uniseg.FirstGraphemeClusterInString(word, state)
		first, _ := utf8.DecodeRuneInString(cluster)
		wide := n == 2 || last != 0 && uniseg.StringWidth(string(last)) == 2
		if len(all) == 0 || !wide || strings.ContainsRune("。，、；：？！）”》」…", first) || strings.ContainsRune("（“《「", last) {
			if len(all) == 0 {
				all = append(all, "")
			}
			all[len(all)-1] += cluster
		} else {
			all = append(all, cluster)
		}
		last = first
	}
	return all
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
