package adb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync/atomic"
	"time"

	"preship/adb/internal/wire"
	"preship/report/message"
)

// Conn is one stream through the server to a service. Its deadline moves with
// progress: a Read fails with ErrTimeout after the idle time without a byte, or if
// the stream as a whole moves fewer than leastPace bytes a second. The end of the context it was opened with closes it. One goroutine may
// read while another writes. The opener closes it.
type Conn struct {
	nc   net.Conn
	ctx  context.Context //nolint:containedctx // the stream's life is the context's
	stop func() bool
	name string
	idle time.Duration

	waited time.Duration // all of it in Read
	moved  atomic.Int64  // bytes read and written
	slow   bool          // the last deadline of Read was one of the pace
}

// A stream may be slower than leastPace for patience times the idle time in all. One that
// sends a byte every few seconds would otherwise never end.
const (
	leastPace = 64 // bytes a second
	patience  = 5
)

func newConn(ctx context.Context, nc net.Conn, name string, idle time.Duration) *Conn {
	c := &Conn{nc: nc, ctx: ctx, name: name, idle: idle}
	c.stop = context.AfterFunc(ctx, func() { nc.Close() })
	return c
}

// SetIdle changes the longest silence Read and Write accept; 0 is no limit.
// It must not be called while either runs.
func (c *Conn) SetIdle(d time.Duration) { c.idle = d }

// Read reads what the service sends. io.EOF means the service closed.
func (c *Conn) Read(p []byte) (int, error) {
	// Where a deadline cannot be set the connection is closed, and Read knows
	// better how: net.Pipe for one has no deadlines once its peer has hung up.
	c.nc.SetReadDeadline(deadline(c.patience())) //nolint:errcheck // see above
	start := time.Now()
	n, err := c.nc.Read(p)
	c.waited += time.Since(start)
	c.moved.Add(int64(n))
	if err != nil && err != io.EOF {
		err = c.fault(err)
	}
	return n, err
}

// Write sends p whole.
func (c *Conn) Write(p []byte) (int, error) {
	c.nc.SetWriteDeadline(deadline(c.idle)) //nolint:errcheck // as in Read
	n, err := c.nc.Write(p)
	c.moved.Add(int64(n))
	if err != nil {
		err = c.fault(err)
	}
	return n, err
}

// patience returns how long the next Read may wait; 0 is no limit.
func (c *Conn) patience() time.Duration {
	earned := time.Duration(c.moved.Load()) * (time.Second / leastPace)
	left := patience*c.idle + earned - c.waited
	c.slow = c.idle > 0 && left < c.idle
	if c.slow {
		return max(left, time.Nanosecond)
	}
	return c.idle
}

// Close ends the stream.
func (c *Conn) Close() error {
	c.stop()
	err := c.nc.Close()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func deadline(idle time.Duration) time.Time {
	if idle <= 0 {
		return time.Time{}
	}
	return time.Now().Add(idle)
}

// fault names the stream and says what an error of the connection means.
func (c *Conn) fault(err error) error {
	switch {
	case c.ctx.Err() != nil:
		return fmt.Errorf("%s: %w", c.name, context.Cause(c.ctx))
	case errors.Is(err, os.ErrDeadlineExceeded) && c.slow:
		return message.Kind(message.Join(message.Colon, message.AsIs(c.name), message.Of(ErrTimeout), message.Say("connect.error.slow")), ErrTimeout)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return message.Kind(message.Join(message.Colon, message.AsIs(c.name), message.Of(ErrTimeout), message.Say("connect.error.silent", "time", c.idle.String())), ErrTimeout)
	}
	return fmt.Errorf("%s: %w: %w", c.name, ErrClosed, err)
}

// request sends one host service and reads its status.
func (c *Conn) request(service string) error {
	b, err := wire.AppendBlock(nil, []byte(service))
	if err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	if _, err := c.Write(b); err != nil {
		return err
	}
	return c.named(wire.ReadStatus(c))
}

// named adds the stream's name to errors that do not come from fault. The
// server's end of a connection in place of an answer is ErrClosed.
func (c *Conn) named(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return message.Kind(message.Join(message.Colon, message.AsIs(c.name), message.Say("connect.error.cut")), ErrClosed)
	case errors.Is(err, ErrClosed), errors.Is(err, ErrTimeout), c.ctx.Err() != nil:
		return err
	}
	return fmt.Errorf("%s: %w", c.name, explain(err))
}
