package printable

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxText is the most characters that [Text] returns before the ellipsis.
const MaxText = 2000

// Text replaces what would not be seen as itself: control characters, which drive
// terminals; direction overrides, which make a text read as another; and bytes that
// are not UTF-8. Line breaks and tabs become spaces.
func Text(s string) string {
	if utf8.RuneCountInString(s) > MaxText {
		s = string([]rune(s)[:MaxText]) + "…"
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

// Clip cuts a text to so many characters, and marks the cut with an ellipsis.
func Clip(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
