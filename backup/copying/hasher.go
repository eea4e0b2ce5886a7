package copying

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"sync"

	"preship/adb"
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
	// A batch of no more bytes is answered in one piece: see [handset.HashMany].
	manyBytes = 8 << 20
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
	last    []uint32 // during which sha256sum fell silent: asked for alone, after all others
	closed  bool
	stopped bool
}

func newHashQueue(p *plan.Plan) *hashQueue {
	q := &hashQueue{plan: p}
	q.changed.L = &q.mu
	return q
}

// add adds a file to the next batch. A name with a newline gets its own batch: see
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
	if len(q.ready) == 0 && len(q.last) > 0 {
		q.ready, q.last = append(q.ready, q.last[:1:1]), q.last[1:]
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

// hashBatch asks for the hashes of a batch. A batch of small files is asked for in one
// piece first; what that answer lacks is asked for line by line.
func (r *round) hashBatch(ctx context.Context, batch []uint32) error {
	if len(batch) > 1 && r.bytesOf(batch) <= manyBytes {
		rest, err := r.hashMany(ctx, batch)
		if err != nil || len(rest) == 0 {
			return err
		}
		batch = rest
	}
	return r.hashLines(ctx, batch)
}

func (r *round) bytesOf(files []uint32) (n int64) {
	for _, i := range files {
		n += r.Plan.Size(i)
	}
	return n
}

// namesOf returns the paths of files, and the same as the input of xargs -0.
func (r *round) namesOf(files []uint32) (names [][]byte, stdin []byte) {
	names = make([][]byte, len(files))
	for k, i := range files {
		names[k] = r.Plan.Path(i)
		stdin = append(append(stdin, names[k]...), 0)
	}
	return names, stdin
}

// hashMany asks for the hashes of many small files in one piece, once, and returns the
// files that got none. A shell that cannot do it gives none.
func (r *round) hashMany(ctx context.Context, batch []uint32) (rest []uint32, err error) {
	names, stdin := r.namesOf(batch)
	a, err := r.Link.Run(ctx, handset.HashMany.Must().Over(r.bytesOf(batch)).Within(r.Silence), stdin)
	switch {
	case err == nil && string(a.Stdout) != "\n": // that alone is an answer without a line
		if rest, err = r.hashed(batch, names, a.Stdout); err != nil {
			return batch, nil // hashLines finds the reason
		}
		r.Link.Progress()
		return rest, nil
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case link.Broken(err):
		return batch, r.Link.Mend(ctx, err)
	}
	return batch, nil
}

// hashLines asks for the hashes of files, of which each comes as soon as it is there.
func (r *round) hashLines(ctx context.Context, batch []uint32) error {
	names, stdin := r.namesOf(batch)
	line := handset.HashFiles.Must().Over(r.bytesOf(batch)).Within(r.Silence)
	var silent error
	var before []byte
	err := r.Link.RetryLong(ctx, func(ctx context.Context) error {
		a, err := r.Link.Run(ctx, line, stdin)
		if errors.Is(err, adb.ErrTimeout) {
			silent, before = err, a.Stdout
			return nil
		}
		if err != nil {
			return err
		}
		rest, err := r.hashed(batch, names, a.Stdout)
		missing := a.Exit == query.ExitNotRun || a.Exit == query.ExitNotFound
		for _, i := range rest {
			r.Plan.NoSum(i, noSumReason(a.Stderr, r.Plan.Path(i), a.Exit), !missing)
		}
		return err
	})
	switch {
	case silent != nil && ctx.Err() == nil:
		if err := r.Link.Mend(ctx, silent); err != nil {
			return err
		}
		return r.hashRest(ctx, batch, names, before)
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, link.ErrLost):
		return err
	case errors.Is(err, errors.ErrUnsupported):
		r.unhashed(batch, message.Join(message.Colon, message.Say("backup.why.no-sha256"), query.Reason(err)), false)
		return nil
	case errors.Is(err, query.ErrHashList), link.Broken(err):
		r.unhashed(batch, query.Reason(err), true)
		return nil
	}
	return err
}

// hashed enters the answer of sha256sum, and returns the files without a hash.
func (r *round) hashed(batch []uint32, names [][]byte, stdout []byte) (rest []uint32, err error) {
	has := make([]bool, len(batch))
	err = query.ParseHashList(stdout, names, func(k int, sum [sha256.Size]byte) {
		has[k] = true
		if r.Plan.HandsetSum(batch[k], sum) {
			r.commits <- batch[k]
		}
	})
	for k, i := range batch {
		if err == nil && !has[k] {
			rest = append(rest, i)
		}
	}
	return rest, err
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
