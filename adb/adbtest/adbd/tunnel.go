package adbd

import (
	"context"
	"sync"
	"time"

	"preship/adb/adbtest/stream"
	"preship/adb/internal/wire"
)

// tunnel is one stream of a link. Each direction has at most one A_WRTE that was not
// acknowledged.
type tunnel struct {
	link          *link
	local, remote uint32
	in            *stream.Buffer
	ready         chan struct{} // holds a token while an A_WRTE may be sent

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
	t := &tunnel{link: l, local: l.lastID, remote: remote, ready: make(chan struct{}, 1), gone: make(chan struct{})}
	t.in = stream.NewBuffer(t.acknowledge)
	t.in.Unread = &l.d.unread
	l.tunnels[t.local] = t
	return t
}

// answerTime is how long the computer may take to open its own service.
const answerTime = 10 * time.Second

// Call opens a service of the computer, such as what `adb reverse` leads to.
func (l *link) Call(ctx context.Context, service string) (stream.Stream, error) {
	t := l.newTunnel(0)
	if t == nil {
		return nil, stream.ErrHungUp
	}
	_ = l.send(wire.Message{Command: wire.CmdOpen, Arg0: t.local, Data: append([]byte(service), 0)})
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if !t.await(ctx.Done()) {
		t.hangUp(stream.ErrHungUp)
		return nil, stream.ErrHungUp
	}
	t.acknowledged()
	return t, nil
}

// await waits until an A_WRTE may be sent, which is then the caller's to send. It returns
// false if the stream ended, or done is closed, before.
func (t *tunnel) await(done <-chan struct{}) bool {
	select {
	case <-t.ready:
		return true
	case <-t.gone:
	case <-done:
	}
	return false
}

// acknowledged lets the next A_WRTE be sent. A peer that acknowledges more than was sent
// gains nothing by it.
func (t *tunnel) acknowledged() {
	select {
	case t.ready <- struct{}{}:
	default:
	}
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

// Write sends p in as many A_WRTE as the agreed size makes it, each after the one before was acknowledged.
// One goroutine writes at a time.
func (t *tunnel) Write(p []byte) (int, error) {
	return stream.InParts(p, int(t.link.maxData.Load()), func(part []byte) error {
		if !t.await(nil) {
			return stream.ErrHungUp
		}
		return t.send(wire.Message{Command: wire.CmdWrte, Arg0: t.local, Arg1: t.remote, Data: part})
	})
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

// deliver hands data to the service and acknowledges it, at once while the
// service keeps up and otherwise when it has caught up.
func (t *tunnel) deliver(data []byte) {
	if t.in.Held()+len(data) > maxUnread || t.link.d.unread.Load()+int64(len(data)) > maxUnreadAll {
		t.hangUp(stream.ErrHungUp)
		return
	}
	if t.in.Put(data) {
		t.acknowledge()
	}
}

// acknowledge lets the peer send the next A_WRTE.
func (t *tunnel) acknowledge() {
	_ = t.send(wire.Message{Command: wire.CmdOkay, Arg0: t.local, Arg1: t.remote})
}

// finish closes the stream from the service's side. adbd may send A_CLSE right
// behind the last A_WRTE or after its acknowledgement, depending on when it sees
// the service's end; peers meet both here. heard asks for the second, for a
// handset that is about to leave the bus and whose answer must not be lost.
func (t *tunnel) finish(heard bool) {
	if heard {
		t.await(nil)
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
