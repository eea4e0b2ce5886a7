package adb

import (
	"sync"

	"preship/adb/internal/wire"
)

// pullQueue holds the requests of a Pull that are not answered yet, in order:
// first those sent on the present stream, then those waiting. One goroutine
// adds, one sends, one takes answers.
type pullQueue struct {
	mu      sync.Mutex
	changed sync.Cond
	window  PullWindow

	requests []PullRequest
	space    []PullRequest // what requests moves along in
	first    int           // number of requests[0]
	sent     int           // requests[:sent] are under way
	charged  int64         // what they count for in window.Bytes
	ended    bool          // no more will be added
	stopped  bool          // Pull is over
	halted   bool          // the present stream is over
}

// readAhead is how many requests wait beyond those under way: enough to fill
// one write, few enough not to rob another stream that shares the source.
const readAhead = 8

func newPullQueue(w PullWindow) *pullQueue {
	if w.Requests <= 0 {
		w.Requests = DefaultWindowRequests
	}
	if w.Bytes <= 0 {
		w.Bytes = DefaultWindowBytes
	}
	q := &pullQueue{window: w}
	q.changed.L = &q.mu
	return q
}

// add waits for room and appends r; false when Pull is over.
func (q *pullQueue) add(r PullRequest) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.stopped && len(q.requests)-q.sent >= readAhead {
		q.changed.Wait()
	}
	if q.stopped {
		return false
	}
	q.makeRoom()
	q.requests = append(q.requests, r)
	q.changed.Broadcast()
	return true
}

// makeRoom moves the requests back to the front of their space when they have
// reached its end, so that a long Pull does not allocate as it goes.
func (q *pullQueue) makeRoom() {
	n := len(q.requests)
	if n < cap(q.requests) {
		return
	}
	if 2*n >= cap(q.space) {
		q.space = make([]PullRequest, 0, 4*n+16)
	}
	q.requests = append(q.space[:0], q.requests...)
}

// end says that the source has no more requests.
func (q *pullQueue) end() { q.set(&q.ended) }

// stop wakes everybody for good.
func (q *pullQueue) stop() { q.set(&q.stopped) }

// halt ends the sender of the present stream.
func (q *pullQueue) halt() { q.set(&q.halted) }

func (q *pullQueue) set(flag *bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	*flag = true
	q.changed.Broadcast()
}

// restart puts what is under way back in the line, for a new stream.
func (q *pullQueue) restart() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.sent, q.charged, q.halted = 0, 0, false
	q.changed.Broadcast()
}

// charge is what a request counts for in window.Bytes. A file larger than half
// the window counts as half of it: the next one is then asked for before it has
// arrived, and never more than two such are under way.
func (q *pullQueue) charge(r PullRequest) int64 {
	return min(max(r.Size, 0), q.window.Bytes/2)
}

// next waits until requests may be sent and appends them, encoded, to buf; nil
// when there is nothing more to send on this stream.
func (q *pullQueue) next(buf []byte) []byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.halted && !q.stopped && !q.fits() {
		if q.ended && q.sent == len(q.requests) {
			return nil
		}
		q.changed.Wait()
	}
	if q.halted || q.stopped {
		return nil
	}
	for q.fits() {
		r := q.requests[q.sent]
		// Version 1: RCV2 without compression brings the same bytes and was no
		// faster when measured, and with compression it is slower.
		// A path too long for the service is not sent; answer knows that too.
		buf, _ = wire.AppendSyncRequest(buf, wire.IDRecvV1, r.Path)
		q.sent++
		q.charged += q.charge(r)
	}
	q.changed.Broadcast()
	return buf
}

func (q *pullQueue) fits() bool {
	return q.sent < len(q.requests) && q.sent < q.window.Requests &&
		(q.sent == 0 || q.charged+q.charge(q.requests[q.sent]) <= q.window.Bytes)
}

// pending waits until a request is there to be answered; false when none will
// come.
func (q *pullQueue) pending() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.stopped && !q.ended && len(q.requests) == 0 {
		q.changed.Wait()
	}
	return !q.stopped && len(q.requests) > 0
}

// head waits for the request whose answer comes next; false when all are
// answered or Pull is over.
func (q *pullQueue) head() (i int, r PullRequest, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.sent == 0 && !q.stopped && !(q.ended && len(q.requests) == 0) {
		q.changed.Wait()
	}
	if q.stopped || q.sent == 0 {
		return q.first, PullRequest{}, false
	}
	return q.first, q.requests[0], true
}

// answered drops the first request.
func (q *pullQueue) answered() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.sent > 0 {
		q.charged -= q.charge(q.requests[0])
		q.sent--
	}
	q.requests[0] = PullRequest{} // let go of the path
	q.requests = q.requests[1:]
	q.first++
	q.changed.Broadcast()
}

// unanswered is the number of the first request without an answer.
func (q *pullQueue) unanswered() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.first
}
