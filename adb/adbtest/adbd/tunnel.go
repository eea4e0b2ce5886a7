package adbd

import (
	"context"
	"encoding/binary"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"preship/adb/adbtest/stream"
	"preship/adb/internal/wire"
)

// tunnel is one stream of a link. Each direction has at most one A_WRTE that was not
// acknowledged, or with delayed_ack as many bytes as the other side announced.
type tunnel struct {
	link          *link
	local, remote uint32
	delayed       bool // delayed_ack is agreed
	in            *stream.Buffer
	owed          atomic.Int64 // bytes that came and are not acknowledged

	room   sync.Mutex
	credit int64         // more than 0: A_WRTE may be sent
	first  int64         // the credit if all that was sent is acknowledged
	more   chan struct{} // gets a token when credit was given

	mu      sync.Mutex // held while a message of the stream is sent: nothing follows A_CLSE
	gone    chan struct{}
	closing sync.Once
}

// How much a peer may push that does not wait for its acknowledgements, on one
// stream and on all streams of all connections to a handset; on which there
// comes more is lost.
const (
	maxUnread    = 4 << 20
	maxUnreadAll = 64 << 20
	// firstWindow is how many bytes a peer may send before the first of them is
	// acknowledged, where delayed_ack is agreed. adbd announces 32 MiB.
	firstWindow = maxUnread / 2
)

// newTunnel returns nil if there are too many.
func (l *link) newTunnel(remote uint32) *tunnel {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.tunnels) >= maxTunnels {
		return nil
	}
	for l.lastID++; l.lastID == 0 || l.tunnels[l.lastID] != nil; l.lastID++ {
	}
	t := &tunnel{link: l, local: l.lastID, remote: remote, delayed: l.delayed.Load(), more: make(chan struct{}, 1), gone: make(chan struct{})}
	t.in = stream.NewBuffer(t.acknowledge)
	t.in.Unread = &l.d.unread
	l.tunnels[t.local] = t
	return t
}

// answerTime is how long the computer may take to open a service of its own.
const answerTime = 10 * time.Second

// Call opens a service of the computer, such as what `adb reverse` leads to.
func (l *link) Call(ctx context.Context, service string) (stream.Stream, error) {
	t := l.newTunnel(0)
	if t == nil {
		return nil, stream.ErrHungUp
	}
	open := wire.Message{Command: wire.CmdOpen, Arg0: t.local, Data: append([]byte(service), 0)}
	if t.delayed {
		open.Arg1 = firstWindow
	}
	_ = l.send(open)
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if !t.await(ctx.Done(), 1) {
		t.hangUp(stream.ErrHungUp)
		return nil, stream.ErrHungUp
	}
	return t, nil
}

// window sets how many bytes may be sent at first on a stream that the peer opened.
func (t *tunnel) window(bytes int32) {
	t.room.Lock()
	defer t.room.Unlock()
	t.credit = 1 // one A_WRTE
	if t.delayed {
		t.credit = int64(bytes)
	}
	t.first = t.credit
}

// counted returns what A_OKAY carries: where delayed_ack is agreed, a number of bytes.
func (t *tunnel) counted(bytes int64) []byte {
	if !t.delayed {
		return nil
	}
	return binary.LittleEndian.AppendUint32(nil, uint32(bytes))
}

// await waits until there is so much credit. It returns false if the stream ended, or
// done is closed, before.
func (t *tunnel) await(done <-chan struct{}, credit int64) bool {
	for {
		t.room.Lock()
		there := t.credit >= credit
		t.room.Unlock()
		if there {
			return true
		}
		select {
		case <-t.more:
		case <-t.gone:
			return false
		case <-done:
			return false
		}
	}
}

// take uses credit for n bytes.
func (t *tunnel) take(n int) {
	t.room.Lock()
	defer t.room.Unlock()
	if t.delayed {
		t.credit -= int64(n)
	} else {
		t.credit = 0
	}
}

