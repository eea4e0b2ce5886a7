package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"

	"preship/adb"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/query"
	"preship/report/message"
)

// MaxTries is how often a file is read that changes during every read.
const MaxTries = 3

// Failed enters that a read failed. s is the state of the entry unless another try,
// which again allows, succeeds.
func (p *Plan) Failed(i uint32, s State, reason message.Sentence, again bool) {
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

// Unheld enters that the disk of the computer does not hold an entry. again allows another
// try.
func (p *Plan) Unheld(i uint32, reason message.Sentence, again bool) {
	p.Failed(i, StateUnreadable, reason, again)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at(i).marks |= markUnheld
}

// IsUnheld reports whether an entry is not saved because of the computer's disk.
func (p *Plan) IsUnheld(i uint32) bool {
	e := p.at(i)
	return e.state == StateUnreadable && e.marks&markUnheld != 0
}

// CopySum enters the SHA-256 of the copy, which has the listed size. It reports whether
// the handset gave the same SHA-256.
func (p *Plan) CopySum(i uint32, sum [sha256.Size]byte) (proved bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.at(i)
	e.state = StateSaved
	device := e.sum
	e.sum = sum
	e.marks |= markHostSum
	if e.marks&markDeviceSum == 0 {
		return false
	}
	return p.compare(i, device)
}

// HandsetSum enters the SHA-256 that the handset gave, and reports whether the copy
// exists and has the same.
func (p *Plan) HandsetSum(i uint32, sum [sha256.Size]byte) (proved bool) {
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

// compare compares the two sums. The caller holds mu.
func (p *Plan) compare(i uint32, device [sha256.Size]byte) bool {
	e := p.at(i)
	if e.state != StateSaved {
		return false // the kept copy has another size
	}
	if e.sum == device {
		p.note(i, message.Sentence{})
		return true
	}
	e.marks |= markDiffer | markAgain
	p.note(i, message.Say("backup.why.other-sum", "sum", hex.EncodeToString(device[:])))
	return false
}

// NoSum enters that the handset gave no SHA-256.
func (p *Plan) NoSum(i uint32, reason message.Sentence, again bool) {
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

// Renew makes an entry ready for another read.
func (p *Plan) Renew(i uint32) {
	e := p.at(i)
	held := markReuse | markHeld | markHostSum
	keeps := e.marks&held == held
	var older manifest.Entry
	if keeps {
		older = p.earlier(i) // locks
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if keeps {
		p.older[i] = older
	}
	e.state = StateListed
	e.tries++
	e.marks = 0
	p.note(i, message.Sentence{})
}

// agreed reports whether both sums are known and equal.
func (e *entry) agreed() bool {
	const both = markHostSum | markDeviceSum
	return e.state == StateSaved && e.marks&both == both && e.marks&markDiffer == 0
}

// sized reports whether n bytes match the listed size.
func (e *entry) sized(n int64) bool {
	if e.inexact {
		return uint32(n) == uint32(e.size)
	}
	return n == e.size
}

// same reports whether a file is as it was listed.
func (e *entry) same(size, mtime int64, ino uint64) bool {
	return e.sized(size) && e.mtime == mtime && e.ino == ino
}

// Resize enters the size of the copy of an entry.
func (p *Plan) Resize(i uint32, n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sizes[i] = n
}

// Torn enters that the kept copy does not have the listed size.
func (p *Plan) Torn(i uint32, sum [sha256.Size]byte, reason message.Sentence) {
	p.Failed(i, StateChanged, reason, true)
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.at(i)
	e.sum = sum
	e.marks |= markHostSum
}

// ReadAgain makes an entry be read again although its copy still holds.
func (p *Plan) ReadAgain(i uint32) {
	e := p.at(i)
	if e.marks&markHeld != 0 {
		e.marks |= markHostSum
		p.older[i] = p.earlier(i)
	}
	e.marks = 0
}

// Forget drops that an entry is in the journal: it gets a new line.
func (p *Plan) Forget(i uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at(i).marks &^= markJournaled
}

// RecordEmpty settles the empty files that could not be read: they are no loss, see
// [manifest.Entry.Empty].
func (p *Plan) RecordEmpty() {
	for i := range uint32(p.count) {
		e := p.at(i)
		// A size that is known modulo 2^32 may be 4 GiB.
		if e.state == StateUnreadable && manifest.TypeOf(e.mode) == manifest.TypeFile && e.size == 0 && !e.inexact {
			reason := message.Say("backup.why.empty")
			if why := p.reasons[i]; !why.Empty() {
				reason = message.Say("list.reasoned", "what", reason, "why", why)
			}
			e.marks = 0
			p.Settle(i, StateRecorded, reason)
		}
	}
}

// Describe enters the answer of lstat for an entry.
func (p *Plan) Describe(i uint32, fi adb.FileInfo, err error) {
	e := p.at(i)
	if err != nil {
		s := StateUnreadable
		if Gone(err) {
			s = StateVanished
		}
		p.Settle(i, s, query.Reason(err))
		return
	}
	e.mode, e.size, e.mtime, e.ino = fi.Mode, fi.Size, fi.MTime.Unix(), fi.Ino
	e.inexact, e.ctime = !fi.SizeExact, 0
	if !fi.CTime.IsZero() {
		e.ctime = fi.CTime.Unix()
	}
	if fi.IsRegular() {
		e.state = StateListed
	} else {
		e.state = StateRecorded
	}
}

// Asked records that the handset was asked for the SHA-256 of an entry, and reports
// whether it was asked before.
func (p *Plan) Asked(i uint32) (before bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.at(i)
	before = e.marks&markAsked != 0
	e.marks |= markAsked
	return before
}

// AddKept adds a file of an earlier run that the handset does not list.
func (p *Plan) AddKept(name []byte) (uint32, error) {
	i, err := p.Add(name)
	if err == nil {
		p.at(i).state = StateKept
	}
	return i, err
}

// Recall enters a line of the journal. Of several lines for a file the last one counts.
// echoed reports that an earlier run proved this copy by reading it twice.
//
// Inode numbers of Android's FUSE can change with a restart, and anybody can set the time of
// a file back. A file with the same size and time and another inode or ctime, or one whose
// ctime is not known, is not read again, only hashed by the handset. Where the handset could
// not hash, a file with another inode or ctime is read again; one of a handset that gives no
// ctime counts as the same.
func (p *Plan) Recall(i uint32, rec *disk.Record, prove manifest.Prove) (echoed bool) {
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
		p.SetStored(i, as)
	}
	switch {
	case e.state == StateKept:
		e.size, e.mtime, e.ino, e.mode = rec.Size, rec.MTime, rec.Ino, manifest.ModeRegular
		e.sum, e.marks = sum, markHostSum|markJournaled
	case e.state == StateListed && rec.Proof == manifest.ProveReread && (rec.Ino != e.ino || rec.CTime != e.ctime):
		p.older[i] = keptEntry(rec)
	case e.state == StateListed && e.same(rec.Size, rec.MTime, e.ino):
		e.sum = sum
		e.marks |= markReuse | markJournaled
		same := rec.Ino == e.ino && rec.CTime == e.ctime && e.ctime != 0
		if prove == manifest.ProveSize && rec.Ino == e.ino || same && (rec.Proof == manifest.ProveHash) {
			e.marks |= markTrusted
		}
		if rec.Proof == manifest.ProveReread {
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

// Drop forgets the copy of an earlier run: the entry is read again.
func (p *Plan) Drop(i uint32) { p.at(i).marks = 0 }

// Reusable reports whether the copy of an earlier run may be this very file.
func (p *Plan) Reusable(i uint32) bool { return p.at(i).marks&markReuse != 0 }

// Trusted reports whether the proof of an earlier run still counts under prove.
func (p *Plan) Trusted(i uint32, prove manifest.Prove) bool {
	marks := p.at(i).marks
	return marks&markTrusted != 0 || marks&markEchoed != 0 && prove == manifest.ProveReread
}

// Unread reports whether a saved copy was not compared with the handset yet.
func (p *Plan) Unread(i uint32) bool {
	e := p.at(i)
	return e.state == StateSaved && e.marks&(markHostSum|markDeviceSum) == markHostSum
}

// Doubtful reports whether an entry needs a second look: it is saved and not proved,
// or its last read failed.
func (p *Plan) Doubtful(i uint32) bool {
	e := p.at(i)
	return e.state == StateSaved && !e.agreed() || p.Again(i)
}

// Again reports whether another read of an entry may end better than the last.
func (p *Plan) Again(i uint32) bool { return p.at(i).marks&markAgain != 0 }

// LastTry reports whether an entry is not read again whatever happens.
func (p *Plan) LastTry(i uint32) bool { return p.at(i).tries+1 >= MaxTries }

// Copied reports whether a copy of an entry is on the computer.
func (p *Plan) Copied(i uint32) bool { return p.at(i).marks&markHostSum != 0 }

// Uncommitted reports whether an entry needs a line in the journal. A copy compared by
// size alone proves nothing, and so replaces no proved one.
func (p *Plan) Uncommitted(i uint32, prove manifest.Prove) bool {
	marks := p.at(i).marks
	return marks&markJournaled == 0 && (marks&markAside == 0 || prove != manifest.ProveSize)
}

// Record returns the line of the journal for a copy.
func (p *Plan) Record(i uint32, prove manifest.Prove) *disk.Record {
	e, entry := p.at(i), manifest.Entry{}
	entry.SetPath(p.Path(i))
	return &disk.Record{
		Path: entry.Path, PathB64: entry.PathB64, Host: p.hosts[i],
		Size: p.Length(i), MTime: e.mtime, CTime: e.ctime, Ino: e.ino, SHA256: hex.EncodeToString(e.sum[:]), Proof: prove,
		Staged: e.marks&markAside != 0, Stored: p.Stored(i).Stored(),
	}
}

// Committed enters that the journal on the disk names the copies of entries. By hash or
// by reading twice that makes them proved.
func (p *Plan) Committed(batch []uint32, prove manifest.Prove) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, i := range batch {
		e := p.at(i)
		e.marks |= markJournaled
		if prove != manifest.ProveSize {
			e.state = StateProved
		}
	}
}

// State returns the state of an entry.
func (p *Plan) State(i uint32) State { return p.at(i).state }

// Same reports whether a file is still as it was listed.
func (p *Plan) Same(i uint32, size, mtime int64, ino uint64) bool {
	return p.at(i).same(size, mtime, ino)
}

// Sized reports whether n bytes match the listed size of an entry.
func (p *Plan) Sized(i uint32, n int64) bool { return p.at(i).sized(n) }

// CompareSaved compares an entry with that of a backup: it is saved if both are the
// same, and copied if the backup has another version.
func (p *Plan) CompareSaved(i uint32, m *manifest.Entry) {
	e := p.at(i)
	switch m.Status {
	case manifest.StatusProved, manifest.StatusSaved, manifest.StatusKept:
		if e.state == StateListed && e.sized(m.Size) && e.mtime == m.MTime {
			e.state = StateSaved
			return
		}
		e.marks |= markHostSum // the backup has another one of that name
	case manifest.StatusUnreadable, manifest.StatusLeftOut:
		e.state = StateRecorded
	case manifest.StatusRecorded:
		switch now := manifest.TypeOf(e.mode); {
		case e.state == StateUnreadable: // a folder that was open then
		case m.Type == manifest.TypeFile && (now != manifest.TypeFile || !e.sized(m.Size) || e.mtime != m.MTime):
			e.marks |= markHostSum
		default:
			e.state = StateRecorded
		}
	}
}

// Gone reports whether the handset is sure that a file does not exist. Without stat_v2
// it never is: a file it may not access seems missing too.
func Gone(err error) bool {
	var refused *adb.SyncError
	return errors.Is(err, fs.ErrNotExist) && !(errors.As(err, &refused) && refused.Unsure)
}
