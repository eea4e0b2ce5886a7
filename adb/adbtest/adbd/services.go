package adbd

import (
	"slices"
	"sync/atomic"

	"preship/adb/adbtest/android"
	"preship/adb/adbtest/bus"
	"preship/adb/adbtest/shell"
	"preship/adb/adbtest/stream"
)

// Services is adbd on one handset: the services that a computer can open, a log of
// those it did, and the ports of adb reverse. It is safe for concurrent use.
type Services struct {
	*android.State
	Bus *bus.Bus
	// AskOwner shows the prompt for USB debugging. allow is called later, on
	// another goroutine, if the owner accepts.
	AskOwner func(allow func())

	system   shell.System
	sent     sentLog
	reverses Rules        // of adb reverse
	lastPort atomic.Int64 // that tcp:0 was given
	unread   atomic.Int64 // bytes that computers sent and no service has read yet
	pace     stream.Pacer // for all that it sends
	speed    int64        // bytes a second it sends, 0 for no limit
}

// New returns adbd on a handset, of whose services the shell runs on system. It sends
// so many bytes a second at most, or with 0 at any speed.
func New(state *android.State, b *bus.Bus, system shell.System, askOwner func(allow func()), speed int64) *Services {
	return &Services{State: state, Bus: b, AskOwner: askOwner, system: system, speed: speed}
}

// Sent returns the services that were opened or refused, oldest first.
func (d *Services) Sent() []Sent { return d.sent.all() }

// Unread returns how many bytes computers sent that no service has read.
func (d *Services) Unread() int64 { return d.unread.Load() }

// has reports whether adbd offers a feature.
func (d *Services) has(feature string) bool { return slices.Contains(d.Profile.Features, feature) }
