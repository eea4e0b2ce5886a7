package console

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"preship/report/printable"
)

// Safe is text that has been escaped already. [Sprintf] leaves it unchanged.
type Safe string

// Sprintf is fmt.Sprintf with every argument escaped that is a string, an error or
// a fmt.Stringer.
func Sprintf(format string, args ...any) string {
	for i, a := range args {
		switch v := a.(type) {
		case string:
			args[i] = Escape(v)
		case error:
			args[i] = Escape(v.Error())
		case fmt.Stringer:
			args[i] = Escape(v.String())
		}
	}
	return fmt.Sprintf(format, args...)
}

// Escape makes s safe to show: one line, no control or direction-changing
// characters, valid UTF-8.
func Escape(s string) string {
	if !strings.ContainsFunc(s, printable.Unsafe) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case printable.Unsafe(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

// WriteJSON writes the JSON in b, and a newline, with every character that a
// terminal might obey written as an escape. Package encoding/json does so for the
// C0 controls only.
func WriteJSON(w io.Writer, b []byte) error {
	var out bytes.Buffer // one write: a line of a script's events is not torn
	escapeJSON(&out, b)
	out.WriteByte('\n')
	_, err := w.Write(out.Bytes())
	return err
}

// escapeJSON leaves the errors of writing to the caller's last write or flush.
func escapeJSON(out io.Writer, b []byte) {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r >= 0x7f && printable.Unsafe(r) {
			fmt.Fprintf(out, `\u%04x`, r)
		} else {
			_, _ = out.Write(b[:n])
		}
		b = b[n:]
	}
}
