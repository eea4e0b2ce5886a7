package handset

import (
	"strings"
	"unicode/utf8"

	"preship/report/printable"
)

// Fact is one value with where it comes from. Either Value or Unknown is set.
type Fact struct {
	Value   string
	Source  string // the property or command it was read from
	Ref     string // evidence of the raw answer, "" is nowhere
	Unknown string // why it is not known, when Value is ""
}

// Known reports whether the fact has a value.
func (f Fact) Known() bool { return f.Value != "" }

// List is a list with where it comes from. Items means something only when
// Unknown is "": then an empty list means that the handset has no such thing.
type List[T any] struct {
	Items   []T
	Source  string
	Ref     string
	Unknown string // why the list is not known
}

// Known reports whether the list is complete.
func (l List[T]) Known() bool { return l.Unknown == "" }

// Printable returns at most maxLen bytes of b fit for an error text or a
// terminal: one line of valid UTF-8 without a character that printable.Unsafe names.
func Printable(b []byte, maxLen int) string {
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
