package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/spf13/pflag"
)

// errTimeUp is why a context of --timeout ended, and what its command returns.
var errTimeUp = errors.New("the time given with --timeout is over")

// duration is a flag that takes a time longer than none.
type duration time.Duration

func (d *duration) Set(s string) error {
	v, err := time.ParseDuration(s)
	if err != nil || v <= 0 {
		return errors.New("say a time such as 90s, 20m or 2h")
	}
	*d = duration(v)
	return nil
}

func (d *duration) String() string {
	if *d == 0 {
		return ""
	}
	return time.Duration(*d).String()
}

func (d *duration) Type() string { return "DURATION" }

func addTimeout(f *pflag.FlagSet, d *time.Duration) {
	f.Var((*duration)(d), "timeout", "end after this time as Ctrl-C does, with exit code 1; once a wipe is sent it no longer counts")
}

// timeLimit is --timeout for one job. Hold stops the clock: a handset that is
// being erased is not left alone. It is false when the time was over before.
// Nil is no limit.
type timeLimit struct{ hold func() bool }

// limited is ctx with an end after d, which has errTimeUp for its cause; 0 is no end.
func limited(ctx context.Context, d time.Duration) (context.Context, *timeLimit, func()) {
	if d == 0 {
		return ctx, nil, func() {}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(d, func() { cancel(errTimeUp) })
	return ctx, &timeLimit{hold: sync.OnceValue(timer.Stop)}, func() {
		timer.Stop()
		cancel(nil)
	}
}

func (l *timeLimit) held() bool { return l == nil || l.hold() }

// within runs fn for as long as --timeout allows.
func (j *job) within(ctx context.Context, fn func(context.Context) error) error {
	ctx, limit, end := limited(ctx, j.opts.timeout)
	defer end()
	j.limit = limit
	return timed(ctx, fn(ctx))
}

// timed is err, or errTimeUp where the end of the time is what made it. A command
// that came to an outcome of its own keeps that.
func timed(ctx context.Context, err error) error {
	if o := (*outcomeError)(nil); err == nil || errors.As(err, &o) {
		return err
	}
	if errors.Is(context.Cause(ctx), errTimeUp) {
		return errTimeUp
	}
	return err
}

// endOf says what ended a context that is over.
func endOf(ctx context.Context) error { return timed(ctx, errInterrupted) }
