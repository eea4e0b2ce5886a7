package query

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"preship/report/message"
)

// ErrHashList means that an answer of sha256sum does not match the names it was given.
var ErrHashList = message.Error(message.Say("backup.why.hash-list"), nil)

// ParseHashList reads the output of sha256sum for names, in their order, and calls
// found for each name that has a line. sha256sum could not open a name without a line.
//
// toybox prints "HASH  NAME" and escapes nothing, so a newline in a name looks like the
// end of a line: the caller asks for such a name alone. If any output is left over, the
// whole answer is in doubt: found is not called and the error is [ErrHashList].
func ParseHashList(out []byte, names [][]byte, found func(i int, sum [sha256.Size]byte)) error {
	type hit struct {
		i   int
		sum [sha256.Size]byte
	}
	var hits []hit
	rest := out
	for i, name := range names {
		sum, after, ok := cutHashLine(rest, name)
		if !ok {
			continue
		}
		hits = append(hits, hit{i, sum})
		rest = after
	}
	if len(rest) > 0 {
		return fmt.Errorf("%w: %.80q", ErrHashList, rest)
	}
	for _, h := range hits {
		found(h.i, h.sum)
	}
	return nil
}

// cutHashLine takes the line for name from the front of b.
func cutHashLine(b, name []byte) (sum [sha256.Size]byte, rest []byte, ok bool) {
	const digits = 2 * sha256.Size
	if len(b) < digits+2+len(name)+1 {
		return sum, nil, false
	}
	// The second of the two characters is "*" where a build reads in binary mode.
	if b[digits] != ' ' || b[digits+1] != ' ' && b[digits+1] != '*' {
		return sum, nil, false
	}
	rest, ok = bytes.CutPrefix(b[digits+2:], name)
	if !ok || len(rest) == 0 || rest[0] != '\n' {
		return sum, nil, false
	}
	if _, err := hex.Decode(sum[:], b[:digits]); err != nil {
		return sum, nil, false
	}
	return sum, rest[1:], true
}

// The exit statuses of a shell for a command that does not exist.
const (
	ExitNotRun   = 126
	ExitNotFound = 127
)
