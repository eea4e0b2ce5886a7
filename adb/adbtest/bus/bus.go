package bus

import (
	"context"
	"sync"
	"time"
)

// States of a handset on the adb bus, in adb's own words. Absent is not one of
// them: an absent handset is not listed. A stock Mi Recovery is absent until
// "Connect with MIAssistant" is picked in its menu.
const (
	Absent       = ""
	Device       = "device"
	Recovery     = "recovery"
	Sideload     = "sideload"
	Unauthorized = "unauthorized"
	Offline      = "offline"
)

// Bus is a handset's place on the adb bus. Every stay has a number, by which a front
// sees that a handset left and returned in the same state: it drops the
// connections of the ended stay, and a server changes the transport ID. A Bus is
// safe for concurrent use.
type Bus struct {
	Keys Keyring // computers that are allowed to debug it

	mu      sync.Mutex
	state   string
	stay    int64
	system  bool          // Android runs, on the bus or not
	changed chan struct{} // closed and replaced at every change
	pending chan struct{} // closed to call off the return under way
	closed  bool
	returns sync.WaitGroup
}

// New returns a bus with the handset on it in a state.
func New(state string) *Bus {
	return &Bus{state: state, stay: 1, system: state == Device, changed: make(chan struct{})}
}

// Presence returns the state of the handset, and the number of the stay.
func (b *Bus) Presence() (state string, stay int64) {
	state, stay, _ = b.Watch()
	return state, stay
}

// Watch is Presence with a channel that is closed at the next change.
func (b *Bus) Watch() (state string, stay int64, changed <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state, b.stay, b.changed
}

// WaitLeft blocks until a stay has ended, be it that another began since. It returns
// false if ctx is done before.
func (b *Bus) WaitLeft(ctx context.Context, stay int64) bool {
	for {
		_, now, changed := b.Watch()
		if now != stay {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

// Set puts the handset on the bus, or with Absent takes it off, and calls off a
// pending return. It always begins a new stay.
func (b *Bus) Set(state string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.callOff()
	b.system = state == Device
	b.move(state)
}

// Debugging sets the switch for USB debugging: while Android runs it decides
// whether the handset is on the bus.
func (b *Bus) Debugging(on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if want := map[bool]string{false: Absent, true: Device}[on]; b.system && b.state != want {
		b.move(want)
	}
}

// Announce wakes the watchers without a move, because a change of the keyring
// changes the state that a server shows.
func (b *Bus) Announce() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wake()
}

// Booted is the result of a restart.
type Booted struct {
	State  string
	System bool   // it is Android that runs
	Then   func() // called once the handset is there; may be nil
}

// Restart takes the handset off the bus, waits, and puts it where boot says. boot
// runs on a goroutine of the bus, for which Close waits.
func (b *Bus) Restart(away time.Duration, boot func() Booted) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.callOff()
	b.system = false
	b.move(Absent)
	if b.closed {
		return
	}
	off := make(chan struct{})
	b.pending = off
	b.returns.Go(func() {
		select {
		case <-time.After(away):
		case <-off:
			return
		}
		at := boot()
		b.mu.Lock()
		called := b.pending != off
		if !called {
			b.pending, b.system = nil, at.System
			b.move(at.State)
		}
		b.mu.Unlock()
		if !called && at.Then != nil {
			at.Then()
		}
	})
}

// Close takes the handset off the bus for good.
func (b *Bus) Close() {
	b.mu.Lock()
	b.callOff()
	b.closed = true
	b.state = Absent
	b.wake()
	b.mu.Unlock()
	b.returns.Wait()
}

func (b *Bus) move(state string) {
	if b.closed {
		return
	}
	b.state = state
	b.stay++
	b.wake()
}

func (b *Bus) wake() {
	close(b.changed)
	b.changed = make(chan struct{})
}

func (b *Bus) callOff() {
	if b.pending != nil {
		close(b.pending)
		b.pending = nil
	}
}
