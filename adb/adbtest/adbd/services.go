package adbd

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

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

// Sent is one service that a handset was asked to open. It does not show the
// requests in a sync: stream.
type Sent struct {
	Service string    // the whole service string, such as "shell,v2,raw:getprop"
	Line    string    // the shell line of shell: and exec: services, else ""
	At      time.Time // when it arrived
}

// maxSent bounds the log. A full log drops its oldest half.
const maxSent = 1 << 16

// sentLog is the log of the services that were asked for.
type sentLog struct {
	mu      sync.Mutex
	entries []Sent
}

func (l *sentLog) add(s Sent) {
	s.At = time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.entries) >= maxSent {
		l.entries = slices.Clone(l.entries[maxSent/2:])
	}
	l.entries = append(l.entries, s)
}

func (l *sentLog) all() []Sent {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.entries)
}
