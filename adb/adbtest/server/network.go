package server

import (
	"fmt"
	"slices"
	"strings"

	"preship/adb/adbtest/bus"
	"preship/adb/internal/wire"
)

// Wireless describes how a handset with wireless debugging is reached.
type Wireless struct {
	Addr string // HOST:PORT to connect to; the server lists the handset by it
	// PairAddr and Code are those that the handset shows for pairing, which has to
	// come first. With an empty Code it needs no pairing.
	PairAddr, Code string
}

// network is the way to a handset without a cable.
type network struct {
	Wireless
	paired    bool
	connected bool
}

// AddWireless puts a handset on the server's network. The server lists it after a
// client asked to connect to it, and announces it before.
func (s *Server) AddWireless(h Handset, w Wireless) {
	s.add(&slot{h: h.ADBD(), net: &network{Wireless: w}})
}

// Forget makes it a server of an older version: it knows no host request that
// begins with one of the prefixes.
func (s *Server) Forget(prefixes ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgotten = append(s.forgotten, prefixes...)
}

func (s *Server) knows(command string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !slices.ContainsFunc(s.forgotten, func(prefix string) bool { return strings.HasPrefix(command, prefix) })
}

// onNetwork changes the first slot for whose network is reports true, and wakes the
// watchers of the list. It reports whether there was one.
func (s *Server) onNetwork(is func(*network) bool, change func(*slot)) bool {
	s.mu.Lock()
	at := slices.IndexFunc(s.slots, func(one *slot) bool { return one.net != nil && is(one.net) })
	if at >= 0 {
		change(s.slots[at])
	}
	s.mu.Unlock()
	if at >= 0 {
		s.wake()
	}
	return at >= 0
}

// connect answers OKAY also if it fails, as a real server.
func (r *request) connect(_ target, addr string) error {
	addr = withPort(addr)
	text := fmt.Sprintf("failed to connect to '%s': Connection refused", addr)
	r.server.onNetwork(func(n *network) bool { return n.Addr == addr }, func(one *slot) {
		state, _ := one.h.Bus.Presence()
		switch {
		case state == bus.Absent:
		case one.net.Code != "" && !one.net.paired:
			text = "failed to connect to " + addr
		case one.net.connected:
			text = "already connected to " + addr
		default:
			one.net.connected, one.stay = true, 0
			text = "connected to " + addr
			if shownState(one.h, state) == bus.Unauthorized {
				text = "failed to authenticate to " + addr
			}
		}
	})
	return r.block(wire.StatusOkay, text)
}

func (r *request) disconnect(_ target, addr string) error {
	drop := func(one *slot) { one.net.connected = false }
	if addr == "" {
		for r.server.onNetwork(func(n *network) bool { return n.connected }, drop) {
		}
		return r.block(wire.StatusOkay, "disconnected everything")
	}
	addr = withPort(addr)
	if !r.server.onNetwork(func(n *network) bool { return n.connected && n.Addr == addr }, drop) {
		return refusal(fmt.Sprintf("no such device '%s'", addr))
	}
	return r.block(wire.StatusOkay, "disconnected "+addr)
}

// pair is pair:CODE:HOST:PORT. Its outcome comes behind an OKAY: a text when it
// is done, a FAIL when not (seen with 34.0.5).
func (r *request) pair(_ target, arg string) error {
	code, addr, ok := strings.Cut(arg, ":")
	if !ok {
		return refusal("unknown host service")
	}
	if err := r.okay(); err != nil {
		return err
	}
	paired := false
	there := r.server.onNetwork(func(n *network) bool { return n.Code != "" && n.PairAddr == addr }, func(one *slot) {
		paired = one.net.Code == code
		one.net.paired = one.net.paired || paired
	})
	switch {
	case !there:
		return refusal("Failed: Unable to start pairing client.")
	case !paired:
		return refusal("Failed: Wrong password or connection was dropped.")
	}
	return r.block("", "Successfully paired to "+addr+" [guid=adb-preship]")
}

// hearing returns the answer to mdns:check. It is an error without a network.
func (s *Server) hearing() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(s.slots, func(one *slot) bool { return one.net != nil }) {
		return "mdns daemon version [Openscreen discovery 0.0.0]"
	}
	return "ERROR: mdns daemon unavailable"
}

// announced returns the answer to mdns:services.
func (s *Server) announced() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, one := range s.slots {
		switch n := one.net; {
		case n == nil:
		case n.Code == "":
			fmt.Fprintf(&b, "adb-%s\t_adb._tcp\t%s\n", one.h.Profile.Serial, n.Addr)
		default:
			fmt.Fprintf(&b, "adb-%[1]s\t_adb-tls-connect._tcp\t%[2]s\nadb-%[1]s\t_adb-tls-pairing._tcp\t%[3]s\n", one.h.Profile.Serial, n.Addr, n.PairAddr)
		}
	}
	return b.String()
}
