package server

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"preship/adb/adbtest/adbd"
	"preship/adb/adbtest/bus"
	"preship/adb/adbtest/stream"
)

// service opens a service of the chosen handset and runs it on the connection.
func (r *request) service(name string) error {
	if r.to == nil {
		return refusal("device offline (no transport)")
	}
	h := r.to.h
	_, stay := h.Bus.Presence()
	if stay != r.to.stay || r.to.state == bus.Offline {
		return refusal("device offline (transport offline)")
	}
	run, ok := h.Open(name)
	if !ok {
		return refusal("closed")
	}
	if err := r.okay(); err != nil {
		return err
	}
	runOn(r.ctx, r.conn, h, stay, run)
	return nil
}

// runOn runs a service on a connection, until the service ends or the handset
// leaves the bus: the end of stay.
func runOn(ctx context.Context, conn net.Conn, h *adbd.Services, stay int64, run adbd.Session) {
	ctx, cancel := context.WithCancel(ctx)
	s := &socket{conn: conn, in: stream.NewBuffer(nil), gone: make(chan struct{})}
	var work sync.WaitGroup
	work.Go(s.pump)
	work.Go(func() {
		defer cancel()
		if h.Bus.WaitLeft(ctx, stay) {
			_ = s.conn.Close()
			s.in.End(stream.ErrHungUp)
		}
	})
	after := run(ctx, s)
	_ = s.Close()
	cancel()
	work.Wait()
	if after != nil {
		after()
	}
}

// socket is a stream on a client's connection.
type socket struct {
	conn net.Conn
	in   *stream.Buffer
	gone chan struct{}
}

func (s *socket) Read(p []byte) (int, error) { return s.in.Read(p) }

func (s *socket) Write(p []byte) (int, error) {
	n, err := s.conn.Write(p)
	if err != nil {
		return n, stream.ErrHungUp
	}
	return n, nil
}

func (s *socket) HungUp() <-chan struct{} { return s.gone }

const pumpBuffer = 64 << 10

// pumpBuffers keeps the buffers of sockets that ended for later sockets: every command
// opens a socket.
var pumpBuffers = sync.Pool{New: func() any { return new([pumpBuffer]byte) }}

// pump reads from the client ahead of the service, to notice when the client
// leaves.
func (s *socket) pump() {
	buf, _ := pumpBuffers.Get().(*[pumpBuffer]byte)
	defer pumpBuffers.Put(buf)
	for {
		n, err := s.conn.Read(buf[:])
		if n > 0 {
			s.in.Put(append([]byte(nil), buf[:n]...))
		}
		if err != nil {
			s.in.End(io.EOF)
			close(s.gone)
			return
		}
		s.in.WaitRoom()
	}
}

// dialTime is how long a port of this computer may take to answer.
const dialTime = 10 * time.Second

// Call connects to a port of this computer, for adb reverse.
func (s *socket) Call(ctx context.Context, service string) (stream.Stream, error) {
	port, ok := strings.CutPrefix(service, "tcp:")
	if !ok || !isDigits(port) {
		return nil, stream.ErrHungUp
	}
	d := net.Dialer{Timeout: dialTime}
	conn, err := d.DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return nil, err
	}
	return dialled{conn}, nil
}

// dialled is a connection to a port of this computer. Whoever reads from it
// notices that the other side has closed it.
type dialled struct{ net.Conn }

func (dialled) HungUp() <-chan struct{} { return nil }

// lingerTime is how long a client may take to close after the service did.
const lingerTime = time.Second

// Close closes the connection from the service's side. A connection that is closed
// with unread bytes can lose written ones: Close closes it for writing only, and
// the pump reads to the end.
func (s *socket) Close() error {
	if half, ok := s.conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_ = s.conn.SetReadDeadline(time.Now().Add(lingerTime))
	s.in.End(stream.ErrHungUp)
	return nil
}
