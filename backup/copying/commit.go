package copying

import (
	"time"

	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/meter"
)

const (
	commitFiles = 2048
	commitBytes = 512 << 20
	commitEvery = 3 * time.Second
)

// committer makes agreed files proved: it syncs the copies, writes and syncs their lines
// in the journal, and only then do they count. It works in batches because it waits for
// the disk.
type committer struct{ *Copier }

// run commits the files of in until it is closed. After an error it calls fail once, and
// takes the rest without committing it.
func (c *committer) run(in <-chan uint32, fail func(error)) {
	tick := time.NewTicker(commitEvery)
	defer tick.Stop()
	var batch []uint32
	var size int64
	broken := false
	flush := func() {
		if err := c.commit(batch); err != nil && !broken {
			broken = true
			fail(err)
		}
		batch, size = batch[:0], 0
	}
	for {
		select {
		case i, ok := <-in:
			if !ok {
				flush()
				return
			}
			batch = append(batch, i)
			size += c.Plan.Size(i)
			if len(batch) >= commitFiles || size >= commitBytes {
				flush()
			}
		case <-tick.C:
			flush()
		}
		if broken {
			batch = batch[:0]
		}
	}
}

func (c *committer) commit(batch []uint32) error {
	if len(batch) == 0 {
		return nil
	}
	fresh, held := make([]uint32, 0, len(batch)), make([]uint32, 0, len(batch))
	for _, i := range batch {
		if c.Plan.Uncommitted(i, c.Prove) {
			fresh = append(fresh, i)
		} else {
			held = append(held, i)
		}
	}
	if len(fresh) > 0 {
		var err error
		if fresh, err = c.durable(fresh); err != nil {
			return err
		}
		if err := c.record(fresh); err != nil {
			return err
		}
		if err := c.promote(fresh); err != nil {
			return err
		}
	}
	c.settle(append(held, fresh...))
	return nil
}

// durable puts copies on the disk, and returns those that are there. A file whose copy
// the disk did not take is read again, or named.
func (c *committer) durable(files []uint32) (there []uint32, err error) {
	err = c.syncAll(files)
	if err == nil {
		return files, nil
	}
	if disk.IsFull(err) || c.Store.Try() != nil {
		return nil, err
	}
	for _, i := range files {
		host := c.Plan.CopyPath(i)
		switch err := c.Store.SyncFile(c.Store.Root(), host); {
		case disk.IsFull(err):
			return nil, err
		case err != nil:
			if !c.Plan.Reusable(i) { // no copy of an earlier run is deleted
				_ = c.Store.Root().Remove(host)
			}
			c.Plan.Unheld(i, diskRefusal(err), true)
		default:
			there = append(there, i)
		}
	}
	return there, c.syncAll(there)
}

// syncAll puts copies and their names on the disk.
func (c *committer) syncAll(files []uint32) error {
	hosts := make([]string, len(files))
	for k, i := range files {
		hosts[k] = c.Plan.CopyPath(i)
	}
	c.Step("durable")
	return c.Store.SyncAll(c.Store.Root(), hosts)
}

func (c *committer) settle(batch []uint32) {
	c.Plan.Committed(batch, c.Prove)
	if c.Prove != manifest.ProveSize {
		c.Meter.Change(func(p *meter.Progress) { p.Proved += int64(len(batch)) })
	}
}

// record writes and syncs the lines of copies that are on the disk.
func (c *committer) record(files []uint32) error {
	if len(files) == 0 {
		return nil
	}
	c.Step("journal")
	for _, i := range files {
		if err := c.Journal.Write(c.Plan.Record(i, c.Prove)); err != nil {
			return err
		}
	}
	c.Step("sync")
	return c.Journal.Sync()
}

// promote moves proved copies to the places of their older versions.
//
// A proved copy is never replaced by an unproved one. A file that changed on the handset
// since an earlier run is written to [disk.UnprovedDir], and replaces its older version
// only after the journal on the disk has its proof. The line is written before the file
// is moved, so that after a crash the journal says where the file is.
func (c *committer) promote(files []uint32) error {
	var moved []uint32
	for _, i := range files {
		if !c.Plan.IsAside(i) {
			continue
		}
		c.Step("promote")
		if err := c.Store.Root().Rename(c.Plan.Aside(i), c.Plan.InCase(i)); err != nil {
			return err
		}
		moved = append(moved, i)
	}
	if len(moved) == 0 {
		return nil
	}
	c.Plan.Promoted(moved)
	if err := c.syncAll(moved); err != nil {
		return err
	}
	return c.record(moved)
}
