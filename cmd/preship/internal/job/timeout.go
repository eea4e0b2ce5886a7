package job

import (
	"context"
	"errors"
	"sync"
	"time"

	"preship/report/message"
)

// ErrTimeUp is why a context of --timeout ended, and what its command returns.
var ErrTimeUp = message.Error(message.Say("error.timeout"), nil)

// timeLimit is --timeout for one job. Hold stops the clock: a handset that is
// being erased is not left alone. It is false when the time was over before.
// Nil is no limit.
type timeLimit struct{ hold func() bool }

// limited is ctx with an end after d, which has ErrTimeUp for its cause; 0 is no end.
func limited(ctx context.Context, d time.Duration) (context.Context, *timeLimit, func()) {
	if d == 0 {
		return ctx, nil, func() {}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(d, func() { cancel(ErrTimeUp) })
	return ctx, &timeLimit{hold: sync.OnceValue(timer.Stop)}, func() {
		timer.Stop()
		cancel(nil)
	}
}

func (l *timeLimit) held() bool { return l == nil || l.hold() }

// Within runs fn for as long as Options.Timeout allows, and returns [ErrTimeUp] if
// the end of the time is what made fn fail.
func (j *Job) Within(ctx context.Context, fn func(context.Context) error) error {
	ctx, limit, end := limited(ctx, j.opts.Timeout)
	defer end()
	j.limit = limit
	return timed(ctx, fn(ctx))
}

// WithTimeout runs fn for at most d, as [Job.Within] does; 0 is unlimited.
func WithTimeout(ctx context.Context, d time.Duration, fn func(context.Context) error) error {
	ctx, _, end := limited(ctx, d)
	defer end()
	return timed(ctx, fn(ctx))
}

// timed is err, or ErrTimeUp where the end of the time is what made it.
func timed(ctx context.Context, err error) error {
	if err != nil && errors.Is(context.Cause(ctx), ErrTimeUp) {
		return ErrTimeUp
	}
	return err
}

// endOf says what ended a context that is over.
func endOf(ctx context.Context) error { return timed(ctx, ErrInterrupted) }