// answered reports whether an A_OKAY from remote is for this stream: the first on
// one that was called makes remote its other end.
func (t *tunnel) answered(remote uint32) bool {
	t.link.mu.Lock()
	defer t.link.mu.Unlock()
	if t.remote == 0 {
		t.remote = remote
	}
	return t.remote == remote
}

// closeTunnels ends all streams without a word, as a lost connection does.
func (l *link) closeTunnels() {
	l.mu.Lock()
	all := l.tunnels
	l.tunnels = map[uint32]*tunnel{}
	l.mu.Unlock()
	for _, t := range all {
		t.closing.Do(func() { close(t.gone) })
		t.in.End(stream.ErrHungUp)
	}
}

func (t *tunnel) Read(p []byte) (int, error) { return t.in.Read(p) }

// Write sends p in as many A_WRTE as the agreed size makes it, each when there is credit.
// One goroutine writes at a time.
func (t *tunnel) Write(p []byte) (int, error) {
	written := 0
	for written < len(p) {
		if !t.await(nil, 1) {
			return written, stream.ErrHungUp
		}
		part := p[written:min(len(p), written+int(t.link.maxData.Load()))]
		t.take(len(part))
		err := t.send(wire.Message{Command: wire.CmdWrte, Arg0: t.local, Arg1: t.remote, Data: part})
		if err != nil {
			return written, err
		}
		written += len(part)
	}
	return written, nil
}

// send sends a message of the stream, unless the stream is closed.
func (t *tunnel) send(m wire.Message) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case <-t.gone:
		return stream.ErrHungUp
	default:
		return t.link.send(m)
	}
}

func (t *tunnel) HungUp() <-chan struct{} { return t.gone }

// acknowledged returns credit. A peer that acknowledges more than was sent gains nothing
// by it. On a stream that the handset opened the first A_OKAY gives the first credit.
func (t *tunnel) acknowledged(bytes int64) {
	t.room.Lock()
	switch {
	case !t.delayed:
		t.credit, t.first = 1, 1
	case t.first == 0:
		t.credit, t.first = bytes, bytes
	default:
		t.credit = min(t.credit+max(bytes, 0), t.first)
	}
	t.room.Unlock()
	select {
	case t.more <- struct{}{}:
	default:
	}
}

// deliver hands data to the service and acknowledges it, at once while the
// service keeps up and otherwise when it has caught up.
func (t *tunnel) deliver(data []byte) {
	if t.in.Held()+len(data) > maxUnread || t.link.d.unread.Load()+int64(len(data)) > maxUnreadAll {
		t.hangUp(stream.ErrHungUp)
		return
	}
	t.owed.Add(int64(len(data)))
	if t.in.Put(data) {
		t.acknowledge()
	}
}

// acknowledge acknowledges all that came.
func (t *tunnel) acknowledge() {
	_ = t.send(wire.Message{Command: wire.CmdOkay, Arg0: t.local, Arg1: t.remote, Data: t.counted(t.owed.Swap(0))})
}

// finish closes the stream from the service's side. adbd may send A_CLSE right
// behind the last A_WRTE or after its acknowledgement, depending on when it sees
// the service's end; peers meet both here. heard asks for the second, for a
// handset that is about to leave the bus and whose answer must not be lost.
func (t *tunnel) finish(heard bool) {
	if heard {
		t.room.Lock()
		all := t.first
		t.room.Unlock()
		t.await(nil, all)
	}
	t.hangUp(stream.ErrHungUp)
}

// hangUp ends the stream, whoever wished it, and says so once: adbd answers
// A_CLSE with A_CLSE. With io.EOF the service can still read what has come.
func (t *tunnel) hangUp(why error) {
	t.closing.Do(func() {
		t.link.mu.Lock()
		delete(t.link.tunnels, t.local)
		t.link.mu.Unlock()
		t.mu.Lock()
		defer t.mu.Unlock()
		close(t.gone)
		_ = t.link.send(wire.Message{Command: wire.CmdClse, Arg0: t.local, Arg1: t.remote})
	})
	t.in.End(why)
}

var (
	_ stream.Stream = (*tunnel)(nil)
	_ io.ReadWriter = (*tunnel)(nil)
)
