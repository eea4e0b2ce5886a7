package adbtest

import (
	"context"
	"time"
)

// troubled is run with the handset's speed and the troubles of streams that
// befall the service name around it.
func (h *Handset) troubled(name string, run service) service {
	if h.speed > 0 {
		run = around(run, func(_ context.Context, s stream) stream { return &paced{stream: s, pacer: &h.bus.pace, speed: h.speed} })
	}
	if t, ok := h.troubles.stream(TroubleChop, name); ok {
		run = around(run, func(_ context.Context, s stream) stream { return &chopped{stream: s, size: max(1, int(t.Bytes))} })
	}
	if t, ok := h.troubles.stream(TroubleStall, name); ok {
		run = around(run, func(ctx context.Context, s stream) stream {
			return &halting{stream: s, left: t.After, halt: func() error { return h.stall(ctx, s, t.For) }}
		})
	}
	if t, ok := h.troubles.stream(TroubleCut, name); ok {
		run = around(run, func(_ context.Context, s stream) stream {
			return &halting{stream: s, left: t.After, halt: func() error { return h.unplug(t.For) }}
		})
	}
	return run
}

func around(run service, wrap func(context.Context, stream) stream) service {
	return func(ctx context.Context, h *Handset, arg string, s stream) func() {
		return run(ctx, h, arg, wrap(ctx, s))
	}
}

// unplug takes the handset off the bus as a pulled cable does, and plugs it in
// again after a while: the same handset in the same state. 0 is for ever.
func (h *Handset) unplug(away time.Duration) error {
	state, _ := h.bus.presence()
	if away == 0 {
		h.bus.set(busAbsent)
		return errHungUp
	}
	h.bus.restart(away, func() booted { return booted{state: state, system: state == busDevice} })
	return errHungUp
}

// stall waits: for the time, or until nobody listens any more.
func (h *Handset) stall(ctx context.Context, s stream, length time.Duration) error {
	var over <-chan time.Time
	if length > 0 {
		timer := time.NewTimer(length)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-over:
		return nil
	case <-s.hungUp():
	case <-ctx.Done():
	}
	return errHungUp
}

// chopped writes a few bytes at a time.
type chopped struct {
	stream
	size int
}

func (c *chopped) Write(p []byte) (int, error) {
	for written := 0; written < len(p); {
		n, err := c.stream.Write(p[written:min(len(p), written+c.size)])
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
	stream
	left int64
	halt func() error // nil once it was called
	gone error        // what it said: a cut cable carries nothing more
}

func (c *halting) Write(p []byte) (int, error) {
	if c.gone != nil {
		return 0, c.gone
	}
	if c.halt == nil || int64(len(p)) <= c.left {
		c.left -= int64(len(p))
		return c.stream.Write(p)
	}
	n, err := c.stream.Write(p[:c.left])
	if err != nil {
		return n, err
	}
	halt := c.halt
	c.halt = nil
	if c.gone = halt(); c.gone != nil {
		return n, c.gone
	}
	rest, err := c.stream.Write(p[n:])
	return n + rest, err
}
