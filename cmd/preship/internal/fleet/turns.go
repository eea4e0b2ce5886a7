package fleet

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall"

	"preship/backup"
	"preship/report/message"
)

// errDiskFull ends the copying of every handset: what one could not write no
// other can write either.
var errDiskFull = message.Error(message.Say("fleet.disk-full"), nil)

// Turns lets a few handsets at a time copy their files; each of them alone can
// fill a cable, and all of them write to one disk. Nil lets everybody.
type Turns struct {
	slots chan struct{}

	mu      sync.Mutex
	full    bool
	copying map[int]context.CancelCauseFunc
	next    int
}

// NewTurns returns turns for n handsets at a time.
func NewTurns(n int) *Turns {
	return &Turns{slots: make(chan struct{}, n), copying: map[int]context.CancelCauseFunc{}}
}

// Run runs fn when it is its turn; waiting is called when that is not at
// once. When the disk is full for one, it is for all: the error is then of
// [backup.ErrNoSpace].
func (t *Turns) Run(ctx context.Context, waiting func(), fn func(context.Context) error) error {
	err := t.run(ctx, waiting, fn)
	if errors.Is(err, errDiskFull) {
		return fmt.Errorf("%w: %w", backup.ErrNoSpace, err)
	}
	return err
}

func (t *Turns) run(ctx context.Context, waiting func(), fn func(context.Context) error) error {
	if t == nil {
		return fn(ctx)
	}
	if err := t.wait(ctx, waiting); err != nil {
		return err
	}
	defer func() { <-t.slots }()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	leave, err := t.enter(cancel)
	if err != nil {
		return err
	}
	defer leave()
	err = fn(ctx)
	switch {
	case diskIsFull(err):
		t.stop()
	case err != nil && context.Cause(ctx) == errDiskFull:
		return errDiskFull
	}
	return err
}

func (t *Turns) wait(ctx context.Context, waiting func()) error {
	select {
	case t.slots <- struct{}{}:
		return nil
	default:
		waiting()
	}
	select {
	case t.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (t *Turns) enter(cancel context.CancelCauseFunc) (leave func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.full {
		return nil, errDiskFull
	}
	n := t.next
	t.next++
	t.copying[n] = cancel
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.copying, n)
	}, nil
}

func (t *Turns) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.full = true
	for _, cancel := range t.copying {
		cancel(errDiskFull)
	}
}

// diskIsFull says whether the disk was full when it was written to. A backup that
// does not fit and did not start stops only that handset.
func diskIsFull(err error) bool {
	full := syscall.Errno(0)
	return errors.Is(err, backup.ErrNoSpace) && errors.As(err, &full)
}
