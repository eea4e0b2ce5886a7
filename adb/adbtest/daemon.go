package adbtest

import (
	"context"
	"net"
	"time"
)

// handshakeTime is how long a connection may take to say who it is.
const handshakeTime = 30 * time.Second

// Daemon is adbd in front of a handset: what `adb connect` talks to.
type Daemon struct{ front *front }

// NewDaemon serves the handset to adb servers at addr, host:port; "" is a free
// port of the loopback interface. The caller closes it.
func newDaemon_(d *services, addr string) (*Daemon, error) {
	f, err := listen(addr)
	if err != nil {
		return nil, err
	}
	f.serve(func(ctx context.Context, conn net.Conn) { newLink(d, conn).run(ctx) })
	return &Daemon{f}, nil
}

// Addr is where it listens, as `adb connect` takes it.
func (d *Daemon) Addr() string { return d.front.addr() }

// Close ends all connections and waits for everything they began.
func (d *Daemon) Close() error { return d.front.close() }
