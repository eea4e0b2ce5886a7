package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"preship/adb"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/query"
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

// resize enters how long the copy of an entry is.
func (p *plan) resize(i uint32, n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sizes[i] = n
}

// torn enters that the copy kept is not as long as the file was listed.
func (p *plan) torn(i uint32, sum [sha256.Size]byte, reason string) {
	p.failed(i, stateChanged, reason, true)
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.at(i)
	e.sum = sum
	e.marks |= markHostSum
}

// readAgain makes an entry be read again although its copy still holds.
func (p *plan) readAgain(i uint32) {
	e := p.at(i)
	if e.marks&markHeld != 0 {
		e.marks |= markHostSum
		p.older[i] = p.earlier(i)
	}
	e.marks = 0
}

// forget drops that an entry is in the journal: its line is to be written anew.
func (p *plan) forget(i uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at(i).marks &^= markJournaled
}

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

// describe enters what lstat said of an entry.
func (p *plan) describe(i uint32, fi adb.FileInfo, err error) {
	e := p.at(i)
	if err != nil {
		s := stateUnreadable
		if gone(err) {
			s = stateVanished
		}
		p.settle(i, s, query.Reason(err))
		return
	}
	e.mode, e.size, e.mtime, e.ino = fi.Mode, fi.Size, fi.MTime.Unix(), fi.Ino
	e.inexact = !fi.SizeExact
	if fi.IsRegular() {
		e.state = stateListed
	} else {
		e.state = stateRecorded
	}
}

// asked records that the handset was asked for the SHA-256 of an entry, and reports
// whether it was asked before.
func (p *plan) asked(i uint32) (before bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.at(i)
	before = e.marks&markAsked != 0
	e.marks |= markAsked
	return before
}

// addKept adds a file of an earlier run that the handset does not list.
func (p *plan) addKept(name []byte) (uint32, error) {
	i, err := p.add(name)
	if err == nil {
		p.at(i).state = stateKept
	}
	return i, err
}

// recall enters a line of the journal. Of several lines for a file the last one counts.
// echoed reports that an earlier run proved this copy by reading it twice.
//
// Inode numbers of Android's FUSE can change with a restart. A file with the same size
// and time and another inode is not read again, only hashed by the handset.
func (p *plan) recall(i uint32, rec *disk.Record, prove manifest.Prove) (echoed bool) {
	e := p.at(i)
	e.marks = 0
	delete(p.hosts, i)
	delete(p.sizes, i)
	delete(p.older, i)
	sum, err := rec.ContentSum()
	as, asErr := rec.OnDisk()
	if err != nil || asErr != nil || p.encrypted != (as.Size > 0) {
		return false
	}
	if p.encrypted {
		p.setStored(i, as)
	}
	switch {
	case e.state == stateKept:
		e.size, e.mtime, e.ino, e.mode = rec.Size, rec.MTime, rec.Ino, manifest.ModeRegular
		e.sum, e.marks = sum, markHostSum|markJournaled
	case e.state == stateListed && e.same(rec.Size, rec.MTime, e.ino):
		e.sum = sum
		e.marks |= markReuse | markJournaled
		if rec.Ino == e.ino && (rec.Proof == manifest.ProveHash || prove == manifest.ProveSize) {
			e.marks |= markTrusted
		}
		if rec.Ino == e.ino && rec.Proof == manifest.ProveReread {
			e.marks |= markEchoed
			echoed = true
		}
		if rec.Proof != manifest.ProveSize {
			e.marks |= markHeld
		}
		if rec.Size != e.size {
			p.sizes[i] = rec.Size
		}
	case rec.Proof != manifest.ProveSize:
		p.older[i] = keptEntry(rec)
	}
	if rec.Host != "" {
		p.hosts[i] = rec.Host
	}
	return echoed
}

// drop forgets the copy of an earlier run: the entry is read again.
func (p *plan) drop(i uint32) { p.at(i).marks = 0 }

// reusable reports whether the copy of an earlier run may be this very file.
func (p *plan) reusable(i uint32) bool { return p.at(i).marks&markReuse != 0 }

// trusted reports whether the proof of an earlier run still counts under prove.
func (p *plan) trusted(i uint32, prove manifest.Prove) bool {
	marks := p.at(i).marks
	return marks&markTrusted != 0 || marks&markEchoed != 0 && prove == manifest.ProveReread
}

// unread reports whether a saved copy was not compared with the handset yet.
func (p *plan) unread(i uint32) bool {
	e := p.at(i)
	return e.state == stateSaved && e.marks&(markHostSum|markDeviceSum) == markHostSum
}

// doubtful reports whether an entry needs a second look: it is saved and not proved,
// or its last read failed.
func (p *plan) doubtful(i uint32) bool {
	e := p.at(i)
	return e.state == stateSaved && !e.agreed() || p.again(i)
}

// again reports whether another read of an entry may end better than the last.
func (p *plan) again(i uint32) bool { return p.at(i).marks&markAgain != 0 }

// lastTry reports whether an entry is not read again whatever happens.
func (p *plan) lastTry(i uint32) bool { return p.at(i).tries+1 >= maxTries }

// copied reports whether a copy of an entry is on the computer.
func (p *plan) copied(i uint32) bool { return p.at(i).marks&markHostSum != 0 }

// uncommitted reports whether an entry needs a line in the journal. A copy compared by
// size alone proves nothing, and so replaces no proved one.
func (p *plan) uncommitted(i uint32, prove manifest.Prove) bool {
	marks := p.at(i).marks
	return marks&markJournaled == 0 && (marks&markAside == 0 || prove != manifest.ProveSize)
}

// record returns the line of the journal for a copy.
func (p *plan) record(i uint32, prove manifest.Prove) *disk.Record {
	e, entry := p.at(i), manifest.Entry{}
	entry.SetPath(p.path(i))
	return &disk.Record{
		Path: entry.Path, PathB64: entry.PathB64, Host: p.hosts[i],
		Size: p.length(i), MTime: e.mtime, Ino: e.ino, SHA256: hex.EncodeToString(e.sum[:]), Proof: prove,
		Staged: e.marks&markAside != 0, Stored: p.storedAs(i).Stored(),
	}
}

// committed enters that the journal on the disk names the copies of entries. By hash or
// by reading twice that makes them proved.
func (p *plan) committed(batch []uint32, prove manifest.Prove) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, i := range batch {
		e := p.at(i)
		e.marks |= markJournaled
		if prove != manifest.ProveSize {
			e.state = stateProved
		}
	}
}

// state returns the state of an entry.
func (p *plan) state(i uint32) state { return p.at(i).state }

// same reports whether a file is still as it was listed.
func (p *plan) same(i uint32, size, mtime int64, ino uint64) bool {
	return p.at(i).same(size, mtime, ino)
}

// sized reports whether n bytes match the listed size of an entry.
func (p *plan) sized(i uint32, n int64) bool { return p.at(i).sized(n) }
