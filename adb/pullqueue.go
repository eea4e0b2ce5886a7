package adb

import (
	"sync"

	"preship/adb/internal/wire"
)

// pullQueue holds the requests of a Pull that are not answered yet, in order:
// first those sent on the present stream, then those waiting. It never holds more
// than the window has room for. One goroutine adds, one sends, one takes answers.
type pullQueue struct {
	mu      sync.Mutex
	changed sync.Cond
	window  PullWindow

	requests []PullRequest
	space    []PullRequest // what requests moves along in
	first    int           // number of requests[0]
	sent     int           // requests[:sent] are under way
	owed     int64         // expected bytes of all requests that have not arrived
	arrived  int64         // bytes of requests[0] that arrived, at most those expected
	ended    bool          // no more will be added
	stopped  bool          // Pull is over
	halted   bool          // the present stream is over
}

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

// add appends r and waits until the window has room for another; false when Pull is
// over. The source is asked for the next request only then: a file that waits behind
// a large one would be missed by the streams that have nothing to do.
func (q *pullQueue) add(r PullRequest) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.stopped {
		return false
	}
	q.makeRoom()
	q.requests = append(q.requests, r)
	q.owed += expected(r)
	q.changed.Broadcast()
	for !q.stopped && !q.room() {
		q.changed.Wait()
	}
	return !q.stopped
}

// room reports whether the window has room for another request.
func (q *pullQueue) room() bool {
	return len(q.requests) == 0 || len(q.requests) < q.window.Requests && q.owed < q.window.Bytes
}

// maxExpected bounds the size that one request counts with: a device may list any.
const maxExpected = 1 << 60

// expected returns the size that a request counts with in the window.
func expected(r PullRequest) int64 { return min(max(r.Size, 0), maxExpected) }

// got counts bytes of the first request that arrived.
func (q *pullQueue) got(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	counted := min(int64(n), expected(q.requests[0])-q.arrived)
	q.arrived += counted
	q.owed -= counted
	if counted > 0 && q.room() {
		q.changed.Broadcast()
	}
}

// forget counts the first request as not arrived again.
func (q *pullQueue) forget() {
	q.owed += q.arrived
	q.arrived = 0
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

// end records that the source has no more requests.
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

// restart puts the requests under way back in the line, for a new stream.
func (q *pullQueue) restart() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.forget()
	q.sent, q.halted = 0, false
	q.changed.Broadcast()
}

// next waits until requests are there to be sent and appends them, encoded, to buf;
// nil when there is nothing more to send on this stream.
func (q *pullQueue) next(buf []byte) []byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.halted && !q.stopped && q.sent == len(q.requests) {
		if q.ended {
			return nil
		}
		q.changed.Wait()
	}
	if q.halted || q.stopped {
		return nil
	}
	for ; q.sent < len(q.requests); q.sent++ {
		// Version 1: RCV2 without compression brings the same bytes and was no
		// faster when measured, and with compression it is slower.
		// A path too long for the service is not sent; answer knows that too.
		buf, _ = wire.AppendSyncRequest(buf, wire.IDRecvV1, q.requests[q.sent].Path)
	}
	q.changed.Broadcast()
	return buf
}

// pending waits for a request that is not answered; false when the source has no
// more.
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
		q.sent--
	}
	q.forget()
	q.owed -= expected(q.requests[0])
	q.requests[0] = PullRequest{} // let go of the path
	q.requests = q.requests[1:]
	q.first++
	q.changed.Broadcast()
}

// unanswered returns the number of the first request without an answer.
func (q *pullQueue) unanswered() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.first
}
