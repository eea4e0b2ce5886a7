package backup

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path"

	"preship/backup/agefile"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/meter"
)

// recall reads the journal and returns the entries whose copy of an earlier run
// may still hold. Nothing of it is believed yet: the copies are read back first.
// Entries that the handset no longer lists are added to the plan, so that the
// manifest keeps naming them.
func (j *job) recall() (reused []uint32, err error) {
	known := j.plan.index()
	staged := map[uint32]*disk.Record{}
	var full error
	j.journal, err = disk.OpenJournal(j.root, func(rec *disk.Record) {
		if full != nil {
			return
		}
		if rec.Stored != nil && !j.plan.encrypted {
			full = fmt.Errorf("%w: %s is missing", agefile.ErrKeyList, agefile.KeysName)
			return
		}
		i, ok := known.find([]byte(rec.OnHandset()))
		if !ok {
			if i, full = j.plan.add([]byte(rec.OnHandset())); full != nil {
				return
			}
			known.add(i)
			j.plan.at(i).state = stateKept
		}
		j.remember(i, rec)
		if delete(staged, i); rec.Staged {
			staged[i] = rec
		}
	})
	if err != nil || full != nil {
		return nil, errors.Join(err, full)
	}
	if err := j.unstage(staged); err != nil {
		return nil, err
	}
	j.plan.dropOlder(j.store)
	for i := range uint32(j.plan.count) {
		if j.plan.at(i).marks&markReuse == 0 {
			continue
		}
		size, _ := j.plan.onDisk(i)
		switch there := j.store.Holds(j.plan.host(i), size); {
		case there && j.looksInto(i):
			j.plan.again(i)
		case there:
			reused = append(reused, i)
		default:
			j.plan.at(i).marks = 0
		}
	}
	return reused, nil
}

// looksInto reports whether a copy of an earlier run is of a kind that is looked
// into and cannot be opened: it is read from the handset once more.
func (j *job) looksInto(i uint32) bool {
	return j.plan.encrypted && j.key == nil && manifest.IsLocalBackup(j.plan.path(i))
}

// again makes an entry be read once more though its copy still holds.
func (p *plan) again(i uint32) {
	e := p.at(i)
	if e.marks&markHeld != 0 {
		e.marks |= markHostSum
		p.older[i] = p.earlier(i)
	}
	e.marks = 0
}

// remember enters what a line of the journal says. Of several lines for a file
// the last one holds.
//
// Inode numbers of Android's FUSE can change with a restart. A file whose size
// and time agree but not its inode is not read again, only hashed by the handset.
func (j *job) remember(i uint32, rec *disk.Record) {
	e := j.plan.at(i)
	e.marks = 0
	delete(j.plan.hosts, i)
	delete(j.plan.sizes, i)
	delete(j.plan.older, i)
	j.naming.Hold(rec.OnHandset(), rec.InCase())
	sum, err := rec.ContentSum()
	as, asErr := rec.OnDisk()
	if err != nil || asErr != nil || j.plan.encrypted != (as.Size > 0) {
		return
	}
	if j.plan.encrypted {
		j.plan.setStored(i, as)
	}
	switch {
	case e.state == stateKept:
		e.size, e.mtime, e.ino, e.mode = rec.Size, rec.MTime, rec.Ino, manifest.ModeRegular
		e.sum, e.marks = sum, markHostSum|markJournaled
	case e.state == stateListed && e.same(rec.Size, rec.MTime, e.ino):
		e.sum = sum
		e.marks |= markReuse | markJournaled
		if rec.Ino == e.ino && (rec.Proof == manifest.ProveHash || j.prove == manifest.ProveSize) {
			e.marks |= markTrusted
		}
		if rec.Ino == e.ino && rec.Proof == manifest.ProveReread {
			e.marks |= markEchoed
			j.echoed = true
		}
		if rec.Proof != manifest.ProveSize {
			e.marks |= markHeld
		}
		if rec.Size != e.size {
			j.plan.sizes[i] = rec.Size
		}
	case rec.Proof != manifest.ProveSize:
		j.plan.older[i] = keptEntry(rec)
	}
	if rec.Host != "" {
		j.plan.hosts[i] = rec.Host
	}
}

// reread reads copies of an earlier run back. One that is what the journal says
// is taken as just received; any other is read from the handset again.
func (r *round) reread(ctx context.Context, reused []uint32) error {
	h, buf := sha256.New(), make([]byte, 256<<10)
	for _, i := range reused {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		e := r.plan.at(i)
		size, want := r.plan.onDisk(i)
		sum, n, err := disk.Hash(r.store.Root(), r.plan.host(i), h, buf)
		if err != nil || n != size || sum != want {
			r.mu.Lock()
			r.redo = append(r.redo, i)
			r.mu.Unlock()
			continue
		}
		// Of an encrypted copy the journal says what it holds: it is the very file
		// that was written then.
		sum, n = e.sum, r.plan.length(i)
		r.meter.Change(func(p *meter.Progress) { p.FilesDone++; p.BytesDone += n })
		r.plan.hostSum(i, sum)
		switch {
		case e.marks&markTrusted != 0, e.marks&markEchoed != 0 && r.prove == manifest.ProveReread:
			r.plan.deviceSum(i, sum)
			r.commits <- i
		case r.prove == manifest.ProveHash:
			r.plan.forget(i)
			r.hashes.add(i)
		case r.prove == manifest.ProveReread:
			r.plan.forget(i)
		}
	}
	return nil
}

// forget drops that an entry is in the journal: its line is to be written anew.
func (p *plan) forget(i uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at(i).marks &^= markJournaled
}

// place gives every entry its name on the computer. It does nothing where the
// file system takes the handset's names as they are.
func (j *job) place() error {
	if j.naming.Keeps() {
		return nil
	}
	known := j.plan.index()
	for i := range uint32(j.plan.count) {
		if _, ok := j.plan.hosts[i]; ok {
			continue
		}
		p := string(j.plan.path(i))
		dir, name := path.Split(p)
		parent := manifest.Dir + path.Clean(dir)
		if up, ok := known.find([]byte(path.Clean(dir))); ok {
			parent = j.plan.host(up)
		}
		file := manifest.TypeOf(j.plan.at(i).mode) == manifest.TypeFile
		if host := j.naming.Assign(parent, name, p, file); host != j.plan.usual(i) {
			j.plan.hosts[i] = host
		}
	}
	return nil
}
