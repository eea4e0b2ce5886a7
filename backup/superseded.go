package backup

import (
	"errors"
	"io/fs"
	"path"

	"preship/backup/disk"
	"preship/backup/manifest"
)

// A proved copy is never replaced by an unproved one. A file that changed on the handset
// since an earlier run is written to disk.UnprovedDir, and replaces its older version
// only after the journal on the disk has its proof. The line is written before the file
// is moved, so that after a crash the journal says where the file is: see unstage.

// promote moves proved copies to the places of their older versions.
func (c *committer) promote(files []uint32) error {
	var moved []uint32
	var hosts []string
	for _, i := range files {
		if !c.plan.IsAside(i) {
			continue
		}
		c.step("promote")
		host := c.plan.InCase(i)
		if err := c.store.Root().Rename(c.plan.Aside(i), host); err != nil {
			return err
		}
		moved, hosts = append(moved, i), append(hosts, host)
	}
	if len(moved) == 0 {
		return nil
	}
	c.plan.Promoted(moved)
	return c.record(moved, hosts)
}

// prune removes the empty folders that moved copies leave. It runs after all files are
// received, which may need the folders.
func (j *job) prune() {
	for _, i := range j.plan.Moved() {
		for dir := path.Dir(j.plan.Aside(i)); dir != manifest.Dir && j.root.Remove(dir) == nil; {
			dir = path.Dir(dir)
		}
	}
}

// unstage finishes the moves of a run that was killed: it moves the copies of staged
// lines that are still apart. Then it writes the lines again, because another version
// may be put apart next.
func (j *job) unstage(staged map[uint32]*disk.Record) error {
	if len(staged) == 0 {
		return nil
	}
	var hosts []string
	for i, rec := range staged {
		host := j.plan.InCase(i)
		err := j.root.Rename(j.plan.Aside(i), host)
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
