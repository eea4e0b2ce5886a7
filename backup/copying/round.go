package copying

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"preship/adb/link"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/plan"
	"preship/backup/query"
)

// hashers is how many sha256sum run on the handset at once: one busy with a
// large file must not hold up the small ones.
const hashers = 2

// reviewChunk is how many files are looked at again over one stream: after a broken
// connection all of them are asked for again.
const reviewChunk = 1024

// round reads a set of files once: several streams copy, the handset hashes at
// the same time, and what agrees is committed.
type round struct {
	*Copier
	queue   *queue
	hashes  *hashQueue
	commits chan uint32
	space   *disk.Space

	strikes *link.Strikes[uint32] // over a file, without one more byte of it

	mu     sync.Mutex
	wholes map[uint32]bool // files that are not resumed in the middle
	redo   []uint32        // copies of an earlier run that do not match the file
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
	for t, ok := r.queue.nextPartial(); ok; t, ok = r.queue.nextPartial() {
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
	reader(func() error { return r.readBack(ctx, reused) })
	g.Go(func() error {
		readers.Wait()
		r.hashes.close()
		return nil
	})
	if r.Prove == manifest.ProveHash {
		for range hashers {
			g.Go(func() error { return r.hash(ctx) })
		}
	}
	return g.Wait()
}

// taken is called when a stream asks for a file: the handset may hash it from now on.
// Whether it hashes before or after it sends the file does not matter: an equal sum
// proves the bytes that were sent.
func (r *round) taken(i uint32) {
	if r.Prove != manifest.ProveHash {
		return
	}
	if !r.Plan.Asked(i) { // a lost stream asks for its files again
		r.hashes.add(i)
	}
}

// received takes a file that was read to its end.
func (r *round) received(i uint32, p *disk.PartFile) error {
	sum, err := p.Close(r.Plan.MTime(i))
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", manifest.Display(r.Plan.InCase(i)), err), p.Remove())
	}
	whole := r.Plan.Sized(i, p.Received())
	if !whole && !r.Plan.LastTry(i) {
		r.Plan.Failed(i, plan.StateChanged, fmt.Sprintf("listed with %d bytes, %d came", r.Plan.Size(i), p.Received()), true)
		return p.Remove()
	}
	r.Step("place")
	if err := p.Place(r.Plan.Put(i)); err != nil {
		if disk.IsFull(err) {
			return errors.Join(err, p.Remove())
		}
		r.Plan.Failed(i, plan.StateUnreadable, "the computer cannot hold it: "+manifest.Display(err.Error()), false)
		return p.Remove()
	}
	if p.Kept() != r.Plan.Size(i) {
		r.Plan.Resize(i, p.Kept())
	}
	if p.OnDisk().Size > 0 {
		r.Plan.SetStored(i, p.OnDisk())
		r.Wrote(i, p.Key())
	}
	if !whole {
		r.Plan.Torn(i, sum, fmt.Sprintf("listed with %d bytes, %d came", r.Plan.Size(i), p.Received()))
		return nil
	}
	if r.Plan.CopySum(i, sum) {
		r.commits <- i
	}
	return nil
}

// review calls lstat for the doubtful files again, and returns those for another round.
func (r *round) review(ctx context.Context, files []uint32) (again []uint32, err error) {
	var doubtful []uint32
	for _, i := range files {
		if r.Plan.Doubtful(i) {
			doubtful = append(doubtful, i)
		}
	}
	for chunk := range slices.Chunk(doubtful, reviewChunk) {
		now, err := r.lstat(ctx, chunk)
		if err != nil {
			return nil, err
		}
		for k, i := range chunk {
			if r.second(i, now[k]) {
				again = append(again, i)
			}
		}
	}
	return again, nil
}

// lstat calls lstat for files on the handset.
func (r *round) lstat(ctx context.Context, files []uint32) ([]query.Seen, error) {
	paths := make([]string, len(files))
	for k, i := range files {
		paths[k] = string(r.Plan.Path(i))
	}
	return query.Lstat(ctx, r.Link, paths)
}

// second settles a file by the second lstat, or reports that it is read again.
func (r *round) second(i uint32, now query.Seen) (again bool) {
	last, copied := r.Plan.LastTry(i), r.Plan.Copied(i)
	same := r.Plan.Same(i, now.Info.Size, now.Info.MTime.Unix(), now.Info.Ino)
	switch {
	case plan.Gone(now.Err) && !copied:
		r.Plan.Failed(i, plan.StateVanished, "gone when it was to be read", false)
	case plan.Gone(now.Err):
		r.Plan.Failed(i, plan.StateChanged, "gone before it was proved; the copy is kept", false)
	case now.Err != nil:
		r.Plan.Failed(i, r.Plan.State(i), query.Reason(now.Err), false)
	case !now.Info.IsRegular():
		r.Plan.Failed(i, plan.StateChanged, "is no file any more", false)
	case !same && last:
		r.Plan.Failed(i, plan.StateChanged, fmt.Sprintf("changed each of the %d times it was read", plan.MaxTries), false)
	case !same:
		r.Plan.Renew(i)
		r.Plan.Describe(i, now.Info, nil)
		again = true
	case r.Plan.Again(i) && !last:
		r.Plan.Renew(i)
		again = true
	}
	return again
}
