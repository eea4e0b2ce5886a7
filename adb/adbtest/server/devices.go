package server

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"preship/adb/adbtest/bus"
	"preship/adb/internal/wire"
)

// list returns the answer to devices and devices-l.
func (s *Server) list(long bool) string {
	var b strings.Builder
	for _, t := range s.transports() {
		if !long {
			fmt.Fprintf(&b, "%s\t%s\n", t.slot.serial(), t.state)
			continue
		}
		fmt.Fprintf(&b, "%-22s %s", t.slot.serial(), t.state)
		if t.slot.usb != "" {
			b.WriteString(" " + t.slot.usb)
		}
		// A server has these from the banner. A handset that refuses it sends no
		// banner, and that of a recovery's assistant does not have them.
		if t.state == bus.Device || t.state == bus.Recovery {
			fmt.Fprintf(&b, " product:%s model:%s device:%s", t.h.Prop("ro.product.name"),
				strings.Map(alphanumeric, t.h.Prop("ro.product.model")), t.h.Prop("ro.product.device"))
		}
		fmt.Fprintf(&b, " transport_id:%d\n", t.id)
	}
	return b.String()
}

func alphanumeric(r rune) rune {
	if r < 0x80 && (r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z') {
		return r
	}
	return '_'
}

// refusal is the server's error for a handset that it cannot reach.
type refusal string

func (r refusal) Error() string { return string(r) }

const (
	errNoDevices   refusal = "no devices/emulators found"
	errManyDevices refusal = "more than one device/emulator"
	errOffline     refusal = "device offline"
	// What follows the first line is adb's own advice.
	errUnauthorized refusal = "device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set\n" +
		"Try 'adb kill-server' if that seems wrong.\nOtherwise check for a confirmation dialog on your device."
)

// acquire finds the one handset of t. Unless anyState is set, the handset must
// answer.
func (s *Server) acquire(t target, anyState bool) (*transport, error) {
	var found []transport
	for _, one := range s.transports() {
		if t.fits(one) {
			found = append(found, one)
		}
	}
	if len(found) != 1 {
		return nil, t.notOne(len(found))
	}
	if !anyState {
		switch found[0].state {
		case bus.Offline:
			return nil, errOffline
		case bus.Unauthorized:
			return nil, errUnauthorized
		}
	}
	return &found[0], nil
}

// fits reports whether t means the handset. -s takes the serial number, and
// product:, model: and device:.
func (t target) fits(one transport) bool {
	switch {
	case t.id != 0:
		return one.id == t.id
	case t.serial != "":
		h := one.h
		return slices.Contains([]string{
			one.slot.serial(), "product:" + h.Prop("ro.product.name"),
			"model:" + strings.Map(alphanumeric, h.Prop("ro.product.model")), "device:" + h.Prop("ro.product.device"),
		}, t.serial)
	}
	return true
}

func (t target) notOne(n int) error {
	switch {
	case t.id != 0:
		return fmt.Errorf("no device with transport id '%d'", t.id)
	case t.serial != "" && n > 1:
		return fmt.Errorf("more than one device with serial %s", t.serial)
	case t.serial != "":
		return fmt.Errorf("device '%s' not found", t.serial)
	case n > 1:
		return errManyDevices
	}
	return errNoDevices
}

// tracking answers with the list now and at every change, for as long as the
// client listens.
func tracking(long bool) func(*request, target, string) bool {
	return func(r *request, _ target, _ string) bool {
		if r.okay() != nil {
			return false
		}
		last := "\x00" // no list looks like this: the first is always sent
		r.eachChange(func() (done bool) {
			list := r.server.list(long)
			if list == last {
				return false
			}
			last = list
			b, err := wire.AppendBlock(nil, []byte(list))
			if err == nil {
				_, err = r.conn.Write(b)
			}
			return err != nil
		})
		return false
	}
}

// eachChange calls look now and after every change of the list, until it returns true
// or the client closes the connection.
func (r *request) eachChange(look func() (done bool)) {
	gone := r.gone()
	for {
		changed := r.server.watch()
		if look() {
			return
		}
		select {
		case <-changed:
		case <-gone:
			return
		case <-r.ctx.Done():
			return
		}
	}
}

// gone returns a channel that is closed when the client closes the connection. It
// drops what the client sends from now on.
func (r *request) gone() <-chan struct{} {
	gone := make(chan struct{})
	r.server.Run(func(context.Context) {
		defer close(gone)
		var b [256]byte
		for {
			if _, err := r.conn.Read(b[:]); err != nil {
				return
			}
		}
	})
	return gone
}

// waitFor is wait-for-TYPE-STATE[-STATE…]: OKAY that it waits, OKAY when one of
// the states is there.
func (r *request) waitFor(t target, spec string) bool {
	if r.okay() != nil {
		return false
	}
	kind, states, _ := strings.Cut(spec, "-")
	wanted := strings.Split(states, "-")
	if kind != "any" {
		r.fail("bad wait-for- transport: " + spec)
		return false
	}
	for _, state := range wanted {
		if !slices.Contains([]string{"device", "recovery", "rescue", "sideload", "bootloader", "any", "disconnect"}, state) {
			r.fail("bad wait-for- state: " + spec)
			return false
		}
	}
	r.eachChange(func() (done bool) {
		if done = reached(r.server, t, wanted); done {
			_ = r.okay()
		}
		return done
	})
	return false
}

func reached(s *Server, t target, wanted []string) bool {
	one, err := s.acquire(t, false)
	if err != nil {
		return slices.Contains(wanted, "disconnect")
	}
	return slices.Contains(wanted, one.state) || slices.Contains(wanted, "any")
}

// daemonPort is the port of adbd on a network.
const daemonPort = 5555

// withPort returns host:port, with adbd's own port if addr has no port.
func withPort(addr string) string {
	if _, _, err := net.SplitHostPort(addr); err == nil {
		return addr
	}
	return net.JoinHostPort(strings.Trim(addr, "[]"), strconv.Itoa(daemonPort))
}
