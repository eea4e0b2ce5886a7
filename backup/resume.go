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
			if i, full = j.plan.addKept([]byte(rec.OnHandset())); full != nil {
				return
			}
			known.add(i)
		}
		j.naming.Hold(rec.OnHandset(), rec.InCase())
		j.echoed = j.plan.recall(i, rec, j.prove) || j.echoed
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
	j.plan.dropOlder(j.store.Holds)
	for i := range j.plan.len() {
		if !j.plan.reusable(i) {
			continue
		}
		size, _ := j.plan.onDisk(i)
		switch there := j.store.Holds(j.plan.host(i), size); {
		case there && j.looksInto(i):
			j.plan.readAgain(i)
		case there:
			reused = append(reused, i)
		default:
			j.plan.drop(i)
		}
	}
	return reused, nil
}

// looksInto reports whether a copy of an earlier run is of a kind that is looked
// into and cannot be opened: it is read from the handset once more.
func (j *job) looksInto(i uint32) bool {
	return j.plan.encrypted && j.key == nil && manifest.IsLocalBackup(j.plan.path(i))
}

// reread reads copies of an earlier run back. One that is what the journal says
// is taken as just received; any other is read from the handset again.
func (r *round) reread(ctx context.Context, reused []uint32) error {
	h, buf := sha256.New(), make([]byte, 256<<10)
	for _, i := range reused {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
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
		sum, n = r.plan.sum(i), r.plan.length(i)
		r.meter.Change(func(p *meter.Progress) { p.FilesDone++; p.BytesDone += n })
		r.plan.hostSum(i, sum)
		switch {
		case r.plan.trusted(i, r.prove):
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

// place gives every entry its name on the computer. It does nothing where the
// file system takes the handset's names as they are.
func (j *job) place() error {
	if j.naming.Keeps() {
		return nil
	}
	known := j.plan.index()
	for i := range j.plan.len() {
		if j.plan.placed(i) {
			continue
		}
		p := string(j.plan.path(i))
		dir, name := path.Split(p)
		parent := manifest.Dir + path.Clean(dir)
		if up, ok := known.find([]byte(path.Clean(dir))); ok {
			parent = j.plan.host(up)
		}
		file := j.plan.kind(i) == manifest.TypeFile
		j.plan.place(i, j.naming.Assign(parent, name, p, file))
	}
	return nil
}
