package server

import (
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"

	"preship/adb/adbtest/bus"
)

// rows returns the answer to devices and devices-l.
func (s *Server) rows(long bool) string {
	var b strings.Builder
	for _, one := range s.list() {
		if !long {
			fmt.Fprintf(&b, "%s\t%s\n", one.serial(), one.state)
			continue
		}
		fmt.Fprintf(&b, "%-22s %s", one.serial(), one.state)
		if one.usb != "" {
			b.WriteString(" " + one.usb)
		}
		// A server has these from the banner. A handset that refuses it sends no
		// banner, and that of a recovery's assistant does not have them.
		if one.state == bus.Device || one.state == bus.Recovery {
			fmt.Fprintf(&b, " product:%s model:%s device:%s", one.h.Prop("ro.product.name"), one.model(), one.h.Prop("ro.product.device"))
		}
		fmt.Fprintf(&b, " transport_id:%d\n", one.id)
	}
	return b.String()
}

// model returns the model as the list shows it.
func (s *slot) model() string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && (r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z') {
			return r
		}
		return '_'
	}, s.h.Prop("ro.product.model"))
}

// refusal is the server's error for a handset that it cannot reach.
type refusal string

func (r refusal) Error() string { return string(r) }

const (
	errNoDevices   refusal = "no devices/emulators found"
	errManyDevices refusal = "more than one device/emulator"
	errOffline     refusal = "device offline"
	errKill        refusal = "kill-server rejected by remote server"
	// What follows the first line is adb's own advice.
	errUnauthorized refusal = "device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set\n" +
		"Try 'adb kill-server' if that seems wrong.\nOtherwise check for a confirmation dialog on your device."
)

// acquire finds the one handset of t. Unless anyState is set, the handset must
// answer.
func (s *Server) acquire(t target, anyState bool) (*slot, error) {
	found := slices.DeleteFunc(s.list(), func(one slot) bool { return !t.fits(&one) })
	switch n := len(found); {
	case n == 1 && (anyState || found[0].state != bus.Offline && found[0].state != bus.Unauthorized):
		return &found[0], nil
	case n == 1 && found[0].state == bus.Offline:
		return nil, errOffline
	case n == 1:
		return nil, errUnauthorized
	case t.id != 0:
		return nil, fmt.Errorf("no device with transport id '%d'", t.id)
	case t.serial != "" && n > 1:
		return nil, fmt.Errorf("more than one device with serial %s", t.serial)
	case t.serial != "":
		return nil, fmt.Errorf("device '%s' not found", t.serial)
	case n > 1:
		return nil, errManyDevices
	}
	return nil, errNoDevices
}

// fits reports whether t means the handset. -s takes the serial number, and
// product:, model: and device:.
func (t target) fits(one *slot) bool {
	switch {
	case t.id != 0:
		return one.id == t.id
	case t.serial != "":
		return slices.Contains([]string{
			one.serial(), "product:" + one.h.Prop("ro.product.name"), "model:" + one.model(), "device:" + one.h.Prop("ro.product.device"),
		}, t.serial)
	}
	return true
}

// tracking answers with the list now and at every change, for as long as the
// client listens.
func tracking(long bool) func(*request, target, string) error {
	return func(r *request, _ target, _ string) error {
		last := "\x00" // no list looks like this: the first is always sent
		err := r.okay()
		r.eachChange(func() (done bool) {
			if list := r.server.rows(long); err == nil && list != last {
				last, err = list, r.block("", list)
			}
			return err != nil
		})
		return err
	}
}

// eachChange calls look now and after every change of the list, until it returns true
// or the client closes the connection. It drops what the client sends.
func (r *request) eachChange(look func() (done bool)) {
	ctx, gone := context.WithCancel(r.ctx)
	r.server.Run(func(context.Context) {
		defer gone()
		_, _ = io.Copy(io.Discard, r.conn)
	})
	for {
		changed := r.server.watch()
		if look() {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// waitFor is wait-for-TYPE-STATE[-STATE…]: OKAY that it waits, OKAY when one of
// the states is there.
func (r *request) waitFor(t target, spec string) error {
	err := r.okay()
	kind, states, _ := strings.Cut(spec, "-")
	wanted := strings.Split(states, "-")
	switch {
	case err != nil:
		return err
	case kind != "any":
		return refusal("bad wait-for- transport: " + spec)
	case slices.ContainsFunc(wanted, func(state string) bool { return !slices.Contains(waitStates, state) }):
		return refusal("bad wait-for- state: " + spec)
	}
	r.eachChange(func() (done bool) {
		now := []string{"disconnect"}
		if one, err := r.server.acquire(t, false); err == nil {
			now = []string{one.state, "any"}
		}
		if done = slices.ContainsFunc(now, func(state string) bool { return slices.Contains(wanted, state) }); done {
			err = r.okay()
		}
		return done
	})
	return err
}

var waitStates = []string{"device", "recovery", "rescue", "sideload", "bootloader", "any", "disconnect"}

// daemonPort is the port of adbd on a network.
const daemonPort = 5555

// withPort returns host:port, with adbd's own port if addr has no port.
func withPort(addr string) string {
	if _, _, err := net.SplitHostPort(addr); err == nil {
		return addr
	}
	return net.JoinHostPort(strings.Trim(addr, "[]"), strconv.Itoa(daemonPort))
}
