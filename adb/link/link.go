package link

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

	"preship/report/message"
)

// ErrLost: the handset left and did not come back in time. Finished work
// stays finished.
var ErrLost = message.Error(message.Say("error.did-not-come-back"), nil)

// The bounds on retries.
const (
	// maxBreaks is how many breaks in a row a link mends without any progress in
	// between.
	maxBreaks = 12
	// questionTries is how often one question is sent.
	questionTries = 3
	// longTries is how often work is repeated that cannot continue in the middle,
	// such as hashing a batch of files, while other work makes progress.
	longTries = 20
	// maxStrikes is how often the connection may break over the same piece of work
	// before that piece is given up.
	maxStrikes = 5
)

const (
	retryPace     = time.Second
	pausePerBreak = 50 * time.Millisecond
	// sameBreak is how soon after a wait a broken stream still belongs to the
	// break that was waited for.
	sameBreak = time.Second
)

// Options says how patient a link is.
type Options struct {
	// Wait is how long Mend waits for a handset that left; 0 is 5 min.
	Wait time.Duration
	// Waiting, if not nil, is called when Mend begins to wait, and back when it ends.
	Waiting func() (back func())
}

// defaultWait is time enough to look for a cable.
const defaultWait = 5 * time.Minute

// Link is one handset across broken connections. It is safe for concurrent use
// and holds no connection, so there is nothing to close.
type Link struct {
	dev     *adb.Device
	options Options

	mark   rebootMark
	breaks atomic.Int32 // since the last progress
	absent atomic.Bool  // a wait ended without the handset, and there was no progress since
	mu     sync.Mutex   // held by the goroutine that waits
	last   time.Time    // when the last wait ended
}

// New returns a link to dev. It does not connect.
func New(dev *adb.Device, o Options) *Link {
	if o.Wait <= 0 {
		o.Wait = defaultWait
	}
	if o.Waiting == nil {
		o.Waiting = func() func() { return func() {} }
	}
	return &Link{dev: dev, options: o}
}

// Device returns the handset, for streams that the caller opens.
func (l *Link) Device() *adb.Device { return l.dev }

// Progress records that a piece of work was finished over the connection. It
// resets the count of breaks.
func (l *Link) Progress() {
	l.breaks.Store(0)
	l.absent.Store(false)
}

// Retry runs fn until it ends without a broken connection. It returns an error of
// fn that no connection can mend, ErrLost, or the cause of ctx.
func (l *Link) Retry(ctx context.Context, fn func(ctx context.Context) error) error {
	return l.retryTimes(ctx, 0, fn)
}

// RetryLong is [Link.Retry] for work that cannot continue in the middle. After 20
// broken connections it returns the last error, which is not ErrLost.
func (l *Link) RetryLong(ctx context.Context, fn func(ctx context.Context) error) error {
	return l.retryTimes(ctx, longTries, fn)
}

// retryTimes retries without a limit if tries is 0.
func (l *Link) retryTimes(ctx context.Context, tries int, fn func(ctx context.Context) error) error {
	for try := 1; ; try++ {
		err := fn(ctx)
		if err == nil {
			l.Progress()
			return nil
		}
		if err := l.Mend(ctx, err); err != nil {
			return err
		}
		if try == tries {
			return err
		}
	}
}

// Mend waits, after err ended a stream, until the handset can be asked again.
// It returns nil when it can, err itself if waiting does not help, ErrLost if the
// handset stays away, or the cause of ctx. After a wait in vain it only looks whether the
// handset is back, until there is progress: the limit holds for the work, not for each
// question of it.
func (l *Link) Mend(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if !Broken(err) {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	defer func() { l.last = time.Now() }()
	if l.absent.Load() {
		glance, cancel := context.WithTimeout(ctx, glanceLimit)
		defer cancel()
		if l.ready(glance) != nil {
			return fmt.Errorf("%w within %v: %w", ErrLost, l.options.Wait, err)
		}
		l.absent.Store(false)
		return nil
	}
	// One cut breaks every open stream; they count as one.
	if time.Since(l.last) > sameBreak {
		if n := l.breaks.Add(1); n > maxBreaks {
			return fmt.Errorf("%w: %w", message.Detail(ErrLost, message.Say("error.detail.breaks", "count", int(n))), err)
		}
	}
	defer l.options.Waiting()()
	outer := ctx
	ctx, cancel := context.WithTimeout(ctx, l.options.Wait)
	defer cancel()
	for {
		// The pause also comes before the first try, so that a handset that closes
		// every stream at once is not asked as fast as it can answer.
		if pause(ctx, time.Duration(l.breaks.Load())*pausePerBreak) == nil {
			why := l.ready(ctx)
			if why == nil {
				return nil
			}
			if ctx.Err() == nil {
				err = why // why names the missing part; err only says how the stream ended
			}
		}
		if pause(ctx, retryPace) == nil {
			continue
		}
		if outer.Err() != nil {
			return context.Cause(outer)
		}
		l.absent.Store(true)
		return fmt.Errorf("%w within %v: %w", ErrLost, l.options.Wait, err)
	}
}

// glanceLimit is how long a link looks for a handset that did not come within the limit of
// an earlier wait.
const glanceLimit = time.Second

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

// ready returns once the handset is in state device. It starts the server again
// and connects again to a handset on the network, if they need it.
func (l *Link) ready(ctx context.Context) error {
	if _, err := l.dev.Client().Ensure(ctx); err != nil {
		return err
	}
	if state, err := l.dev.State(ctx); err == nil && state == adb.StateDevice {
		return nil
	}
	if _, _, err := net.SplitHostPort(l.dev.Serial()); err == nil {
		if err := l.dev.Client().Connect(ctx, l.dev.Serial()); err != nil {
			return err
		}
		// The server calls a handset connected that is offline or waits for consent.
	}
	_, err := l.WaitFor(ctx, adb.StateDevice)
	return err
}

// broken are the errors of a connection that may work again later.
var broken = []error{
	adb.ErrGone, adb.ErrClosed, adb.ErrTimeout, adb.ErrOffline, adb.ErrNoDevice, adb.ErrNoServer,
	adb.ErrUnauthorized, adb.ErrNotReady, io.EOF, io.ErrUnexpectedEOF,
}

// Broken reports whether err is about the connection, and not about the question.
func Broken(err error) bool {
	for _, e := range broken {
		if errors.Is(err, e) {
			return true
		}
	}
	var lost *adb.LostError
	var op *net.OpError
	return errors.As(err, &lost) || errors.As(err, &op)
}
