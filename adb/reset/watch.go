package reset

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"preship/adb"
	"preship/report/message"
	"preship/report/wait"
)

var (
	// ErrStayed: the handset did not leave the bus in time.
	ErrStayed = message.Error(message.Say("error.did-not-restart"), nil)
	// ErrAway: it left the bus and was not seen again in time.
	ErrAway = message.Error(message.Say("error.not-back-yet"), nil)
)

// settled are the states a handset stays in; any other passes by itself.
var settled = []adb.State{
	adb.StateDevice, adb.StateUnauthorized, adb.StateRecovery, adb.StateSideload,
	adb.StateRescue, adb.StateBootloader,
}

// Sighting is what the bus showed of a handset that was to leave and return.
type Sighting struct {
	Left, Returned time.Time // zero: not seen
	State          adb.State // the state it returned in
}

// Limits bound a watch.
type Limits struct {
	Leave  time.Duration // until it must have left
	Back   time.Duration // from then until it must be back
	Settle time.Duration // from then until its state must be one that lasts

	// Show shows the waits until the handset has left, and from then until it is back;
	// nil shows nothing.
	Show            wait.Shower
	Leaving, Coming *wait.Row
}

// Watch sees a handset leave the bus and come back under the same serial. A
// handset that is already away is only awaited. trigger, if not nil, makes it
// leave; left, if not nil, is called when it has left, and not before trigger
// is over.
//
// The bus is watched before trigger is called: a server that reaches a handset
// over the network lists it under the same connection afterwards, so a restart
// that is over before anybody looks would leave no trace.
//
// The error is ErrStayed, ErrAway, trigger's, or the bus's own. The Sighting
// holds the observations until then.
func Watch(ctx context.Context, d Device, l Limits, trigger func(context.Context) error, left func()) (Sighting, error) {
	var helpers sync.WaitGroup
	defer helpers.Wait()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	w := watch{limits: l, cancel: cancel, told: left, expected: trigger != nil, looking: make(chan struct{}), calling: make(chan struct{}, 1)}
	defer w.shown()
	defer w.disarm()
	refused := make(chan error, 1)
	if trigger == nil {
		w.arm()
		refused <- nil
	} else {
		helpers.Go(func() { refused <- w.trigger(ctx, trigger) })
	}
	info, err := d.Return(ctx, w.see)
	if err != nil {
		cancel(err)
	}
	if err := errors.Join(<-refused, err); err != nil {
		return w.Sighting, becauseOf(ctx, err)
	}
	w.disarm()
	if w.expected && w.Left.IsZero() {
		w.leave() // it was back before anybody looked
	}
	w.Returned, w.State = time.Now(), settle(ctx, d, info.State, l.Settle)
	return w.Sighting, nil
}

// watch follows one handset through a Return, which calls see.
type watch struct {
	Sighting
	limits   Limits
	cancel   context.CancelCauseFunc
	told     func()
	expected bool          // it was made to leave
	looking  chan struct{} // closed: the bus has been seen once
	calling  chan struct{} // holds one while the caller's code runs: it is written for one goroutine

	mu    sync.Mutex
	timer *time.Timer
	over  func() // ends the wait that is shown; nil if none is
	gone  bool
}

// trigger makes the handset leave, as soon as the bus is being watched.
func (w *watch) trigger(ctx context.Context, pull func(context.Context) error) error {
	select {
	case <-w.looking:
	case <-ctx.Done():
		return nil // why is known where it was ended
	}
	w.calling <- struct{}{}
	err := pull(ctx)
	<-w.calling
	if err != nil {
		w.cancel(err)
		return err
	}
	w.arm()
	return nil
}

// arm starts the wait for the handset to leave.
func (w *watch) arm() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.gone {
		w.timer = time.AfterFunc(w.limits.Leave, func() { w.cancel(ErrStayed) })
		w.show(w.limits.Leaving, w.limits.Leave)
	}
}

// show shows another wait. mu is held.
func (w *watch) show(r *wait.Row, limit time.Duration) {
	if w.over != nil {
		w.over()
	}
	w.over = w.limits.Show.Begin(r, limit)
}

// shown ends the wait that is shown.
func (w *watch) shown() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over != nil {
		w.over()
		w.over = nil
	}
}

func (w *watch) disarm() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil {
		w.timer.Stop()
	}
}

// see starts the wait for the return when the handset is off the bus.
func (w *watch) see(i adb.DeviceInfo) {
	first := false
	select {
	case <-w.looking:
	default:
		first = true
		close(w.looking)
	}
	if i.State.Away() && w.went() && (w.expected || !first) {
		w.leave()
	}
}

// went starts the wait for the return, once.
func (w *watch) went() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.gone {
		return false
	}
	w.gone = true
	if w.timer != nil {
		w.timer.Stop()
	}
	w.timer = time.AfterFunc(w.limits.Back, func() { w.cancel(ErrAway) })
	w.show(w.limits.Coming, w.limits.Back)
	return true
}

func (w *watch) leave() {
	w.Left = time.Now()
	if w.told != nil {
		w.calling <- struct{}{}
		w.told()
		<-w.calling
	}
}

// settle waits for a passing state to end, and returns the last one known.
func settle(ctx context.Context, d Device, state adb.State, limit time.Duration) adb.State {
	if slices.Contains(settled, state) {
		return state
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if info, err := d.WaitFor(ctx, settled...); err == nil {
		return info.State
	}
	return state
}

// becauseOf returns why ctx was ended, if it was ended here, else err.
func becauseOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}
