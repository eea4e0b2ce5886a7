package backup

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"preship/adb"
	"preship/adb/link"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/backup/query"
)

// hashers is how many sha256sum run on the handset at once: one busy with a
// large file must not hold up the small ones.
const hashers = 2

// round reads a set of files once: several streams copy, the handset hashes at
// the same time, and what agrees is committed.
type round struct {
	link    *link.Link
	plan    *plan
	store   *disk.Store
	copies  *copies
	meter   *meter.Meter
	prove   manifest.Prove
	step    func(at string)
	queue   *queue
	hashes  *hashQueue
	commits chan uint32
	space   *disk.Space

	strikes *link.Strikes[uint32] // over a file, without one more byte of it

	mu     sync.Mutex
	wholes map[uint32]bool // files not to be gone on with in the middle
	redo   []uint32        // copies of an earlier run that turned out not to be the file
}

// run reads the files of queue and reads reused copies back. On an error what
// agreed until then has been committed all the same.
func (r *round) run(ctx context.Context, streams int, reused []uint32, c *committer) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	committed := make(chan struct{})
	go func() {
		defer close(committed)
		c.run(r.commits, cancel)
	}()
	err := r.work(ctx, streams, reused)
	for t, ok := r.queue.torso(); ok; t, ok = r.queue.torso() {
		err = errors.Join(err, r.discard(t))
	}
	close(r.commits)
	<-committed
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

func (r *round) work(ctx context.Context, streams int, reused []uint32) error {
	g, ctx := errgroup.WithContext(ctx)
	stop := context.AfterFunc(ctx, r.hashes.stop)
	defer stop()
	var readers sync.WaitGroup
	reader := func(fn func() error) {
		readers.Add(1)
		g.Go(func() error {
			defer readers.Done()
			return fn()
		})
	}
	for k := range streams {
		reader(func() error { return newStream(r, k == 0).run(ctx) })
	}
	reader(func() error { return r.reread(ctx, reused) })
	g.Go(func() error {
		readers.Wait()
		r.hashes.close()
		return nil
	})
	if r.prove == manifest.ProveHash {
		for range hashers {
			g.Go(func() error { return r.hash(ctx) })
		}
	}
	return g.Wait()
}

// taken is called when a stream asks for a file: from now on the handset may
// hash it. That it may do so before or after it sends the file is no matter; a
// sum that agrees proves what was sent.
func (r *round) taken(i uint32) {
	if r.prove != manifest.ProveHash {
		return
	}
	if !r.plan.asked(i) { // a lost stream asks for its files again
		r.hashes.add(i)
	}
}

// received takes a file that the handset sent to its end.
func (r *round) received(i uint32, p *disk.PartFile) error {
	sum, err := p.Close(r.plan.mtime(i))
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", manifest.Display(r.plan.host(i)), err), p.Remove())
	}
	whole := r.plan.sized(i, p.Received())
	if !whole && !r.plan.lastTry(i) {
		r.plan.failed(i, stateChanged, fmt.Sprintf("listed with %d bytes, %d came", r.plan.size(i), p.Received()), true)
		return p.Remove()
	}
	r.step("place")
	if err := p.Place(r.plan.put(i)); err != nil {
		if disk.IsFull(err) {
			return errors.Join(err, p.Remove())
		}
		r.plan.failed(i, stateUnreadable, "the computer cannot hold it: "+manifest.Display(err.Error()), false)
		return p.Remove()
	}
	if p.Kept() != r.plan.size(i) {
		r.plan.resize(i, p.Kept())
	}
	if p.OnDisk().Size > 0 {
		r.plan.setStored(i, p.OnDisk())
		r.copies.wrote(i, p.Key())
	}
	if !whole {
		r.plan.torn(i, sum, fmt.Sprintf("listed with %d bytes, %d came", r.plan.size(i), p.Received()))
		return nil
	}
	if r.plan.hostSum(i, sum) {
		r.commits <- i
	}
	return nil
}

// review looks at the files that are not settled once more, and returns those
// that are worth another round.
func (r *round) review(ctx context.Context, files []uint32) (again []uint32, err error) {
	var doubtful []uint32
	for _, i := range files {
		if r.plan.doubtful(i) {
			doubtful = append(doubtful, i)
		}
	}
	s := &statter{link: r.link}
	defer s.close()
	for len(doubtful) > 0 {
		n := min(len(doubtful), statChunk)
		answers := make(map[uint32]query.Seen, n)
		err := s.stat(ctx, r.plan, doubtful[:n], func(i uint32, fi adb.FileInfo, err error) { answers[i] = query.Seen{Info: fi, Err: err} })
		if err != nil {
			return nil, err
		}
		for _, i := range doubtful[:n] {
			if r.second(i, answers[i]) {
				again = append(again, i)
			}
		}
		doubtful = doubtful[n:]
	}
	return again, nil
}

// second judges a file by the second look, and reports whether to read it again.
func (r *round) second(i uint32, now query.Seen) (again bool) {
	last, copied := r.plan.lastTry(i), r.plan.copied(i)
	same := r.plan.same(i, now.Info.Size, now.Info.MTime.Unix(), now.Info.Ino)
	switch {
	case gone(now.Err) && !copied:
		r.plan.failed(i, stateVanished, "gone when it was to be read", false)
	case gone(now.Err):
		r.plan.failed(i, stateChanged, "gone before it was proved; the copy is kept", false)
	case now.Err != nil:
		r.plan.failed(i, r.plan.state(i), query.Reason(now.Err), false)
	case !now.Info.IsRegular():
		r.plan.failed(i, stateChanged, "is no file any more", false)
	case !same && last:
		r.plan.failed(i, stateChanged, fmt.Sprintf("changed each of the %d times it was read", maxTries), false)
	case !same:
		r.plan.renew(i)
		r.plan.describe(i, now.Info, nil)
		again = true
	case r.plan.again(i) && !last:
		r.plan.renew(i)
		again = true
	}
	return again
}
