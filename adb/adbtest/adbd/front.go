package adbd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"
)

// Ports that every adb server scans for emulators. A handset that listened
// there would be taken up by servers it does not belong to.
const (
	firstScannedPort = 5555
	lastScannedPort  = 5585
)

// ErrScannedPort is the error of a listener on one of the ports that every adb
// server scans for emulators: 5555 to 5585.
var ErrScannedPort = errors.New("port is one that every adb server scans for emulators")

// maxConnections bounds the open connections of one front. It closes further ones.
const maxConnections = 512

// handshakeTime is how long a connection may take until it is authorized.
const handshakeTime = 30 * time.Second

// Front is a listener with the connections that it took. Close ends them.
type Front struct {
	listener net.Listener
	ctx      context.Context
	cancel   context.CancelFunc
	work     sync.WaitGroup
	places   chan struct{} // one for each connection that may be open
}

// Listen listens at addr, host:port; "" is a free port of the loopback interface.
// It refuses the ports that every adb server scans with [ErrScannedPort].
func Listen(addr string) (*Front, error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	if _, port, err := net.SplitHostPort(addr); err == nil && scanned(port) {
		return nil, fmt.Errorf("listen on %s: %w", addr, ErrScannedPort)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	if _, port, _ := net.SplitHostPort(l.Addr().String()); scanned(port) {
		_ = l.Close()
		return nil, fmt.Errorf("listen on %s: %w", l.Addr(), ErrScannedPort)
	}
	f := &Front{listener: l, places: make(chan struct{}, maxConnections)}
	f.ctx, f.cancel = context.WithCancel(context.Background())
	return f, nil
}

// NewDaemon serves the handset to adb servers at addr, as Listen takes it; adb connect
// reaches it. The caller closes it.
func NewDaemon(d *Services, addr string) (*Front, error) {
	f, err := Listen(addr)
	if err != nil {
		return nil, err
	}
	f.Serve(func(ctx context.Context, conn net.Conn) { newLink(d, conn).run(ctx) })
	return f, nil
}

func scanned(port string) bool {
	n, err := strconv.Atoi(port)
	return err == nil && n >= firstScannedPort && n <= lastScannedPort
}

// Addr returns the address on which it listens, as adb connect takes it.
func (f *Front) Addr() string { return f.listener.Addr().String() }

// Run calls fn on a goroutine for which close waits. ctx ends with close.
func (f *Front) Run(fn func(ctx context.Context)) {
	f.work.Go(func() { fn(f.ctx) })
}

// Serve runs handle for every connection and closes the connection after it.
func (f *Front) Serve(handle func(context.Context, net.Conn)) {
	f.work.Go(func() {
		for {
			conn, err := f.listener.Accept()
			if err != nil {
				if f.ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
					return
				}
				continue // one connection that failed, such as one reset before it was taken
			}
			f.Take(conn, handle)
		}
	})
}

// Take runs handle for a connection of another listener.
func (f *Front) Take(conn net.Conn, handle func(context.Context, net.Conn)) {
	select {
	case f.places <- struct{}{}:
	default:
		_ = conn.Close()
		return
	}
	f.work.Go(func() {
		defer func() { <-f.places }()
		defer conn.Close()
		// Closing the front must end reads and writes under way.
		stop := context.AfterFunc(f.ctx, func() { _ = conn.Close() })
		defer stop()
		handle(f.ctx, conn)
	})
}

// Close ends all connections and waits for everything that they began.
func (f *Front) Close() error {
	f.cancel()
	err := f.listener.Close()
	f.work.Wait()
	return err
}
