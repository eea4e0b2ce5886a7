package backup

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

// committer makes agreed files proved: first they are put on disk, then the
// journal says so, and only when that is on disk do they count. It works in
// batches, since what it waits for is the disk.
type committer struct {
	plan    *plan
	store   *disk.Store
	journal *disk.Journal
	meter   *meter.Meter
	prove   manifest.Prove
	step    func(at string)
}

// run takes files until in is closed and what came is committed. After an error
// it calls fail once and takes the rest without committing it.
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
			size += c.plan.size(i)
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
		if c.plan.uncommitted(i, c.prove) {
			fresh, hosts = append(fresh, i), append(hosts, c.plan.lies(i))
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
	c.plan.committed(batch, c.prove)
	if c.prove != manifest.ProveSize {
		c.meter.Change(func(p *meter.Progress) { p.Proved += int64(len(batch)) })
	}
}

// record puts copies on disk, and then the lines that say so.
func (c *committer) record(files []uint32, hosts []string) error {
	c.step("durable")
	if err := disk.Sync(c.store.Root(), hosts); err != nil {
		return err
	}
	c.step("journal")
	for _, i := range files {
		if err := c.journal.Write(c.plan.record(i, c.prove)); err != nil {
			return err
		}
	}
	c.step("sync")
	return c.journal.Sync()
}
