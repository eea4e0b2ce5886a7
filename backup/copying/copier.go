package copying

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"preship/adb/link"
	"preship/backup/agefile"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/backup/plan"
	"preship/report/message"

	"golang.org/x/sync/errgroup"
)

// Copier copies files of a plan and proves the copies. All fields but Silence are required.
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
	// Wrote is called with the key of every encrypted copy. It must be safe for concurrent
	// use.
	Wrote func(i uint32, key agefile.FileKey)
	// Silence is the longest silence of sha256sum; 0: that of its row.
	Silence time.Duration
}

// Copy reads files from the handset, and the copies of an earlier run from the disk.
// Files that changed or failed are read again, as often as the plan allows. The state of
// each file is in the plan. The error ends the work: [link.ErrLost], [disk.ErrNoSpace],
// the context's, or one of the disk. Files that were proved before it are committed.
func (c *Copier) Copy(ctx context.Context, files, reused []uint32) error {
	com := &committer{c}
	c.Meter.SetPhase(meter.PhaseCopying)
	strikes, fromStart, stalls := new(link.Strikes[uint32]), map[uint32]bool{}, map[uint32]int{}
	for len(files)+len(reused) > 0 {
		r := &round{
			Copier: c,
			queue:  newQueue(c.Plan, files), hashes: newHashQueue(c.Plan), commits: make(chan uint32, 256),
			strikes: strikes, fromStart: fromStart, stalls: stalls, hashStalls: map[uint32]int{}, space: disk.NewSpace(c.Free),
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

// hashers is how many sha256sum run on the handset at once: while one hashes a large file,
// the other hashes small ones.
const hashers = 2

// reviewChunk is how many files get a second lstat over one stream. After a broken
// connection the whole chunk is asked for again.
const reviewChunk = 1024

// round reads a set of files once: several streams copy them, the handset hashes them at
// the same time, and files whose hashes agree are committed.
type round struct {
	*Copier
	queue   *queue
	hashes  *hashQueue
	commits chan uint32
	space   *disk.Space

	strikes *link.Strikes[uint32] // lost connections without one more byte of a file

	mu         sync.Mutex
	fromStart  map[uint32]bool // files that are not resumed in the middle
	stalls     map[uint32]int  // silences without one more byte of a file
	hashStalls map[uint32]int  // silences of sha256sum at a file
	redo       []uint32        // copies of an earlier run that do not match the file
}

// run reads the files of the queue, and reads reused copies back. Files that agreed before
// an error are committed.
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

// taken adds a file that a stream asks for to the files to hash. The handset may hash it
// before or after it sends it: an equal sum proves the bytes that were sent.
func (r *round) taken(i uint32) {
	if r.Prove != manifest.ProveHash {
		return
	}
	if !r.Plan.Asked(i) { // after a lost stream its files are asked for again
		r.hashes.add(i)
	}
}

// received places a file that was read to its end, and commits it if its hash agrees.
func (r *round) received(i uint32, p *disk.PartFile) error {
	sum, err := p.Close(r.Plan.MTime(i))
	if err != nil {
		_ = p.Remove() // the store removes the rest
		return r.unheld(i, p.Received(), fmt.Errorf("%s: %w", manifest.Display(r.Plan.InCase(i)), err))
	}
	whole := r.Plan.Sized(i, p.Received())
	if !whole && !r.Plan.LastTry(i) {
		r.Plan.Failed(i, plan.StateChanged, received(r.Plan.Size(i), p.Received()), true)
		return p.Remove()
	}
	r.Step("place")
	if err := p.Place(r.Plan.Put(i)); err != nil {
		return errors.Join(r.unheld(i, p.Received(), err), p.Remove())
	}
	if p.Kept() != r.Plan.Size(i) {
		r.Plan.Resize(i, p.Kept())
	}
	if p.OnDisk().Size > 0 {
		r.Plan.SetStored(i, p.OnDisk())
		r.Wrote(i, p.Key())
	}
	if !whole {
		r.Plan.Torn(i, sum, received(r.Plan.Size(i), p.Received()))
		return nil
	}
	if r.Plan.CopySum(i, sum) {
		r.commits <- i
	}
	return nil
}

// received returns the reason of a file that did not come with its listed size.
func received(listed, got int64) message.Sentence {
	return message.Say("backup.why.received", "listed", strconv.FormatInt(listed, 10), "received", strconv.FormatInt(got, 10))
}
