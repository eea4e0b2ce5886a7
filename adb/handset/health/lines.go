package health

import (
	"bytes"
	"iter"
	"strings"

	"preship/adb/handset/dump"
)

// Most is the most bytes of an answer that a parser looks at. A list of a thousand events
// takes about 200 KiB.
const Most = 4 << 20

// maxList bounds the rows that a parser returns.
const maxList = 1000

// lines returns the lines of an answer without their ends.
func lines(b []byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range bytes.Lines(b[:min(len(b), Most)]) {
			if !yield(strings.TrimRight(string(line), "\r\n")) {
				return
			}
		}
	}
}

// short returns a text of a handset in one printable line.
func short(s string) string { return dump.Printable([]byte(strings.TrimSpace(s)), 80) }
