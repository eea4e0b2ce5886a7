package copying

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"sync"

	"preship/adb/handset"
	"preship/adb/link"
	"preship/backup/manifest"
	"preship/backup/plan"
	"preship/backup/query"
	"preship/report/message"
)

const (
	// A batch of files for one sha256sum is small enough to be answered soon, and to be
	// asked for again after a broken connection, and large enough that the time to start
	// sha256sum does not matter.
	batchFiles = 512
	batchBytes = 64 << 20
	batchNames = 64 << 10
	// An idle handset takes a smaller batch, so that files are proved soon after they are
	// read.
	idleFiles = 64
	idleBytes = 8 << 20
)

// hashQueue makes batches of the files that streams read, for the handset to hash at the
// same time. It has no limit, so that streams never wait for it. It is safe for concurrent
// use.
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

// add adds a file to the next batch. A name with a newline gets a batch of its own: see
// [query.ParseHashList].
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

// worthwhile reports whether the next batch is large enough for an idle handset.
func (q *hashQueue) worthwhile() bool { return len(q.forming) >= idleFiles || q.bytes >= idleBytes }

func (q *hashQueue) flush() {
	if len(q.forming) == 0 {
		return
	}
	q.ready = append(q.ready, q.forming)
	q.forming, q.bytes, q.names = nil, 0, 0
	q.changed.Signal()
}

// close ends the queue: no files are added afterwards.
func (q *hashQueue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.flush()
	q.closed = true
	q.changed.Broadcast()
}

// stop makes every take return false.
func (q *hashQueue) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stopped = true
	q.changed.Broadcast()
}

// take waits for a batch. It returns false if the queue has ended.
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

// hash sends batches to sha256sum on the handset, until the queue ends.
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
		r.unhashed(batch, message.Join(message.Colon, message.Say("backup.why.no-sha256"), query.Told(err)), false)
		return nil
	case errors.Is(err, query.ErrHashList), link.Broken(err):
		r.unhashed(batch, query.Told(err), true)
		return nil
	}
	return err
}

// hashed enters the answer of sha256sum.
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

func (r *round) unhashed(batch []uint32, reason message.Sentence, again bool) {
	for _, i := range batch {
		r.Plan.NoSum(i, reason, again)
	}
}

// noSumReason returns the error of sha256sum for a name.
func noSumReason(stderr, name []byte, exit int) message.Sentence {
	about, gave := "sha256sum: "+string(name)+": ", message.Say("backup.why.no-sum")
	for line := range strings.Lines(string(stderr)) {
		if reason, ok := strings.CutPrefix(line, about); ok {
			return message.Join(message.Colon, gave, message.AsIs(manifest.Display(strings.TrimSpace(reason))))
		}
	}
	return message.Join(message.Colon, gave, query.FirstLine(stderr, query.Exited(exit)))
}
