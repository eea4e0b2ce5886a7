package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"

	"preship/adb/adbtest/adbd"
)

// forward is forward:[norebind:]LOCAL;REMOTE: a port of this computer, on the loopback
// interface only, that leads to a service of the handset. Like a real server it answers
// twice: that there is a handset, and that the port is open.
func (r *request) forward(t target, spec string) bool {
	if r.to == nil && !r.acquire(t, true) {
		return false
	}
	one, noRebind, ok := adbd.ParseRule(spec)
	if !ok {
		r.fail("bad forward: forward:" + spec)
		return false
	}
	f := &forward{Rule: one, to: r.to}
	one.Name = r.to.slot.serial()
	if err := r.server.forwards.Add(one, noRebind, f.listen); err != nil {
		r.fail(err.Error())
		return false
	}
	r.server.lead(f)
	_ = r.okay()
	if f.chosen == "" {
		_ = r.okay()
		return false
	}
	r.okayWith(f.chosen)
	return false
}

// forward is a rule with its listener.
type forward struct {
	*adbd.Rule
	to       *transport
	listener net.Listener
	ctx      context.Context //nolint:containedctx // ends with the rule
	chosen   string          // the port that tcp:0 was given
}

var errNoTCP = errors.New("cannot bind listener: only tcp:PORT can be forwarded here")

func (f *forward) listen() (err error) {
	port, ok := strings.CutPrefix(f.Local, "tcp:")
	if !ok || !isDigits(port) {
		return errNoTCP
	}
	if f.listener, err = net.Listen("tcp", net.JoinHostPort("127.0.0.1", port)); err != nil {
		return bindError(err)
	}
	if port == "0" {
		f.chosen = strconv.Itoa(f.listener.Addr().(*net.TCPAddr).Port)
		f.Local = "tcp:" + f.chosen
	}
	ctx, cancel := context.WithCancel(context.Background())
	f.ctx = ctx
	f.End = func() {
		_ = f.listener.Close()
		cancel()
	}
	return nil
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

// lead takes the connections to a forwarded port until its rule is dropped, the
// handset leaves the bus or the server is closed.
func (s *Server) lead(f *forward) {
	s.Run(func(context.Context) {
		for {
			conn, err := f.listener.Accept()
			if err != nil {
				return
			}
			s.Take(conn, f.serve)
		}
	})
	s.Run(func(ctx context.Context) {
		stop := context.AfterFunc(ctx, func() { s.dropForward(f.Rule) })
		defer stop()
		if f.to.h.Bus.WaitLeft(f.ctx, f.to.stay) {
			s.dropForward(f.Rule)
		}
	})
}

func (s *Server) dropForward(rule *adbd.Rule) {
	s.forwards.Drop(func(have *adbd.Rule) bool { return have == rule })
}

// serve opens the service to which the port leads. It hangs up if the handset does
// not have the service.
func (f *forward) serve(ctx context.Context, conn net.Conn) {
	_, stay := f.to.h.Bus.Presence()
	if run, ok := f.to.h.Open(f.Remote); ok && stay == f.to.stay {
		runOn(ctx, conn, f.to.h, stay, run)
	}
}

func (r *request) killForwards(target, string) bool {
	r.server.forwards.Drop(func(*adbd.Rule) bool { return true })
	_ = r.okay() // connected
	_ = r.okay() // done
	return false
}

func (r *request) killForward(_ target, local string) bool {
	if !r.server.forwards.Drop(func(one *adbd.Rule) bool { return one.Local == local }) {
		r.fail("listener '" + local + "' not found")
		return false
	}
	_ = r.okay()
	_ = r.okay()
	return false
}
