package copying

import (
	"context"
	"crypto/sha256"

	"preship/adb/link"
	"preship/backup/agefile"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/backup/plan"
)

// Copier copies files of a plan and proves the copies. All fields are required.
type Copier struct {
	Link    *link.Link
	Plan    *plan.Plan
	Store   *disk.Store
	Journal *disk.Journal
	Meter   *meter.Meter
	Prove   manifest.Prove
	Streams int                   // sync streams that read at the same time
	Free    func() (int64, error) // the space left on the disk, in bytes
	Step    func(at string)       // called before every step towards the disk
	// Wrote is called with the key of every encrypted copy, by one goroutine a stream.
	Wrote func(i uint32, key agefile.FileKey)
}

// Copy reads files from the handset, and the copies of an earlier run from the disk.
// Files that changed or failed are read again, as often as the plan allows. What became
// of each file is in the plan. The error ends the work: [link.ErrLost], [disk.ErrNoSpace],
// the context's, or one of the disk. What was proved before is committed all the same.
func (c *Copier) Copy(ctx context.Context, files, reused []uint32) error {
	com := &committer{c}
	c.Meter.SetPhase(meter.PhaseCopying)
	strikes, wholes := new(link.Strikes[uint32]), map[uint32]bool{}
	for len(files)+len(reused) > 0 {
		r := &round{
			Copier: c,
			queue:  newQueue(c.Plan, files), hashes: newHashQueue(c.Plan), commits: make(chan uint32, 256),
			strikes: strikes, wholes: wholes, space: disk.NewSpace(c.Free),
		}
		if err := r.run(ctx, c.Streams, reused, com); err != nil {
			return err
		}
		files = append(files, reused...)
		if c.Prove == manifest.ProveReread {
			c.Meter.SetPhase(meter.PhaseReread)
			agreed, err := r.reread(ctx, files)
			if err != nil {
				return err
			}
			if err := com.commit(agreed); err != nil {
				return err
			}
		}
		again, err := r.review(ctx, files)
		if err != nil {
			return err
		}
		if c.Prove == manifest.ProveSize {
			if err := com.commit(c.saved(files)); err != nil {
				return err
			}
		}
		if files, reused = c.next(again, r.redo), nil; len(files) > 0 {
			c.Meter.SetPhase(meter.PhaseReading)
		}
	}
	return nil
}

// saved returns the files that were saved.
func (c *Copier) saved(files []uint32) (out []uint32) {
	for _, i := range files {
		if c.Plan.State(i) == plan.StateSaved {
			out = append(out, i)
		}
	}
	return out
}

// next returns the files of the next round, and adds them to the totals.
func (c *Copier) next(again, redo []uint32) []uint32 {
	for _, i := range redo {
		c.Plan.Drop(i)
	}
	c.Meter.Change(func(p *meter.Progress) {
		for _, i := range again {
			p.FilesTotal++
			p.BytesTotal += c.Plan.Size(i)
		}
	})
	return append(again, redo...)
}

// readBack reads copies of an earlier run back. A copy that matches the journal counts as
// just received; any other is read from the handset again.
func (r *round) readBack(ctx context.Context, reused []uint32) error {
	h, buf := sha256.New(), make([]byte, 256<<10)
	for _, i := range reused {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		size, want := r.Plan.OnDisk(i)
		sum, n, err := disk.Hash(r.Store.Root(), r.Plan.InCase(i), h, buf)
		if err != nil || n != size || sum != want {
			r.mu.Lock()
			r.redo = append(r.redo, i)
			r.mu.Unlock()
			continue
		}
		// For an encrypted copy the journal has the SHA-256 of the contents: it is the
		// same file that was written.
		sum, n = r.Plan.Sum(i), r.Plan.Length(i)
		r.Meter.Change(func(p *meter.Progress) { p.FilesDone++; p.BytesDone += n })
		r.Plan.CopySum(i, sum)
		switch {
		case r.Plan.Trusted(i, r.Prove):
			r.Plan.HandsetSum(i, sum)
			r.commits <- i
		case r.Prove == manifest.ProveHash:
			r.Plan.Forget(i)
			r.hashes.add(i)
		case r.Prove == manifest.ProveReread:
			r.Plan.Forget(i)
		}
	}
	return nil
}
