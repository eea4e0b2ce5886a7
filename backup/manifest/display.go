package manifest

import (
	"strconv"
	"unicode"
	"unicode/utf8"
)

// HasControl reports whether s holds characters that change how a terminal shows text.
func HasControl(s string) bool {
	for _, r := range s {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
			return true
		}
	}
	return false
}

// Display returns s safe to show on a terminal: it quotes text that is not valid
// UTF-8 or has control characters.
func Display(s string) string {
	if utf8.ValidString(s) && !HasControl(s) {
		return s
	}
	q := strconv.QuoteToGraphic(s)
	return q[1 : len(q)-1]
}
