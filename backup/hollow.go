package backup

import "preship/backup/manifest"

// An empty file that the handset does not open is no loss: lstat gives everything
// about it. It is recorded with its name, mode and time; no copy is on the computer,
// and a restore makes it again. Apps put such files, for example .nomedia, where the
// shell may list but not open them.

const hollowReason = "empty: there is nothing in it to read"

// recordHollow settles the empty files that could not be read.
func (p *plan) recordHollow() {
	for i := range uint32(p.count) {
		e := p.at(i)
		// A size that is known modulo 2^32 may be 4 GiB.
		if e.state == stateUnreadable && manifest.TypeOf(e.mode) == manifest.TypeFile && e.size == 0 && !e.inexact {
			reason := hollowReason
			if why := p.reasons[i]; why != "" {
				reason += " (" + why + ")"
			}
			e.marks = 0
			p.settle(i, stateRecorded, reason)
		}
	}
}
