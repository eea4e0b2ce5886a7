package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// An empty file that the handset does not open is no loss: lstat gives everything
// about it. It is recorded with its name, mode and time; no copy is on the computer,
// and a restore makes it again. Apps put such files, for example .nomedia, where the
// shell may list but not open them.

const hollowReason = "empty: there is nothing in it to read"

// emptySum is the SHA-256 of nothing.
var emptySum = hex.EncodeToString(sha256.New().Sum(nil))

// recordHollow settles the empty files that could not be read.
func (p *plan) recordHollow() {
	for i := range uint32(p.count) {
		e := p.at(i)
		// A size that is known modulo 2^32 may be 4 GiB.
		if e.state == stateUnreadable && typeOf(e.mode) == TypeFile && e.size == 0 && !e.inexact {
			reason := hollowReason
			if why := p.reasons[i]; why != "" {
				reason += " (" + why + ")"
			}
			e.marks = 0
			p.settle(i, stateRecorded, reason)
		}
	}
}

// hollow reports whether an entry is an empty file that was recorded.
func (e *Entry) hollow() bool { return e.Type == TypeFile && e.Status == StatusRecorded && e.Size == 0 }

// sum returns the SHA-256 of the entry's contents, "" if it is not known.
func (e *Entry) sum() string {
	if e.hollow() {
		return emptySum
	}
	return e.SHA256
}

// nothingToRead returns the contents of a hollow entry.
func nothingToRead() io.ReadCloser { return io.NopCloser(bytes.NewReader(nil)) }
