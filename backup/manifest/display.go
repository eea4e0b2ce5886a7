package manifest

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"preship/report/printable"
)

// HasControl reports whether s holds characters that change how a terminal shows text.
func HasControl(s string) bool {
	return strings.ContainsFunc(s, printable.Unsafe)
}

// Display returns s safe to show on a terminal: it quotes text that is not valid
// UTF-8 or has control characters.
func Display(s string) string {
	if utf8.ValidString(s) && !HasControl(s) {
		return s
	}
	q := strconv.QuoteToGraphic(s)
	return escape(q[1 : len(q)-1])
}

// escape writes the characters that Quote takes for graphic and that nobody sees, such
// as a Hangul filler, as Quote writes controls.
func escape(s string) string {
	if !HasControl(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if !printable.Unsafe(r) {
			b.WriteRune(r)
			continue
		}
		q := strconv.QuoteRuneToASCII(r)
		b.WriteString(q[1 : len(q)-1])
	}
	return b.String()
}
