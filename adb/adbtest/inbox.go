package adbtest

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
)

// inboxRoom is how much a front takes from the computer ahead of a service
// that is slow to read, as the socket buffers inside adbd do.
const inboxRoom = 256 << 10

// inbox is the bytes that have come from the computer for one service and that
// the service has not read yet. Its bound is the front's business: put never
// blocks, and says whether there is room for more.
type inbox struct {
	mu    sync.Mutex
	moved sync.Cond
	data  []byte
	ended error // what Read answers once data is empty: io.EOF, or why
	// drained is called, without the lock, when a Read makes room again after
	// a put that left none. It may be nil.
	drained func()
	full    bool
	// unread, when not nil, is a count that this inbox shares with others.
	unread *atomic.Int64
}

func newInbox(drained func()) *inbox {
	in := &inbox{drained: drained}
	in.moved.L = &in.mu
	return in
}

// put appends p, which the inbox keeps, and says whether there is room left.
func (in *inbox) put(p []byte) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.ended != nil {
		return true
	}
	if len(in.data) == 0 {
		in.data = p
	} else {
		in.data = append(in.data, p...)
	}
	in.count(len(p))
	in.full = len(in.data) > inboxRoom
	in.moved.Broadcast()
	return !in.full
}

func (in *inbox) count(n int) {
	if in.unread != nil {
		in.unread.Add(int64(n))
	}
}

// held is how many bytes wait.
func (in *inbox) held() int {
	in.mu.Lock()
	defer in.mu.Unlock()
	return len(in.data)
}

// end says that nothing more comes. What is there can still be read when why is
// io.EOF; any other reason takes it away.
func (in *inbox) end(why error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if why != io.EOF {
		in.count(-len(in.data))
		in.data = nil
	}
	if in.ended == nil || in.ended == io.EOF {
		in.ended = why
	}
	in.full = false
	in.moved.Broadcast()
}

// Read implements io.Reader.
func (in *inbox) Read(p []byte) (int, error) {
	in.mu.Lock()
	for len(in.data) == 0 && in.ended == nil && len(p) > 0 {
		in.moved.Wait()
	}
	n := copy(p, in.data)
	in.count(-n)
	in.data = in.data[n:]
	if len(in.data) == 0 {
		in.data = nil
	}
	why := in.ended
	room := in.full && len(in.data) <= inboxRoom
	if room {
		in.full = false
		in.moved.Broadcast()
	}
	in.mu.Unlock()
	if room && in.drained != nil {
		in.drained()
	}
	if n == 0 && len(p) > 0 {
		return 0, why
	}
	return n, nil
}

// waitRoom blocks while there is none. After end there always is.
func (in *inbox) waitRoom() {
	in.mu.Lock()
	defer in.mu.Unlock()
	for in.full {
		in.moved.Wait()
	}
}

// errHungUp is what a service's writes answer once the computer closed the
// stream: EPIPE, had it been a real one.
var errHungUp = net.ErrClosed

// stream is a service's end of one open service. Read answers io.EOF once the
// computer closed it; Write blocks until the computer's side took the bytes.
type stream interface {
	io.ReadWriter
	HungUp() <-chan struct{} // closed when the computer closed the stream or the handset left the bus
}
