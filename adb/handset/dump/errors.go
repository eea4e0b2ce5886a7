package dump

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"preship/report/message"
	"preship/report/printable"
)

// Errors of the parsers.
var (
	// ErrNoHeading: an answer without the heading or count that its command
	// prints. Translated, empty or foreign text is not an empty list.
	ErrNoHeading = message.Error(message.Say("error.dump.heading"), nil)
	// ErrMalformed: an answer that has its heading but is not of the expected form.
	ErrMalformed = message.Error(message.Say("error.dump.malformed"), nil)
	// ErrTooLarge: an answer larger than any real handset's, not looked at.
	ErrTooLarge = message.Error(message.Say("error.answer-too-large"), nil)
	// ErrTruncated: an answer without its end.
	ErrTruncated = message.Error(message.Say("error.dump.cut"), nil)
	// ErrNoProperties: an answer of getprop without a property.
	ErrNoProperties = message.Error(message.Say("error.dump.no-properties"), nil)
)

// maxAnswer bounds what a parser looks at, in bytes. The largest real answer of
// those parsed here, a getprop, is below 100 KiB.
const maxAnswer = 1 << 20

// Printable returns at most maxLen bytes of b fit for an error text or a
// terminal: one line of valid UTF-8 without a character that printable.Unsafe names.
func Printable(b []byte, maxLen int) string {
	if len(b) <= maxLen && !slices.ContainsFunc(b, func(c byte) bool { return c < ' ' || c >= unicode.MaxASCII }) {
		return string(b) // as nearly every text of a handset
	}
	var out strings.Builder
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		b = b[size:]
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			r = ' '
		case printable.Unsafe(r):
			r = '\uFFFD'
		}
		if out.Len()+utf8.RuneLen(r) > maxLen {
			const cut = "…"
			return strings.ToValidUTF8(out.String()[:max(0, min(out.Len(), maxLen-len(cut)))], "") + cut
		}
		out.WriteRune(r)
	}
	return out.String()
}

// FirstLine returns the first line of an answer, printable and bounded.
func FirstLine(b []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(b[:min(len(b), 4096)])), "\n")
	return Printable([]byte(strings.TrimSpace(line)), 120)
}
