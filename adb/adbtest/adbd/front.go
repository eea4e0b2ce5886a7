package adbd

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
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
	Listener net.Listener
	ctx      context.Context
	cancel   context.CancelFunc
	work     sync.WaitGroup
	places   chan struct{} // one for each connection that may be open
}

// abstract begins the address of a socket that has a name and no file, which Linux has.
const abstract = "localabstract:"

// LocalAddr returns a free address for Listen that takes the least work: a socket of
// Linux, elsewhere a port of the loopback interface.
func LocalAddr() string {
	if runtime.GOOS != "linux" {
		return ""
	}
	return abstract + "preship-" + rand.Text()
}

// Listen listens at addr, host:port or on Linux localabstract:NAME; "" is a free port of
// the loopback interface. It refuses the ports that every adb server scans with
// [ErrScannedPort].
func Listen(addr string) (*Front, error) {
	l, err := listen(addr)
	if err != nil {
		return nil, err
	}
	f := &Front{Listener: l, places: make(chan struct{}, maxConnections)}
	f.ctx, f.cancel = context.WithCancel(context.Background())
	return f, nil
}

func listen(addr string) (net.Listener, error) {
	if name, ok := strings.CutPrefix(addr, abstract); ok && runtime.GOOS == "linux" {
		return net.Listen("unix", "@"+name)
	}
	at, err := net.ResolveTCPAddr("tcp", cmp.Or(addr, "127.0.0.1:0"))
	if err != nil {
		return nil, err
	}
	if scanned(at.Port) {
		return nil, fmt.Errorf("listen on %s: %w", at, ErrScannedPort)
	}
	return net.ListenTCP("tcp", at)
}

// NewDaemon serves the handset to adb servers at addr, as Listen takes it; adb connect
// reaches it. The caller closes it.
func NewDaemon(d *Services, addr string) (*Front, error) {
	f, err := Listen(addr)
	if err != nil {
		return nil, err
	}
	f.Serve(f.Listener, func(ctx context.Context, conn net.Conn) { newLink(d, conn).run(ctx) })
	return f, nil
}

func scanned(port int) bool { return port >= firstScannedPort && port <= lastScannedPort }

// Addr returns the address on which it listens, as Listen takes it.
func (f *Front) Addr() string {
	at := f.Listener.Addr()
	if at.Network() == "unix" {
		return abstract + strings.TrimPrefix(at.String(), "@")
	}
	return at.String()
}

// Run calls fn on a goroutine for which Close waits. ctx ends with Close, and with stop.
func (f *Front) Run(fn func(ctx context.Context)) (stop context.CancelFunc) {
	ctx, stop := context.WithCancel(f.ctx)
	f.work.Go(func() {
		defer stop()
		fn(ctx)
	})
	return stop
}

// Serve runs handle for every connection to its own listener or another, until that is
// closed, and closes the connection after it.
func (f *Front) Serve(l net.Listener, handle func(context.Context, net.Conn)) {
	f.work.Go(func() {
		for {
			conn, err := l.Accept()
			switch {
			case errors.Is(err, net.ErrClosed):
				return
			case err != nil:
				continue // one connection that failed, such as one reset before it was taken
			}
			f.take(conn, handle)
		}
	})
}

func (f *Front) take(conn net.Conn, handle func(context.Context, net.Conn)) {
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
	err := f.Listener.Close()
	f.work.Wait()
	return err
}
