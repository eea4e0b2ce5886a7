package backup

import (
	"errors"
	"io/fs"
	"path"

	"preship/backup/disk"
	"preship/backup/manifest"
)

// What was proved is never given up for what is not: a file that changed on the
// handset since an earlier run is written apart, into unprovedDir, and takes the
// place of its older version only after the journal has its proof on disk. The
// line is written before the file is moved, so that whoever reads the journal
// after a crash knows where to look: see unstage.

// promote gives proved copies that lie apart the places of their older versions.
func (c *committer) promote(files []uint32) error {
	var moved []uint32
	var hosts []string
	for _, i := range files {
		if !c.plan.isAside(i) {
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
	c.plan.promoted(moved)
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
