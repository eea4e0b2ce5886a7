package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"preship/adb/adbtest/adbd"
)

// forwards are the ports of adb forward: ports of this computer, on the loopback
// interface only, that lead to services of a handset.
type forwards struct {
	mu   sync.Mutex
	list []*forward
}

type forward struct {
	to            *transport
	local, remote string
	listener      net.Listener
	done          chan struct{} // closed when the port is given back
}

const maxForwards = 256

var errNoTCP = errors.New("cannot bind listener: only tcp:PORT can be forwarded here")

// String returns the answer to list-forward.
func (f *forwards) String() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var b strings.Builder
	for _, one := range f.list {
		fmt.Fprintf(&b, "%s %s %s\n", one.to.slot.serial(), one.local, one.remote)
	}
	return b.String()
}

// add sets one up and returns the port that was chosen for tcp:0. A port that
// leads somewhere already leads to the new place, unless noRebind is set.
func (f *forwards) add(one *forward, noRebind bool) (port int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i := slices.IndexFunc(f.list, func(have *forward) bool { return have.local == one.local }); i >= 0 {
		if noRebind {
			return 0, adbd.ErrRebind
		}
		f.list[i].end()
		f.list = slices.Delete(f.list, i, i+1)
	}
	if len(f.list) == maxForwards {
		return 0, adbd.ErrFull
	}
	spec, ok := strings.CutPrefix(one.local, "tcp:")
	if !ok || !isDigits(spec) {
		return 0, errNoTCP
	}
	if one.listener, err = net.Listen("tcp", net.JoinHostPort("127.0.0.1", spec)); err != nil {
		return 0, bindError(err)
	}
	if spec == "0" {
		port = one.listener.Addr().(*net.TCPAddr).Port
		one.local = "tcp:" + strconv.Itoa(port)
	}
	one.done = make(chan struct{})
	f.list = append(f.list, one)
	return port, nil
}

// bindError returns the system's reason in the words of adb.
func bindError(err error) error {
	var number syscall.Errno
	if errors.As(err, &number) {
		err = number
	}
	text := err.Error()
	return fmt.Errorf("cannot bind listener: %s%s", strings.ToUpper(text[:1]), text[1:])
}

// drop closes the ports for which which reports true, and reports whether there was
// one.
func (f *forwards) drop(which func(*forward) bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := len(f.list)
	f.list = slices.DeleteFunc(f.list, func(one *forward) bool {
		if !which(one) {
			return false
		}
		one.end()
		return true
	})
	return len(f.list) < before
}

func (f *forward) end() {
	_ = f.listener.Close()
	close(f.done)
}

// forward is forward:[norebind:]LOCAL;REMOTE. Like a real server it answers
// twice: that there is a handset, and that the port is open.
func (r *request) forward(t target, spec string) bool {
	to := r.to
	if to == nil {
		found, err := r.server.acquire(t, true)
		if err != nil {
			r.fail(err.Error())
			return false
		}
		to = found
	}
	rest, noRebind := strings.CutPrefix(spec, "norebind:")
	local, remote, ok := strings.Cut(rest, ";")
	if !ok || local == "" || remote == "" || strings.Contains(remote, ";") || remote[0] == '*' {
		r.fail("bad forward: forward:" + spec)
		return false
	}
	one := &forward{to: to, local: local, remote: remote}
	port, err := r.server.forwards.add(one, noRebind)
	if err != nil {
		r.fail(err.Error())
		return false
	}
	r.server.lead(one)
	_ = r.okay()
	if port == 0 {
		_ = r.okay()
		return false
	}
	r.okayWith(strconv.Itoa(port))
	return false
}

// lead takes the connections to a forwarded port until it is given back, the
// handset leaves the bus or the server is closed.
func (s *Server) lead(one *forward) {
	s.front.Run(func(context.Context) {
		for {
			conn, err := one.listener.Accept()
			if err != nil {
				return
			}
			s.front.Take(conn, func(ctx context.Context, conn net.Conn) { one.serve(ctx, conn) })
		}
	})
	s.front.Run(func(ctx context.Context) {
		defer s.forwards.drop(func(have *forward) bool { return have == one })
		for {
			_, stay, changed := one.to.h.Bus().Watch()
			if stay != one.to.stay {
				return
			}
			select {
			case <-changed:
			case <-one.done:
				return
			case <-ctx.Done():
				return
			}
		}
	})
}

// serve opens the service to which the port leads. It hangs up if the handset does
// not have the service.
func (f *forward) serve(ctx context.Context, conn net.Conn) {
	_, stay, changed := f.to.h.Bus().Watch()
	run, ok := f.to.h.Open(f.remote)
	if !ok || stay != f.to.stay {
		return
	}
	runOn(ctx, conn, f.to.h, stay, changed, run)
}

func (r *request) killForwards(target, string) bool {
	r.server.forwards.drop(func(*forward) bool { return true })
	_ = r.okay() // connected
	_ = r.okay() // done
	return false
}

func (r *request) killForward(_ target, local string) bool {
	if !r.server.forwards.drop(func(one *forward) bool { return one.local == local }) {
		r.fail("listener '" + local + "' not found")
		return false
	}
	_ = r.okay()
	_ = r.okay()
	return false
}
