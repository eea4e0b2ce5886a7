package printable

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxText is the most characters that [Text] returns before the ellipsis.
const MaxText = 2000

// Unsafe reports whether a character acts, hides or reorders instead of being seen:
// control characters, separators of lines, direction overrides and zero-width
// characters, and what stands for bytes that are not UTF-8. The joiners U+200C and
// U+200D are safe, because words and emoji are written with them.
func Unsafe(r rune) bool {
	switch {
	case r == '\u200c', r == '\u200d':
		return false
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == utf8.RuneError:
		return true
	case r == '\u200b', r == '\u2028', r == '\u2029', 0x2060 <= r && r <= 0x206f, r == '\ufeff':
		return true
	}
	return false
}

// Text replaces what would not be seen as itself, as [Unsafe] says. Line breaks and tabs become spaces.
func Text(s string) string {
	if utf8.RuneCountInString(s) > MaxText {
		s = string([]rune(s)[:MaxText]) + "…"
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case Unsafe(r):
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
