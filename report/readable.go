package report

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText is the most characters any one text of a report has.
const maxText = 2000

// readable replaces what would not be seen as itself: control characters, which
// drive terminals; direction overrides, which make a text read as another; bytes
// that are no UTF-8. Line breaks and tabs become spaces.
func readable(s string) string {
	if utf8.RuneCountInString(s) > maxText {
		s = string([]rune(s)[:maxText]) + "…"
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\u2028', r == '\u2029':
			return utf8.RuneError
		default:
			return r
		}
	}, s)
}
