package printable

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxText is the most characters that [Text] returns before the ellipsis.
const MaxText = 2000

// acting are the characters that act, hide or reorder: control and format
// characters, separators of lines and paragraphs, and letters without a shape.
var acting = []*unicode.RangeTable{
	unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point,
}

// seen are the format characters that have a shape, as Arabic number signs do.
var seen = unicode.Prepended_Concatenation_Mark

// Unsafe reports whether a character acts, hides or reorders instead of being seen,
// or stands for bytes that are not UTF-8. The joiners U+200C and U+200D are safe,
// because words and emoji are written with them.
func Unsafe(r rune) bool {
	switch {
	case r < unicode.MaxASCII: // most texts are nothing else
		return r < ' '
	case r == '\u200c', r == '\u200d', unicode.Is(seen, r):
		return false
	}
	return r == utf8.RuneError || unicode.In(r, acting...)
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

// Cell returns a text as a cell of a spreadsheet: printable, and with an apostrophe before
// what a spreadsheet would run as a formula or round as a number, such as an IMEI.
func Cell(s string) string {
	s = Text(s)
	if s != "" && (strings.ContainsRune("=+-@|", rune(s[0])) || len(s) > 11 && strings.Trim(s, "0123456789 ") == "") {
		return "'" + s
	}
	return s
}
