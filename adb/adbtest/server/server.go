package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"preship/adb/adbtest/adbd"
	"preship/adb/adbtest/bus"
	"preship/adb/adbtest/trouble"
	"preship/adb/internal/wire"
)

// version is the answer to host:version. An adb of another version kills
// the server and starts its own; all since 1.0.41 are of this one.
const version = 41

// Front is the name under which the keyring of a handset knows the server.
const Front = "server front"

// Server is an adb server with emulated handsets on it. It is safe for concurrent
// use.
type Server struct {
	*adbd.Front

	mu     sync.Mutex
	slots  []*slot
	lastID int64
	moved  chan struct{} // closed and replaced when a handset moved

	forgotten []string // prefixes of host requests it does not know

	forwards adbd.Rules // of adb forward
}

// slot is a handset of the server.
type slot struct {
	h    *adbd.Services
	usb  string   // its USB port; "" if it is on the network
	net  *network // nil if it is plugged in
	stay int64    // of the bus, at which id was given
	id   int64
}

// serial returns the name in the server's list.
func (s *slot) serial() string {
	if s.net != nil {
		return s.net.Addr
	}
	return s.h.Profile.Serial
}

// New serves the handsets at addr, host:port; "" is a free port of the
// loopback interface. The caller closes it.
func New(addr string, hs ...*adbd.Services) (*Server, error) {
	f, err := adbd.Listen(addr)
	if err != nil {
		return nil, err
	}
	s := &Server{Front: f, moved: make(chan struct{})}
	for i, h := range hs {
		s.slots = append(s.slots, &slot{h: h, usb: fmt.Sprintf("usb:1-%d", i+1)})
		f.Run(func(ctx context.Context) { s.follow(ctx, h) })
	}
	f.Serve(s.serve)
	return s, nil
}

// follow wakes those that watch the list when a handset moves. It also shows the
// debugging prompt of a handset that does not know this computer, as after a
// factory reset.
func (s *Server) follow(ctx context.Context, h *adbd.Services) {
	var asked, last int64
	for {
		state, stay, changed := h.Bus.Watch()
		if stay != last {
			last = stay
			h.DropReverses(func(by adbd.Caller) bool { _, mine := by.(*socket); return mine })
		}
		if state == bus.Device && stay != asked && h.AsksKey() && !h.Bus.Keys.Knows(Front) && !h.Refuses() {
			asked = stay
			h.AskOwner(func() {
				h.Bus.Keys.AllowName(Front)
				h.Bus.Announce()
			})
		}
		select {
		case <-changed:
			s.wake()
		case <-ctx.Done():
			return
		}
	}
}

func (s *Server) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.moved)
	s.moved = make(chan struct{})
}

// watch returns a channel that is closed when a handset moves. Take it before the
// list, so that no move is missed.
func (s *Server) watch() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.moved
}

// transport is a row of the server's list.
type transport struct {
	slot  *slot
	h     *adbd.Services
	state string
	id    int64
	stay  int64
}

// transports lists the handsets that are on the bus, by serial number.
func (s *Server) transports() []transport {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []transport
	for _, slot := range s.slots {
		state, stay := slot.h.Bus.Presence()
		if state == bus.Absent || slot.net != nil && !slot.net.connected {
			continue
		}
		if slot.stay != stay {
			s.lastID++
			slot.stay, slot.id = stay, s.lastID
		}
		list = append(list, transport{slot: slot, h: slot.h, state: shownState(slot.h, state), id: slot.id, stay: stay})
	}
	slices.SortStableFunc(list, func(a, b transport) int { return strings.Compare(a.slot.serial(), b.slot.serial()) })
	return list
}

// shownState returns the state that the server lists for a handset that is in state
// on the bus.
func shownState(h *adbd.Services, state string) string {
	if _, ok := h.Troubles.Happens(trouble.Offline); ok {
		return bus.Offline
	}
	if state == bus.Device && (h.Refuses() || h.AsksKey() && !h.Bus.Keys.Knows(Front)) {
		return bus.Unauthorized
	}
	return state
}

// request is one connection of a client.
type request struct {
	server *Server
	ctx    context.Context
	conn   net.Conn
	to     *transport // the handset that was chosen, if any
}

// requestTime is how long a client may take to send a request.
const requestTime = 30 * time.Second

// serve answers the requests of one client: at most one that chooses a handset,
// and then one service.
func (s *Server) serve(ctx context.Context, conn net.Conn) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := &request{server: s, ctx: ctx, conn: conn}
	for {
		_ = conn.SetReadDeadline(time.Now().Add(requestTime))
		b, err := wire.ReadBlock(conn)
		if err != nil || len(b) == 0 {
			return
		}
		_ = conn.SetReadDeadline(time.Time{})
		name := string(b)
		target, host, err := parseHostRequest(name)
		switch {
		case err != nil:
			return // adb's server closes without a word
		case host != "":
			if !r.host(target, host) {
				return
			}
		default:
			r.service(name)
			return
		}
	}
}

func (r *request) okay() error {
	_, err := io.WriteString(r.conn, wire.StatusOkay)
	return err
}

func (r *request) okayWith(text string) {
	b, err := wire.AppendBlock([]byte(wire.StatusOkay), []byte(text))
	if err != nil {
		r.fail(err.Error())
		return
	}
	_, _ = r.conn.Write(b)
}

func (r *request) fail(text string) { _, _ = r.conn.Write(wire.AppendFail(nil, text)) }

var errNotHostRequest = errors.New("host request without a command")
