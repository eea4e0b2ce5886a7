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
	fresh, hosts := make([]uint32, 0, len(batch)), make([]string, 0, len(batch))
	for _, i := range batch {
		if c.Plan.Uncommitted(i, c.Prove) {
			fresh, hosts = append(fresh, i), append(hosts, c.Plan.CopyPath(i))
		}
	}
	if len(fresh) > 0 {
		if err := c.record(fresh, hosts); err != nil {
			return err
		}
		if err := c.promote(fresh); err != nil {
			return err
		}
	}
	c.settle(batch)
	return nil
}

func (c *committer) settle(batch []uint32) {
	c.Plan.Committed(batch, c.Prove)
	if c.Prove != manifest.ProveSize {
		c.Meter.Change(func(p *meter.Progress) { p.Proved += int64(len(batch)) })
	}
}

// record syncs copies, and then writes and syncs their lines.
func (c *committer) record(files []uint32, hosts []string) error {
	c.Step("durable")
	if err := disk.Sync(c.Store.Root(), hosts); err != nil {
		return err
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
	var hosts []string
	for _, i := range files {
		if !c.Plan.IsAside(i) {
			continue
		}
		c.Step("promote")
		host := c.Plan.InCase(i)
		if err := c.Store.Root().Rename(c.Plan.Aside(i), host); err != nil {
			return err
		}
		moved, hosts = append(moved, i), append(hosts, host)
	}
	if len(moved) == 0 {
		return nil
	}
	c.Plan.Promoted(moved)
	return c.record(moved, hosts)
}
