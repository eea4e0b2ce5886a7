package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// errHashList: an answer of sha256sum that cannot belong to the names it was given.
var errHashList = errors.New("answer of sha256sum does not match the names it was given")

// parseHashList reads what sha256sum printed for names, in the order they were
// given, and calls found for each name that has a line. A name without a line is
// one it could not open.
//
// toybox prints "HASH  NAME" and escapes nothing, so that a newline in a name
// looks like the end of a line: such a name has to be asked for alone. Where
// anything is left over, all of the answer is in doubt: found is not called and
// the error is errHashList.
func parseHashList(out []byte, names [][]byte, found func(i int, sum [sha256.Size]byte)) error {
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
		return fmt.Errorf("%w: %.80q", errHashList, rest)
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
