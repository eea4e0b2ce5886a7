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
	return q[1 : len(q)-1]
}
