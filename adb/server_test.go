package adb

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"preship/adb/internal/wire"
)

// scriptedServer is an adb server for tests that answers what it is asked, over
// net.Pipe: without buffers, so that a client which writes while it should read
// comes to a stop.
type scriptedServer struct {
	mu       sync.Mutex
	devices  string // answer to devices-l, and to features by its serials
	features string
	changed  chan struct{} // closed when devices changes
	host     map[string]func(c net.Conn)
	service  func(c net.Conn, service string) // after host:transport; nil refuses
	asked    []string
	down     bool

	conns sync.WaitGroup
	live  map[net.Conn]bool
}

const fakeSerial = "SERIAL1"

const oneDevice = "SERIAL1                device usb:1-4 product:p model:m device:d transport_id:1\n"

// newScriptedServer serves one device until the test ends.
func newScriptedServer(t testing.TB) *scriptedServer {
	s := &scriptedServer{
		devices: oneDevice, features: "shell_v2,cmd,stat_v2,ls_v2,sendrecv_v2",
		changed: make(chan struct{}), host: map[string]func(net.Conn){}, live: map[net.Conn]bool{},
	}
	t.Cleanup(s.close)
	return s
}

func (s *scriptedServer) client(t testing.TB) *Client {
	t.Helper()
	c, err := New(Options{Addr: "scripted:1", Dial: s.dial})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (s *scriptedServer) device(t testing.TB) *Device { return s.client(t).Device(fakeSerial) }

func (s *scriptedServer) dial(context.Context) (net.Conn, error) {
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

// cut closes every connection; down keeps new ones from being made.
func (s *scriptedServer) cut(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
	for c := range s.live {
		c.Close()
	}
}

func (s *scriptedServer) up() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = false
}

func (s *scriptedServer) close() {
	s.cut(true)
	s.conns.Wait()
}

// list changes the devices and tells those who track them.
func (s *scriptedServer) list(devices string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.devices = devices
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *scriptedServer) snapshot() (devices string, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.devices, s.changed
}

// questions are the host services and services asked so far.
func (s *scriptedServer) questions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

func (s *scriptedServer) count(question string) int {
	n := 0
	for _, q := range s.questions() {
		if q == question {
			n++
		}
	}
	return n
}

func (s *scriptedServer) question(c net.Conn) (string, bool) {
	b, err := wire.ReadBlock(c)
	if err != nil {
		return "", false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, string(b))
	return string(b), true
}

func (s *scriptedServer) serve(c net.Conn) {
	q, ok := s.question(c)
	if !ok {
		return
	}
	s.mu.Lock()
	handler := s.host[q]
	s.mu.Unlock()
	serial, isTransport := strings.CutPrefix(q, "host:transport:")
	devices, _ := s.snapshot()
	switch {
	case handler != nil:
		handler(c)
	case q == "host:version":
		okayBlock(c, "0029")
	case q == "host:devices-l":
		okayBlock(c, devices)
	case q == "host:track-devices-l":
		s.track(c)
	case strings.HasSuffix(q, ":features"):
		okayBlock(c, s.features)
	case isTransport && strings.Contains(devices, serial):
		io.WriteString(c, "OKAY")
		s.serveDevice(c)
	case isTransport:
		c.Write(wire.AppendFail(nil, "device '"+serial+"' not found"))
	default:
		c.Write(wire.AppendFail(nil, "unknown host service"))
	}
}

func (s *scriptedServer) serveDevice(c net.Conn) {
	service, ok := s.question(c)
	if !ok {
		return
	}
	if s.service == nil {
		c.Write(wire.AppendFail(nil, "closed"))
		return
	}
	io.WriteString(c, "OKAY")
	s.service(c, service)
}

// track sends the list at once and after every change, until the client hangs
// up.
func (s *scriptedServer) track(c net.Conn) {
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

func okayBlock(c net.Conn, text string) {
	b, _ := wire.AppendBlock([]byte(wire.StatusOkay), []byte(text))
	c.Write(b)
}
