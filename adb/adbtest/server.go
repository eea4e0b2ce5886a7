package adbtest

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

	"preship/adb/adbtest/bus"
	"preship/adb/adbtest/trouble"
	"preship/adb/internal/wire"
)

// serverVersion is what host:version answers. An adb of another version kills
// the server and starts its own; all since 1.0.41 are of this one.
const serverVersion = 41

// serverFront is the name under which the owner allowed the computer that a
// [srv] stands for.
const serverFront = "server front"

// srv is an adb server with emulated handsets on it, for clients of adb's
// own kind: no adb is needed. It takes no other handsets.
type srv struct {
	front *front

	mu     sync.Mutex
	slots  []*slot
	lastID int64
	moved  chan struct{} // closed and replaced when a handset moved

	forgotten []string // prefixes of host requests it does not know

	forwards forwards
}

// slot is one handset as the server knows it.
type slot struct {
	h    *services
	usb  string   // where it is plugged in; "" when it is on the network
	net  *network // nil when it is plugged in
	stay int64    // of the bus, at which id was given
	id   int64
}

// serial is the name the server lists it by.
func (s *slot) serial() string {
	if s.net != nil {
		return s.net.Addr
	}
	return s.h.Serial()
}

// NewServer serves the handsets at addr, host:port; "" is a free port of the
// loopback interface. The caller closes it.
func newServer_(addr string, hs ...*services) (*srv, error) {
	f, err := listen(addr)
	if err != nil {
		return nil, err
	}
	s := &srv{front: f, moved: make(chan struct{})}
	for i, h := range hs {
		s.slots = append(s.slots, &slot{h: h, usb: fmt.Sprintf("usb:1-%d", i+1)})
		f.run(func(ctx context.Context) { s.follow(ctx, h) })
	}
	f.serve(s.serve)
	return s, nil
}

// Addr is where it listens, as ADB_SERVER_SOCKET takes it behind "tcp:".
func (s *srv) Addr() string { return s.front.addr() }

// Close ends all connections and waits for everything they began.
func (s *srv) Close() error { return s.front.close() }

// follow wakes those that watch the list when a handset moves. It also shows the
// debugging prompt of a handset that does not know this computer, as after a
// factory reset.
func (s *srv) follow(ctx context.Context, h *services) {
	var asked, last int64
	for {
		state, stay, changed := h.Bus().Watch()
		if stay != last {
			last = stay
			h.dropReverses(func(by caller) bool { _, mine := by.(*socket); return mine })
		}
		if state == bus.Device && stay != asked && h.asksKey() && !h.Bus().Keys.Knows(serverFront) && !h.refuses() {
			asked = stay
			h.AskOwner(func() {
				h.Bus().Keys.AllowName(serverFront)
				h.Bus().Announce()
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

func (s *srv) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.moved)
	s.moved = make(chan struct{})
}

// watch is a channel that is closed when a handset moves. It is to be had before
// the list is looked at, so that nothing falls between.
func (s *srv) watch() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.moved
}

// transport is a handset as it stands now in the server's list.
type transport struct {
	slot  *slot
	h     *services
	state string
	id    int64
	stay  int64
}

// transports lists the handsets that are on the bus, by serial number.
func (s *srv) transports() []transport {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []transport
	for _, slot := range s.slots {
		state, stay := slot.h.Bus().Presence()
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

// shownState is how the server sees a handset that stands on the bus in state.
func shownState(h *services, state string) string {
	if _, ok := h.Troubles().Happens(trouble.Offline); ok {
		return bus.Offline
	}
	if state == bus.Device && (h.refuses() || h.asksKey() && !h.Bus().Keys.Knows(serverFront)) {
		return bus.Unauthorized
	}
	return state
}

// request is one connection of a client.
type request struct {
	server *srv
	ctx    context.Context
	conn   net.Conn
	to     *transport // the handset that was chosen, if any
}

// requestTime is how long a client may take to send a request.
const requestTime = 30 * time.Second

// serve answers the requests of one client: at most one that chooses a handset,
// and then one service.
func (s *srv) serve(ctx context.Context, conn net.Conn) {
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
