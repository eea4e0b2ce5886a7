package guard

import (
	"net"
	"net/netip"
	"sync"
	"time"
)

// A desk that listens elsewhere takes a password. After wrongTries wrong ones in a row from
// one network none from there is looked at for pause, so that who guesses does not lock the
// desk itself out. After allTries from everywhere none is looked at at all.
const (
	wrongTries = 5
	allTries   = 100
	pause      = time.Minute
)

// tries counts wrong passwords. It is safe for concurrent use.
type tries struct {
	mu   sync.Mutex
	from map[string]try
	all  try
}

type try struct {
	wrong  int // in a row
	closed time.Time
}

func (t *try) count(fits bool, most int, now time.Time) {
	t.wrong++
	if fits {
		t.wrong = 0
	}
	if t.wrong >= most {
		t.wrong, t.closed = 0, now.Add(pause)
	}
}

// paused reports whether no password from a network is looked at now.
func (t *tries) paused(network string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return now.Before(t.all.closed) || now.Before(t.from[network].closed)
}

// count counts a password, wrong or right.
func (t *tries) count(network string, fits bool, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.from == nil || len(t.from) >= allTries { // those of the last minutes are counted by all
		t.from = map[string]try{}
	}
	one := t.from[network]
	one.count(fits, wrongTries, now)
	t.from[network] = one
	if !fits { // a right one says nothing about the others
		t.all.count(false, allTries, now)
	}
}

// networkOf returns what one sender can have: an IPv4 address, or a /64 of IPv6.
func networkOf(remote string) string {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		host, _, _ := net.SplitHostPort(remote)
		return host
	}
	addr := at.Addr().Unmap()
	if addr.Is4() {
		return addr.String()
	}
	network, _ := addr.WithZone("").Prefix(64) // it fails only for a wrong number of bits
	return network.String()
}
