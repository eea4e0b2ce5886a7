package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sort"
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

// slot is a handset of the server, and a copy of it a row of the server's list.
type slot struct {
	h     *adbd.Services
	usb   string   // its USB port; "" if it is on the network
	net   *network // nil if it is plugged in
	stay  int64    // of the bus, at which id was given
	id    int64
	state string // which the list shows; in a copy alone
}

// serial returns the name in the server's list.
func (s *slot) serial() string {
	if s.net != nil {
		return s.net.Addr
	}
	return s.h.Profile.Serial
}

// Handset is what has an adb daemon.
type Handset interface{ ADBD() *adbd.Services }

// New serves the handsets at addr, as [adbd.Listen] takes it. The caller closes it.
func New[H Handset](addr string, hs ...H) (*Server, error) {
	f, err := adbd.Listen(addr)
	if err != nil {
		return nil, err
	}
	s := &Server{Front: f, moved: make(chan struct{})}
	for i, h := range hs {
		s.add(&slot{h: h.ADBD(), usb: fmt.Sprintf("usb:1-%d", i+1)})
	}
	f.Serve(f.Listener, s.serve)
	return s, nil
}

func (s *Server) add(one *slot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slots = append(s.slots, one)
	s.Run(func(ctx context.Context) { s.follow(ctx, one.h) })
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
		if state == bus.Device && stay != asked && h.AsksKey() && !h.Bus.Keys.KnowsServer() && !h.Refuses() {
			asked = stay
			h.AskOwner(func() {
				h.Bus.Keys.AllowServer()
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

// list returns the handsets that are on the bus, by serial number.
func (s *Server) list() []slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []slot
	for _, one := range s.slots {
		state, stay := one.h.Bus.Presence()
		if state == bus.Absent || one.net != nil && !one.net.connected {
			continue
		}
		if one.stay != stay {
			s.lastID++
			one.stay, one.id = stay, s.lastID
		}
		row := *one
		row.state = shownState(one.h, state)
		list = append(list, row)
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].serial() < list[j].serial() })
	return list
}

// shownState returns the state that the server lists for a handset that is in state
// on the bus.
func shownState(h *adbd.Services, state string) string {
	if _, ok := h.Troubles.Happens(trouble.Offline); ok {
		return bus.Offline
	}
	if state == bus.Device && (h.Refuses() || h.AsksKey() && !h.Bus.Keys.KnowsServer()) {
		return bus.Unauthorized
	}
	return state
}

// request is one connection of a client.
type request struct {
	server *Server
	ctx    context.Context
	conn   net.Conn
	to     *slot // the handset that was chosen, if any
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
			err = r.host(target, host)
		default:
			err = r.service(name)
		}
		if err != errMore {
			if err != nil {
				_, _ = conn.Write(wire.AppendFail(nil, err.Error()))
			}
			return
		}
	}
}

func (r *request) okay() error {
	_, err := io.WriteString(r.conn, wire.StatusOkay)
	return err
}

// block sends a text behind its length.
func (r *request) block(status, text string) error {
	b, err := wire.AppendBlock([]byte(status), []byte(text))
	if err == nil {
		_, err = r.conn.Write(b)
	}
	return err
}

// done answers that a change is made, or why it is not. Like a real server it says OKAY
// twice: that it heard, and that it is done.
func (r *request) done(err error) error {
	if err != nil {
		return err
	}
	_ = r.okay()
	return r.okay()
}

var errNotHostRequest = errors.New("host request without a command")
