package stream

import (
	"io"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// BufferRoom is how many bytes a front takes from the computer ahead of a slow
// service, as the socket buffers in adbd do.
const BufferRoom = 256 << 10

// Buffer holds the bytes from the computer that a service has not read yet. The
// front must bound it: Put never blocks, and reports whether there is room. A
// Buffer is safe for concurrent use.
type Buffer struct {
	mu    sync.Mutex
	moved sync.Cond
	data  []byte
	ended error // error of Read when data is empty: io.EOF, or why
	// drained, if not nil, is called without the lock when a Read makes room in a
	// full buffer.
	drained func()
	// Unread, if not nil, counts the bytes of all buffers that share it.
	Unread *atomic.Int64
}

// NewBuffer returns an empty buffer. drained may be nil.
func NewBuffer(drained func()) *Buffer {
	in := &Buffer{drained: drained}
	in.moved.L = &in.mu
	return in
}

// Put appends p, which the buffer keeps, and reports whether there is room left.
func (in *Buffer) Put(p []byte) bool {
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
	in.moved.Broadcast()
	return !in.full()
}

func (in *Buffer) count(n int) {
	if in.Unread != nil {
		in.Unread.Add(int64(n))
	}
}

// Held returns the number of unread bytes.
func (in *Buffer) Held() int {
	in.mu.Lock()
	defer in.mu.Unlock()
	return len(in.data)
}

// End closes the buffer. With io.EOF the held bytes can still be read; any other
// error drops them.
func (in *Buffer) End(why error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if why != io.EOF {
		in.count(-len(in.data))
		in.data = nil
	}
	if in.ended == nil || in.ended == io.EOF {
		in.ended = why
	}
	in.moved.Broadcast()
}

func (in *Buffer) full() bool { return len(in.data) > BufferRoom && in.ended == nil }

// Read implements io.Reader.
func (in *Buffer) Read(p []byte) (int, error) {
	in.mu.Lock()
	for len(in.data) == 0 && in.ended == nil && len(p) > 0 {
		in.moved.Wait()
	}
	wasFull := in.full()
	n := copy(p, in.data)
	in.count(-n)
	in.data = in.data[n:]
	if len(in.data) == 0 {
		in.data = nil
	}
	why := in.ended
	room := wasFull && !in.full()
	if room {
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

// WaitRoom blocks until there is room. After End there always is.
func (in *Buffer) WaitRoom() {
	in.mu.Lock()
	defer in.mu.Unlock()
	for in.full() {
		in.moved.Wait()
	}
}

// ErrHungUp is the error of a service's writes after the computer closed the
// stream, as EPIPE on a real handset.
var ErrHungUp = net.ErrClosed

// Stream is a service's end of one open service. Read returns io.EOF after the
// computer closed it. Write blocks until the computer's side took the bytes.
//
// Close closes it from this side, once the computer has taken the last bytes. A service
// that returns need not call it.
type Stream interface {
	io.ReadWriteCloser
	HungUp() <-chan struct{} // closed when the computer closed the stream or the handset left the bus
}

// Pacer limits the speed of all streams of a handset together.
type Pacer struct {
	Speed int64 // bytes a second; 0 is any speed

	mu   sync.Mutex
	next time.Time // when the line is free again
}

// Limit returns s, which sends no faster than the speed that is left by other streams.
func (p *Pacer) Limit(s Stream) Stream {
	if p.Speed == 0 {
		return s
	}
	return &paced{s, p}
}

// book reserves the time of n bytes, and returns the wait before they may be sent.
func (p *Pacer) book(n int) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.next.Before(now) {
		p.next = now
	}
	wait := p.next.Sub(now)
	p.next = p.next.Add(time.Duration(float64(n) / float64(p.Speed) * float64(time.Second)))
	return wait
}

// paceChunk keeps a slow line fair between streams.
const paceChunk = 16 << 10

type paced struct {
	Stream
	pacer *Pacer
}

func (p *paced) Write(b []byte) (int, error) {
	return InParts(b, paceChunk, func(part []byte) error {
		select {
		case <-time.After(p.pacer.book(len(part))):
		case <-p.HungUp():
			return ErrHungUp
		}
		_, err := p.Stream.Write(part)
		return err
	})
}

// InParts writes p in parts of at most size bytes. It returns how many bytes the parts had
// before the one whose write failed.
func InParts(p []byte, size int, write func(part []byte) error) (written int, err error) {
	for part := range slices.Chunk(p, size) {
		if err := write(part); err != nil {
			return written, err
		}
		written += len(part)
	}
	return written, nil
}
