package adbd

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"preship/adb/adbtest/bus"
	"preship/adb/adbtest/trouble"
	"preship/adb/internal/wire"
)

// link is one connection of an adb server to adbd. Messages are read by run
// alone; they are written by run and by the services, under wmu.
type link struct {
	d    *Services
	conn net.Conn

	agreed bool // A_CNXN has come
	auth   authorization

	wmu  sync.Mutex
	wbuf []byte

	version atomic.Uint32 // as agreed; before, what any peer understands
	maxData atomic.Uint32 // as agreed
	online  atomic.Bool   // A_CNXN has been answered; only then do streams count

	mu      sync.Mutex
	tunnels map[uint32]*tunnel
	lastID  uint32

	work sync.WaitGroup
}

// maxTunnels bounds the streams of one connection.
const maxTunnels = 1024

func newLink(d *Services, conn net.Conn) *link {
	l := &link{d: d, conn: conn, tunnels: map[uint32]*tunnel{}}
	l.version.Store(wire.VersionMin)
	l.maxData.Store(wire.MaxPayloadV1)
	return l
}

// run serves the connection until it ends or the handset leaves the bus.
func (l *link) run(ctx context.Context) {
	state, stay := l.d.Bus.Presence()
	if state == bus.Absent {
		return // the handset is off the bus: the connection ends at once
	}
	ctx, cancel := context.WithCancel(ctx)
	l.work.Go(func() {
		if l.d.Bus.WaitLeft(ctx, stay) {
			_ = l.conn.Close()
		}
	})
	l.read(ctx)
	cancel()
	_ = l.conn.Close()
	l.closeTunnels()
	l.d.DropReverses(func(by Caller) bool { return by == Caller(l) })
	l.work.Wait()
}

func (l *link) read(ctx context.Context) {
	r := bufio.NewReaderSize(l.conn, 64<<10)
	_ = l.conn.SetReadDeadline(time.Now().Add(handshakeTime))
	for {
		m, err := wire.ReadMessage(r, max(l.maxData.Load(), wire.MaxPayloadV1), l.agreed && l.checksums())
		if err != nil {
			return
		}
		if !l.handle(ctx, m) {
			return
		}
	}
}

func (l *link) checksums() bool { return l.version.Load() < wire.VersionSkipChecksum }

// handle acts on one message and reports whether the connection stays open.
func (l *link) handle(ctx context.Context, m wire.Message) bool {
	switch m.Command {
	case wire.CmdCnxn:
		return l.connect(m)
	case wire.CmdAuth:
		return l.authorize(m)
	case wire.CmdStls:
		return false // TLS is not offered; only a peer that lost its way asks
	}
	if !l.online.Load() {
		return true
	}
	switch m.Command {
	case wire.CmdOpen:
		l.open(ctx, m)
	case wire.CmdOkay:
		l.okay(m)
	case wire.CmdWrte:
		if t := l.find(m.Arg1, m.Arg0); t != nil && m.Arg0 != 0 {
			t.deliver(m.Data)
		}
	case wire.CmdClse:
		if t := l.find(m.Arg1, m.Arg0); t != nil {
			t.hangUp(io.EOF)
		}
	}
	return true // adbd prints an unknown message and stays
}

// connect answers A_CNXN: with a token to sign where the handset asks for that,
// else at once. A second A_CNXN begins again: all streams end without a word, and
// version, size and features are agreed anew.
func (l *link) connect(m wire.Message) bool {
	if l.agreed {
		l.online.Store(false)
		l.closeTunnels()
		l.auth = authorization{}
	}
	version, maxData := l.d.protocol()
	version, maxData = min(version, m.Arg0), min(maxData, m.Arg1)
	if version < wire.VersionMin || maxData < wire.MessageHeaderSize {
		return false
	}
	l.agreed = true
	l.maxData.Store(maxData)
	l.version.Store(version)
	if _, ok := l.d.Troubles.Happens(trouble.Offline); ok {
		_ = l.conn.SetReadDeadline(time.Time{})
		return true // no answer
	}
	if l.d.AsksKey() {
		return l.challenge()
	}
	return l.welcome()
}

// welcome sends the banner; from here on the link carries streams.
func (l *link) welcome() bool {
	_ = l.conn.SetReadDeadline(time.Time{})
	l.online.Store(true)
	version, maxData := l.d.protocol()
	return l.send(wire.Message{
		Command: wire.CmdCnxn, Arg0: version, Arg1: maxData, Data: []byte(l.d.banner()),
	}) == nil
}

func (l *link) send(m wire.Message) error {
	l.wmu.Lock()
	defer l.wmu.Unlock()
	l.wbuf = wire.AppendMessage(l.wbuf[:0], m, l.checksums())
	_, err := l.conn.Write(l.wbuf)
	return err
}

// open starts a service. arg1 is for a window that is not offered here.
func (l *link) open(ctx context.Context, m wire.Message) {
	if m.Arg0 == 0 {
		return
	}
	var t *tunnel
	var run Session
	if m.Arg1 == 0 {
		run, _ = l.d.Open(strings.TrimRight(string(m.Data), "\x00"))
	}
	if run != nil {
		t = l.newTunnel(m.Arg0)
	}
	if t == nil {
		_ = l.send(wire.Message{Command: wire.CmdClse, Arg1: m.Arg0})
		return
	}
	t.acknowledged()
	t.acknowledge()
	l.work.Go(func() {
		after := run(ctx, t)
		t.finish(after != nil)
		if after != nil {
			after()
		}
	})
}

// find returns the tunnel with these ids; remote 0 fits any, because old peers close
// with it.
func (l *link) find(local, remote uint32) *tunnel {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.tunnels[local]
	if t == nil || remote != 0 && t.remote != 0 && t.remote != remote {
		return nil
	}
	return t
}

// okay lets a stream send again. The first A_OKAY on a stream that the handset opened
// names its other end.
func (l *link) okay(m wire.Message) {
	if m.Arg0 == 0 || m.Arg1 == 0 {
		return
	}
	l.mu.Lock()
	t := l.tunnels[m.Arg1]
	if t != nil && t.remote == 0 {
		t.remote = m.Arg0
	}
	l.mu.Unlock()
	switch {
	case t == nil:
		// Its service has ended meanwhile: close it again.
		_ = l.send(wire.Message{Command: wire.CmdClse, Arg0: m.Arg1, Arg1: m.Arg0})
	case t.remote == m.Arg0 && len(m.Data) == 0:
		t.acknowledged()
	}
}
