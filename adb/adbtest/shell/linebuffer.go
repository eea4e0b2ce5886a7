package shell

import (
	"io"
	"sync"
)

// lineBuffer holds the lines typed on a terminal and not read yet, of which a read
// takes from one at a time, as a terminal's canonical mode has it.
type lineBuffer struct {
	mu    sync.Mutex
	moved sync.Cond
	lines [][]byte // an empty one is read as the end of the input, once
	held  int
	ended error
}

// lineRoom is how much is typed ahead of a command that does not read.
const lineRoom = 256 << 10

func newLineBuffer() *lineBuffer {
	q := &lineBuffer{}
	q.moved.L = &q.mu
	return q
}

// put adds a line, which the buffer keeps, and blocks while too much waits.
func (q *lineBuffer) put(line []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.held > lineRoom && q.ended == nil {
		q.moved.Wait()
	}
	if q.ended != nil {
		return
	}
	q.lines = append(q.lines, line)
	q.held += len(line) + 1
	q.moved.Broadcast()
}

// read blocks for a line for as long as more says so, which is asked again after
// every wake.
func (q *lineBuffer) read(p []byte, more func() bool) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.lines) == 0 && q.ended == nil && more() {
		q.moved.Wait()
	}
	switch {
	case !more():
		return 0, errGone
	case len(q.lines) == 0:
		return 0, q.ended
	}
	n := copy(p, q.lines[0])
	q.held -= n
	if empty := len(q.lines[0]) == 0; empty || n == len(q.lines[0]) {
		q.held--
		q.lines = q.lines[1:]
		q.moved.Broadcast()
		if empty {
			return 0, io.EOF
		}
		return n, nil
	}
	q.lines[0] = q.lines[0][n:]
	return n, nil
}

// flush drops the waiting lines and wakes the readers.
func (q *lineBuffer) flush() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.lines, q.held = nil, 0
	q.moved.Broadcast()
}

// end ends the input. After io.EOF the waiting lines can still be read; any
// other reason drops them.
func (q *lineBuffer) end(why error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if why != io.EOF {
		q.lines, q.held = nil, 0
	}
	if q.ended == nil || q.ended == io.EOF {
		q.ended = why
	}
	q.moved.Broadcast()
}
