package guard

import (
	"net"
	"sync"
)

// The connections that are open at once, of all and from one network. A browser has six. One
// more is closed at once: each is a file of the system, and the jobs need theirs.
const (
	maxConns     = 256
	maxConnsFrom = 128
)

// Limit returns a listener that bounds the connections that are open at once.
func Limit(l net.Listener) net.Listener { return &limited{Listener: l, from: map[string]int{}} }

type limited struct {
	net.Listener
	mu   sync.Mutex
	all  int
	from map[string]int // by network
}

// Accept returns the next connection within the bounds.
func (l *limited) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		network := networkOf(c.RemoteAddr().String())
		if l.enter(network) {
			return &counted{Conn: c, leave: sync.OnceFunc(func() { l.leave(network) })}, nil
		}
		_ = c.Close() // it was not used
	}
}

func (l *limited) enter(network string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all >= maxConns || l.from[network] >= maxConnsFrom {
		return false
	}
	l.all++
	l.from[network]++
	return true
}

func (l *limited) leave(network string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all--
	if l.from[network]--; l.from[network] == 0 {
		delete(l.from, network)
	}
}

// counted is a connection that is counted until it is closed.
type counted struct {
	net.Conn
	leave func()
}

func (c *counted) Close() error {
	c.leave()
	return c.Conn.Close()
}
