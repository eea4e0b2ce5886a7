package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"preship/adb"
)

// ErrLost: the handset went away and did not come back in time. What was proved
// until then stays proved, and the same backup continues from there.
var ErrLost = errors.New("handset did not come back")

const (
	// maxBreaks is how often in a row the connection may break without one file
	// having been finished in between.
	maxBreaks = 12
	retryPace = time.Second
	// sameBreak is how soon after a wait a broken stream still belongs to the
	// break that was waited for.
	sameBreak     = time.Second
	pausePerBreak = 50 * time.Millisecond
)

// link is the handset across broken connections. It is safe for concurrent use.
type link struct {
	dev  *adb.Device
	wait time.Duration        // for a handset that left
	told func() (back func()) // says that it left, and then that it is back

	breaks atomic.Int32 // since a file was finished
	mu     sync.Mutex   // held by the one who waits
	last   time.Time    // when the last wait ended
}

// progress says that a file was finished over the connection.
func (l *link) progress() { l.breaks.Store(0) }

// mend waits, after err ended a stream, until the handset can be asked again.
// It returns nil when it can, err itself when waiting does not help, and an
// error that is ErrLost when the handset stays away.
func (l *link) mend(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if !broken(err) {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	defer func() { l.last = time.Now() }()
	// One cut breaks every stream there is; they count as one.
	if time.Since(l.last) > sameBreak {
		if n := l.breaks.Add(1); n > maxBreaks {
			return fmt.Errorf("%w: the connection broke %d times in a row: %w", ErrLost, n, err)
		}
	}
	defer l.told()()
	ctx, cancel := context.WithTimeout(ctx, l.wait)
	defer cancel()
	for {
		// Also before the first try: a handset that closes every stream at once
		// is not to be asked as fast as it can answer.
		if pause(ctx, time.Duration(l.breaks.Load())*pausePerBreak) == nil {
			why := l.ready(ctx)
			if why == nil {
				return nil
			}
			if ctx.Err() == nil {
				err = why // says more than how the stream ended: what is missing now
			}
		}
		if pause(ctx, retryPace) == nil {
			continue
		}
		if errors.Is(ctx.Err(), context.Canceled) {
			return context.Cause(ctx)
		}
		return fmt.Errorf("%w within %v: %w", ErrLost, l.wait, err)
	}
}

// pause waits, or returns the error of ctx when that ends first.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// ready returns once the handset is in state device. It makes a server run again
// and a handset on the network connect again, which both of them may need.
func (l *link) ready(ctx context.Context) error {
	if _, err := l.dev.Client().Ensure(ctx); err != nil {
		return err
	}
	if state, err := l.dev.State(ctx); err == nil && state == adb.StateDevice {
		return nil
	}
	if _, _, err := net.SplitHostPort(l.dev.Serial()); err == nil {
		return l.dev.Client().Connect(ctx, l.dev.Serial())
	}
	_, err := l.dev.WaitFor(ctx, adb.StateDevice)
	return err
}

// broken reports whether an error is of the connection and not of what was asked.
func broken(err error) bool {
	for _, e := range []error{
		adb.ErrGone, adb.ErrClosed, adb.ErrTimeout, adb.ErrOffline, adb.ErrNoDevice, adb.ErrNoServer,
		adb.ErrUnauthorized, adb.ErrNotReady, io.EOF, io.ErrUnexpectedEOF,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	var lost *adb.LostError
	var op *net.OpError
	return errors.As(err, &lost) || errors.As(err, &op)
}

// retry runs fn until it ends without a broken connection.
func (l *link) retry(ctx context.Context, fn func(ctx context.Context) error) error {
	for {
		err := fn(ctx)
		if err == nil {
			l.progress()
			return nil
		}
		if err := l.mend(ctx, err); err != nil {
			return err
		}
	}
}
