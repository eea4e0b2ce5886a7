package trouble

import (
	"context"
	"time"

	"preship/adb/adbtest/stream"
)

// Opened returns the troubles of a service that is opened now, as a wrapper for
// its stream. unplug takes the handset off the bus, for a time or, with 0, for
// good, and returns the error of all later writes.
func (t *List) Opened(service string, unplug func(away time.Duration) error) func(context.Context, stream.Stream) stream.Stream {
	chop, chops := t.stream(Chop, service)
	pause, stalls := t.stream(Stall, service)
	pull, cuts := t.stream(Cut, service)
	return func(ctx context.Context, s stream.Stream) stream.Stream {
		whole := s
		if cuts {
			s = &halting{Stream: s, left: pull.After, halt: func() error { return unplug(pull.For) }}
		}
		if stalls {
			s = &halting{Stream: s, left: pause.After, halt: func() error { return stall(ctx, whole, pause.For) }}
		}
		if chops {
			s = &chopped{Stream: s, size: max(1, int(chop.Bytes))}
		}
		return s
	}
}

// stall waits for a time, or with 0 without end, until the stream is closed.
func stall(ctx context.Context, s stream.Stream, length time.Duration) error {
	var over <-chan time.Time
	if length > 0 {
		timer := time.NewTimer(length)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-over:
		return nil
	case <-s.HungUp():
	case <-ctx.Done():
	}
	return stream.ErrHungUp
}

// chopped writes a few bytes at a time.
type chopped struct {
	stream.Stream
	size int
}

func (c *chopped) Write(p []byte) (int, error) {
	for written := 0; written < len(p); {
		n, err := c.Stream.Write(p[written:min(len(p), written+c.size)])
		written += n
		if err != nil {
			return written, err
		}
	}
	return len(p), nil
}

// halting calls halt once, when so many bytes have been written. If that is an
// error, nothing more is.
type halting struct {
	stream.Stream
	left int64
	halt func() error // nil once it was called
	gone error        // its error: a pulled cable carries nothing more
}

func (c *halting) Write(p []byte) (int, error) {
	if c.gone != nil {
		return 0, c.gone
	}
	if c.halt == nil || int64(len(p)) <= c.left {
		c.left -= int64(len(p))
		return c.Stream.Write(p)
	}
	n, err := c.Stream.Write(p[:c.left])
	if err != nil {
		return n, err
	}
	halt := c.halt
	c.halt = nil
	if c.gone = halt(); c.gone != nil {
		return n, c.gone
	}
	rest, err := c.Stream.Write(p[n:])
	return n + rest, err
}
