package backup

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"preship/backup/disk"
	"preship/backup/manifest"
)

// What was proved is never given up for what is not: a file that changed on the
// handset since an earlier run is written apart, into unprovedDir, and takes the
// place of its older version only after the journal has its proof on disk. The
// line is written before the file is moved, so that whoever reads the journal
// after a crash knows where to look: see unstage.

const earlierVersion = "an earlier version, proved when it was saved"

// keptEntry returns the entry of a manifest for what a line of the journal is about.
func keptEntry(r *disk.Record) manifest.Entry {
	return manifest.Entry{
		Path: r.Path, PathB64: r.PathB64, Host: r.Host, Type: manifest.TypeFile, Status: manifest.StatusKept,
		Size: r.Size, MTime: r.MTime, Ino: r.Ino, SHA256: r.SHA256, Stored: r.Stored, Reason: earlierVersion,
	}
}

// earlier returns the entry for the copy of an earlier run that i still has.
func (p *plan) earlier(i uint32) manifest.Entry {
	e := p.entry(i)
	e.Status, e.Reason = manifest.StatusKept, earlierVersion
	return e
}

// aside returns where an entry's copy lies as long as it may not take the place
// of a proved one.
func (p *plan) aside(i uint32) string {
	return disk.UnprovedDir + strings.TrimPrefix(p.host(i), manifest.Dir)
}

// lies returns where an entry's copy lies now.
func (p *plan) lies(i uint32) string {
	if p.at(i).marks&markAside != 0 {
		return p.aside(i)
	}
	return p.host(i)
}

// put returns where a copy that was just received is to go.
func (p *plan) put(i uint32) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.older[i]; ok {
		p.at(i).marks |= markAside
	}
	return p.lies(i)
}

// dropOlder forgets older versions that are not there any more.
func (p *plan) dropOlder(s *disk.Store) {
	for i, e := range p.older {
		if !s.Holds(e.InCase(), e.DiskSize()) {
			delete(p.older, i)
		}
	}
}

// noteOlder says of every entry that is not proved that its older version is kept.
func (p *plan) noteOlder() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.older {
		reason := "the version proved earlier is kept"
		if why := p.reasons[i]; why != "" {
			reason = why + "; " + reason
		}
		p.note(i, reason)
	}
}

// promote gives proved copies that lie apart the places of their older versions.
func (c *committer) promote(files []uint32) error {
	var moved []uint32
	var hosts []string
	for _, i := range files {
		if c.plan.at(i).marks&markAside == 0 {
			continue
		}
		c.step("promote")
		host := c.plan.host(i)
		if err := c.store.Root().Rename(c.plan.aside(i), host); err != nil {
			return err
		}
		moved, hosts = append(moved, i), append(hosts, host)
	}
	if len(moved) == 0 {
		return nil
	}
	c.plan.mu.Lock()
	for _, i := range moved {
		c.plan.at(i).marks &^= markAside
		delete(c.plan.older, i)
	}
	c.plan.moved = append(c.plan.moved, moved...)
	c.plan.mu.Unlock()
	return c.record(moved, hosts)
}

// prune removes the folders that copies lay in until they were moved, where
// nothing else does. While files are received it would take folders from under them.
func (j *job) prune() {
	for _, i := range j.plan.moved {
		for dir := path.Dir(j.plan.aside(i)); dir != manifest.Dir && j.root.Remove(dir) == nil; {
			dir = path.Dir(dir)
		}
	}
}

// unstage ends what a run that was killed had begun: the copies that staged lines
// of the journal are about and that lie apart still are moved to their places.
// The lines are then written anew, for another version may come to lie there.
func (j *job) unstage(staged map[uint32]*disk.Record) error {
	if len(staged) == 0 {
		return nil
	}
	var hosts []string
	for i, rec := range staged {
		host := j.plan.host(i)
		err := j.root.Rename(j.plan.aside(i), host)
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // if it is not there it was moved already
			return err
		}
		if j.store.Holds(host, rec.DiskSize()) {
			hosts = append(hosts, host)
		}
	}
	if err := disk.Sync(j.root, hosts); err != nil {
		return err
	}
	for _, rec := range staged {
		rec.Staged = false
		if err := j.journal.Write(rec); err != nil {
			return err
		}
	}
	return j.journal.Sync()
}
