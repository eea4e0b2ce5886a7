package backup

import (
	"context"

	"preship/adb/link"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/backup/plan"
)

// copy reads the files, and what changed meanwhile again, as often as is worth it.
func (j *job) copy(ctx context.Context, pending []uint32, reused []uint32) error {
	c := &committer{plan: j.plan, store: j.store, journal: j.journal, meter: j.meter, prove: j.prove, step: j.step}
	j.meter.SetPhase(meter.PhaseCopying)
	strikes, wholes := new(link.Strikes[uint32]), map[uint32]bool{}
	for len(pending)+len(reused) > 0 {
		r := &round{
			link: j.link, plan: j.plan, store: j.store, copies: j.copies, meter: j.meter, prove: j.prove, step: j.step,
			queue: newQueue(j.plan, pending), hashes: newHashQueue(j.plan), commits: make(chan uint32, 256),
			strikes: strikes, wholes: wholes, space: disk.NewSpace(func() (int64, error) { return j.free(j.dir) }),
		}
		if err := r.run(ctx, j.streams, reused, c); err != nil {
			return err
		}
		pending = append(pending, reused...)
		if j.prove == manifest.ProveReread {
			j.meter.SetPhase(meter.PhaseReread)
			agreed, err := r.reread(ctx, pending)
			if err != nil {
				return err
			}
			if err := c.commit(agreed); err != nil {
				return err
			}
		}
		again, err := r.review(ctx, pending)
		if err != nil {
			return err
		}
		if j.prove == manifest.ProveSize {
			if err := c.commit(j.steady(pending)); err != nil {
				return err
			}
		}
		if pending, reused = j.more(again, r.redo), nil; len(pending) > 0 {
			j.meter.SetPhase(meter.PhaseReading)
		}
	}
	return nil
}

// steady returns the files that were saved and did not change meanwhile.
func (j *job) steady(files []uint32) (out []uint32) {
	for _, i := range files {
		if j.plan.State(i) == plan.StateSaved {
			out = append(out, i)
		}
	}
	return out
}

// more returns the files of the next round, and adds them to what is to be done.
func (j *job) more(again, redo []uint32) []uint32 {
	for _, i := range redo {
		j.plan.Drop(i)
	}
	j.meter.Change(func(p *meter.Progress) {
		for _, i := range again {
			p.FilesTotal++
			p.BytesTotal += j.plan.Size(i)
		}
	})
	return append(again, redo...)
}
