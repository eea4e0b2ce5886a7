package backup

import (
	"crypto/sha256"
	"fmt"
)

// maxTries is how often a file is read that does not come out the same.
const maxTries = 3

// failed enters that reading an entry did not end well: s is its state unless
// another try, which again allows, ends better.
func (p *plan) failed(i uint32, s state, reason string, again bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.at(i)
	e.state = s
	e.marks &^= markAgain
	if again {
		e.marks |= markAgain
	}
	p.note(i, reason)
}

// hostSum enters the SHA-256 of the copy on the computer, which is as long as
// the handset said. It reports whether that is the handset's own as well.
func (p *plan) hostSum(i uint32, sum [sha256.Size]byte) (proved bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.at(i)
	e.state = stateSaved
	device := e.sum
	e.sum = sum
	e.marks |= markHostSum
	if e.marks&markDeviceSum == 0 {
		return false
	}
	return p.compare(i, device)
}

// deviceSum enters the SHA-256 the handset gave, and reports whether the copy on
// the computer is there and has the same.
func (p *plan) deviceSum(i uint32, sum [sha256.Size]byte) (proved bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.at(i)
	e.marks |= markDeviceSum
	if e.marks&markHostSum == 0 {
		e.sum = sum
		return false
	}
	return p.compare(i, sum)
}

// compare is called once both sums are known. The caller holds mu.
func (p *plan) compare(i uint32, device [sha256.Size]byte) bool {
	e := p.at(i)
	if e.state != stateSaved {
		return false // the copy that was kept is not as long as it should be
	}
	if e.sum == device {
		p.note(i, "")
		return true
	}
	e.marks |= markDiffer | markAgain
	p.note(i, fmt.Sprintf("the handset's SHA-256 of it is %x, that of the copy another", device))
	return false
}

// noSum enters that the handset gave no SHA-256.
func (p *plan) noSum(i uint32, reason string, again bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.at(i)
	if again {
		e.marks |= markAgain
	}
	if _, ok := p.reasons[i]; !ok {
		p.note(i, reason)
	}
}

// renew makes an entry ready to be read once more.
func (p *plan) renew(i uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.at(i)
	if held := markReuse | markHeld | markHostSum; e.marks&held == held {
		p.older[i] = p.earlier(i)
	}
	e.state = stateListed
	e.tries++
	e.marks = 0
	p.note(i, "")
}

// proved reports whether both sums are known and the same.
func (e *entry) agreed() bool {
	const both = markHostSum | markDeviceSum
	return e.state == stateSaved && e.marks&both == both && e.marks&markDiffer == 0
}

// sized reports whether n bytes are what an entry was listed with.
func (e *entry) sized(n int64) bool {
	if e.inexact {
		return uint32(n) == uint32(e.size)
	}
	return n == e.size
}

// same reports whether a file still is what it was listed as.
func (e *entry) same(size, mtime int64, ino uint64) bool {
	return e.sized(size) && e.mtime == mtime && e.ino == ino
}
