package adbtest

import (
	"sync"
	"time"
)

// Where a handset stands on the adb bus, in adb's own words; busAbsent is not
// one of them: an absent handset is not listed at all. A stock Mi Recovery menu
// is absent too, until "Connect with MIAssistant" is picked.
const (
	busAbsent       = ""
	busDevice       = "device"
	busRecovery     = "recovery"
	busSideload     = "sideload"
	busUnauthorized = "unauthorized"
	busOffline      = "offline"
)

// bus is a handset's place on the adb bus. Every stay gets a number of its own,
// so that a front can tell a handset that stayed from one that left and
// returned in the same state: the connections of an ended stay are dropped, and
// the transport id of a server changes with it.
type bus struct {
	keys *keyring // computers that are allowed to debug it

	mu      sync.Mutex
	state   string
	stay    int64
	system  bool          // Android runs, on the bus or not
	changed chan struct{} // closed and replaced at every change
	pending chan struct{} // closed to call off the return under way
	closed  bool
	returns sync.WaitGroup
}

func newBus(state string) *bus {
	return &bus{keys: newKeyring(), state: state, stay: 1, system: state == busDevice, changed: make(chan struct{})}
}

// presence says where the handset stands and in which stay.
func (b *bus) presence() (state string, stay int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state, b.stay
}

// watch is presence with a channel that is closed at the next change.
func (b *bus) watch() (state string, stay int64, changed <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state, b.stay, b.changed
}

// set puts the handset on the bus, or takes it off (busAbsent), and calls off a
// return under way. It always begins a new stay.
func (b *bus) set(state string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.callOff()
	b.system = state == busDevice
	b.move(state)
}

// debugging is the switch for USB debugging: while Android runs it decides
// whether the handset is on the bus.
func (b *bus) debugging(on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if want := map[bool]string{false: busAbsent, true: busDevice}[on]; b.system && b.state != want {
		b.move(want)
	}
}

// announce wakes those that watch, though nothing moved: what a computer is
// shown can change with the keyring too.
func (b *bus) announce() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wake()
}

// restart takes the handset off the bus now and, after the time away, puts it
// where boot says. boot runs on a goroutine of the bus, which close waits for.
func (b *bus) restart(away time.Duration, boot func() booted) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.callOff()
	b.system = false
	b.move(busAbsent)
	if b.closed {
		return
	}
	off := make(chan struct{})
	b.pending = off
	b.returns.Go(func() {
		timer := time.NewTimer(away)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-off:
			return
		}
		b.arrive(boot(), off)
	})
}

// booted is what a restart came to.
type booted struct {
	state  string
	system bool   // it is Android that runs
	then   func() // called once the handset is there; may be nil
}

func (b *bus) arrive(at booted, off chan struct{}) {
	b.mu.Lock()
	called := b.pending != off
	if !called {
		b.pending = nil
		b.system = at.system
		b.move(at.state)
	}
	b.mu.Unlock()
	if !called && at.then != nil {
		at.then()
	}
}

// close takes the handset off the bus for good.
func (b *bus) close() {
	b.mu.Lock()
	b.callOff()
	b.closed = true
	b.state = busAbsent
	b.wake()
	b.mu.Unlock()
	b.returns.Wait()
}

func (b *bus) move(state string) {
	if b.closed {
		return
	}
	b.state = state
	b.stay++
	b.wake()
}

func (b *bus) wake() {
	close(b.changed)
	b.changed = make(chan struct{})
}

func (b *bus) callOff() {
	if b.pending != nil {
		close(b.pending)
		b.pending = nil
	}
}
