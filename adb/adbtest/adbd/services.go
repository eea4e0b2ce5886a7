package adbd

import (
	"slices"
	"sync/atomic"

	"preship/adb/adbtest/bus"
	"preship/adb/adbtest/shell"
	"preship/adb/adbtest/stream"
	"preship/adb/adbtest/trouble"
)

// Handset is the handset on which adbd runs.
type Handset interface {
	shell.System
	Serial() string
	// Prop returns a property, "" if it is not set.
	Prop(name string) string
	// SetProp sets a property, and reports whether that is allowed.
	SetProp(name, value string) bool
	// SDK returns the API level.
	SDK() int
	// Features lists what adbd offers in its banner.
	Features() []string
	// CPU returns the number of the processor, "" if only a property has it.
	CPU() string
	// HasAssistant reports whether recovery is the vendor's, which talks to an
	// assistant on the computer.
	HasAssistant() bool
	Bus() *bus.Bus
	Troubles() *trouble.List
	// Reboot restarts the handset into a target of adb's reboot service.
	Reboot(target string)
	// Wipe erases the owner's data, as recovery does.
	Wipe()
	// AskOwner shows the prompt for USB debugging. allow is called later, on
	// another goroutine, if the owner accepts.
	AskOwner(allow func())
}

// Services is adbd on one handset: the services that a computer can open, a log of
// those it did, and the ports of adb reverse. It is safe for concurrent use.
type Services struct {
	Handset
	sent     sentLog
	reverses reverses
	unread   atomic.Int64 // bytes that computers sent and no service has read yet
	pace     stream.Pacer // for all that it sends
	speed    int64        // bytes a second it sends, 0 for no limit
}

// New returns adbd on a handset. It sends so many bytes a second at most,
// or with 0 at any speed.
func New(h Handset, speed int64) *Services {
	return &Services{Handset: h, speed: speed}
}

// Sent returns the services that were opened or refused, oldest first.
func (d *Services) Sent() []Sent { return d.sent.all() }

// Unread returns how many bytes computers sent that no service has read.
func (d *Services) Unread() int64 { return d.unread.Load() }

// has reports whether adbd offers a feature.
func (d *Services) has(feature string) bool { return slices.Contains(d.Features(), feature) }
