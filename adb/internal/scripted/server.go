// Package scripted is an adb server for tests of the packages beside it, which
// answers what a test scripts, over net.Pipe. The emulated handset is the one to
// test against; this one is for servers and moments that it cannot play.
package scripted

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"preship/adb/internal/wire"
)

// Server answers requests over net.Pipe, which has no buffers: a client that writes
// while it should read stops.
type Server struct {
	mu       sync.Mutex
	Devices  string // the answer to devices-l; set it before the first question, then by List
	Features string // of every device
	Host     map[string]func(c net.Conn)
	Service  func(c net.Conn, service string) // after host:transport; nil refuses
	changed  chan struct{}                    // closed when Devices changes
	asked    []string
	down     bool

	conns sync.WaitGroup
	live  map[net.Conn]bool
}

// Serial is the serial of the device that New serves.
const Serial = "SERIAL1"

// OneDevice is the list of a server with that device alone.
const OneDevice = "SERIAL1                device usb:1-4 product:p model:m device:d transport_id:1\n"

// New serves one device until the test ends.
func New(t testing.TB) *Server {
	s := &Server{
		Devices: OneDevice, Features: "shell_v2,cmd,stat_v2,ls_v2,sendrecv_v2",
		changed: make(chan struct{}), Host: map[string]func(net.Conn){}, live: map[net.Conn]bool{},
	}
	t.Cleanup(s.Close)
	return s
}

// Dial is for adb.Options.
func (s *Server) Dial(context.Context) (net.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return nil, io.ErrClosedPipe
	}
	near, far := net.Pipe()
	s.live[far] = true
	s.conns.Go(func() {
		s.serve(far)
		far.Close()
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.live, far)
	})
	return near, nil
}

// Cut closes every connection; down keeps new ones from being made.
func (s *Server) Cut(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
	for c := range s.live {
		c.Close()
	}
}

// Up lets clients connect again.
func (s *Server) Up() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = false
}

// Close ends every connection, and waits until each handler has returned.
func (s *Server) Close() {
	s.Cut(true)
	s.conns.Wait()
}

// Go runs fn in a goroutine that Close waits for.
func (s *Server) Go(fn func()) { s.conns.Go(fn) }

// List changes the devices and sends the list to the clients that track it.
func (s *Server) List(devices string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Devices = devices
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Server) snapshot() (devices string, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Devices, s.changed
}

// Questions returns the host services and services asked so far.
func (s *Server) Questions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

// Count returns the number of times a question was asked.
func (s *Server) Count(question string) int {
	n := 0
	for _, q := range s.Questions() {
		if q == question {
			n++
		}
	}
	return n
}

func (s *Server) question(c net.Conn) (string, bool) {
	b, err := wire.ReadBlock(c)
	if err != nil {
		return "", false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, string(b))
	return string(b), true
}

func (s *Server) serve(c net.Conn) {
	q, ok := s.question(c)
	if !ok {
		return
	}
	s.mu.Lock()
	handler := s.Host[q]
	s.mu.Unlock()
	serial, isTransport := strings.CutPrefix(q, "host:transport:")
	devices, _ := s.snapshot()
	switch {
	case handler != nil:
		handler(c)
	case q == "host:version":
		OkayBlock(c, "0029")
	case q == "host:devices-l":
		OkayBlock(c, devices)
	case q == "host:track-devices-l":
		s.track(c)
	case strings.HasSuffix(q, ":features"):
		OkayBlock(c, s.Features)
	case isTransport && strings.Contains(devices, serial):
		io.WriteString(c, "OKAY")
		s.serveDevice(c)
	case isTransport:
		c.Write(wire.AppendFail(nil, "device '"+serial+"' not found"))
	default:
		c.Write(wire.AppendFail(nil, "unknown host service"))
	}
}

func (s *Server) serveDevice(c net.Conn) {
	service, ok := s.question(c)
	if !ok {
		return
	}
	if s.Service == nil {
		c.Write(wire.AppendFail(nil, "closed"))
		return
	}
	io.WriteString(c, "OKAY")
	s.Service(c, service)
}

// track sends the list at once and after every change, until the client hangs
// up.
func (s *Server) track(c net.Conn) {
	gone := make(chan struct{})
	s.conns.Go(func() {
		defer close(gone)
		io.Copy(io.Discard, c)
	})
	io.WriteString(c, "OKAY")
	for {
		devices, changed := s.snapshot()
		block, _ := wire.AppendBlock(nil, []byte(devices))
		if _, err := c.Write(block); err != nil {
			return
		}
		select {
		case <-changed:
		case <-gone:
			return
		}
	}
}

// OkayBlock writes OKAY and a block, as most host services answer.
func OkayBlock(c net.Conn, text string) {
	b, _ := wire.AppendBlock([]byte(wire.StatusOkay), []byte(text))
	c.Write(b)
}

// Line returns the line of one device in a server's list.
func Line(serial, state string, transport int) string {
	return fmt.Sprintf("%-22s %s transport_id:%d\n", serial, state, transport)
}
