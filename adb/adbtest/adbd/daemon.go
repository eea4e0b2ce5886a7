package adbd

import (
	"context"
	"net"
	"time"
)

// handshakeTime is how long a connection may take until it is authorized.
const handshakeTime = 30 * time.Second

// Daemon listens for adb servers, as adb connect reaches it.
type Daemon struct{ front *Front }

// NewDaemon serves the handset to adb servers at addr, host:port; "" is a free
// port of the loopback interface. The caller closes it.
func NewDaemon(d *Services, addr string) (*Daemon, error) {
	f, err := Listen(addr)
	if err != nil {
		return nil, err
	}
	f.Serve(func(ctx context.Context, conn net.Conn) { newLink(d, conn).run(ctx) })
	return &Daemon{f}, nil
}

// Addr returns the address on which it listens, as adb connect takes it.
func (d *Daemon) Addr() string { return d.front.Addr() }

// Close ends all connections and waits for everything that they began.
func (d *Daemon) Close() error { return d.front.Close() }
