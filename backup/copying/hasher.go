package copying

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync"

	"preship/adb/handset"
	"preship/adb/link"
	"preship/backup/manifest"
	"preship/backup/plan"
	"preship/backup/query"
)

const (
	// A batch of names for one sha256sum: small enough to be told of soon and to
	// be asked again after a break, large enough that starting it costs nothing.
	batchFiles = 512
	batchBytes = 64 << 20
	batchNames = 64 << 10
	// A handset with nothing to hash takes a smaller batch, so that what is
	// proved does not lag far behind what is read.
	idleFiles = 64
	idleBytes = 8 << 20
)

// hashQueue makes batches of the files being read, for the handset to hash at
// the same time. It holds no more than indices, so that reading need not wait
// for hashing. It is safe for concurrent use.
type hashQueue struct {
	plan *plan.Plan

	mu      sync.Mutex
	changed sync.Cond
	forming []uint32
	bytes   int64
	names   int
	ready   [][]uint32
	closed  bool
	stopped bool
}

func newHashQueue(p *plan.Plan) *hashQueue {
	q := &hashQueue{plan: p}
	q.changed.L = &q.mu
	return q
}

// add puts a file in the batch that is being made. A name with a newline gets a
// batch of its own: see parseHashList.
func (q *hashQueue) add(i uint32) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if bytes.IndexByte(q.plan.Path(i), '\n') >= 0 {
		q.ready = append(q.ready, []uint32{i})
		q.changed.Signal()
		return
	}
	size, name := q.plan.Size(i), len(q.plan.Path(i))
	if q.bytes+size > batchBytes || q.names+name > batchNames || len(q.forming) >= batchFiles {
		q.flush()
	}
	q.forming = append(q.forming, i)
	q.bytes += size
	q.names += name
	if q.bytes >= batchBytes {
		q.flush()
	}
	if q.worthwhile() {
		q.changed.Signal()
	}
}

// worthwhile reports whether the batch being made is worth asking for already.
func (q *hashQueue) worthwhile() bool { return len(q.forming) >= idleFiles || q.bytes >= idleBytes }

func (q *hashQueue) flush() {
	if len(q.forming) == 0 {
		return
	}
	q.ready = append(q.ready, q.forming)
	q.forming, q.bytes, q.names = nil, 0, 0
	q.changed.Signal()
}

// close says that no more files come.
func (q *hashQueue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.flush()
	q.closed = true
	q.changed.Broadcast()
}

// stop makes take return for good.
func (q *hashQueue) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stopped = true
	q.changed.Broadcast()
}

// take waits for a batch. False means that there are none any more.
func (q *hashQueue) take() ([]uint32, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.ready) == 0 && !q.closed && !q.stopped && !q.worthwhile() {
		q.changed.Wait()
	}
	if len(q.ready) == 0 {
		q.flush()
	}
	if len(q.ready) == 0 || q.stopped {
		return nil, false
	}
	batch := q.ready[0]
	q.ready = q.ready[1:]
	return batch, true
}

// hash has the handset hash batch after batch, each on a shell stream of its own.
func (r *round) hash(ctx context.Context) error {
	for {
		batch, ok := r.hashes.take()
		if !ok {
			return context.Cause(ctx)
		}
		if err := r.hashBatch(ctx, batch); err != nil {
			return err
		}
	}
}

func (r *round) hashBatch(ctx context.Context, batch []uint32) error {
	names, total := make([][]byte, len(batch)), int64(0)
	var stdin bytes.Buffer
	for k, i := range batch {
		names[k] = r.Plan.Path(i)
		total += r.Plan.Size(i)
		stdin.Write(names[k])
		stdin.WriteByte(0)
	}
	line := handset.HashFiles.Must().Over(total)
	err := r.Link.RetryLong(ctx, func(ctx context.Context) error {
		a, err := r.Link.Run(ctx, line, stdin.Bytes())
		if err == nil {
			err = r.hashed(batch, names, a.Stdout, a.Stderr, a.Exit)
		}
		return err
	})
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, link.ErrLost):
		return err
	case errors.Is(err, errors.ErrUnsupported):
		r.unhashed(batch, "the handset cannot be asked for SHA-256: "+manifest.Display(err.Error()), false)
		return nil
	case errors.Is(err, query.ErrHashList), link.Broken(err):
		r.unhashed(batch, manifest.Display(err.Error()), true)
		return nil
	}
	return err
}

// hashed enters what sha256sum answered.
func (r *round) hashed(batch []uint32, names [][]byte, stdout, stderr []byte, exit int) error {
	has := make([]bool, len(batch))
	err := query.ParseHashList(stdout, names, func(k int, sum [sha256.Size]byte) {
		has[k] = true
		if r.Plan.HandsetSum(batch[k], sum) {
			r.commits <- batch[k]
		}
	})
	if err != nil {
		return err
	}
	missing := exit == query.ExitNotRun || exit == query.ExitNotFound
	for k, i := range batch {
		if !has[k] {
			r.Plan.NoSum(i, noSumReason(stderr, names[k], exit), !missing)
		}
	}
	return nil
}

func (r *round) unhashed(batch []uint32, reason string, again bool) {
	for _, i := range batch {
		r.Plan.NoSum(i, reason, again)
	}
}

// noSumReason finds what sha256sum said of a name it could not hash.
func noSumReason(stderr, name []byte, exit int) string {
	about := "sha256sum: " + string(name) + ": "
	for line := range strings.Lines(string(stderr)) {
		if reason, ok := strings.CutPrefix(line, about); ok {
			return "the handset gave no SHA-256: " + manifest.Display(strings.TrimSpace(reason))
		}
	}
	return fmt.Sprintf("the handset gave no SHA-256: %s", manifest.Display(query.FirstLine(stderr, fmt.Sprintf("exit status %d", exit))))
}
