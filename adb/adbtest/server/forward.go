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
	"preship/adb/internal/wire"
)

// forward is forward:[norebind:]LOCAL;REMOTE: a port of this computer, on the loopback
// interface only, that leads to a service of the handset.
func (r *request) forward(t target, spec string) error {
	if err := r.acquire(t, true); err != nil {
		return err
	}
	one, noRebind := adbd.ParseRule(spec)
	if one == nil {
		return refusal("bad forward: forward:" + spec)
	}
	one.Name = r.to.serial()
	chosen := ""
	err := r.server.forwards.Add(one, noRebind, func() (err error) {
		chosen, err = r.server.lead(one, r.to)
		return err
	})
	if err == nil && chosen != "" {
		_ = r.okay()
		return r.block(wire.StatusOkay, chosen)
	}
	return r.done(err)
}

var errNoTCP = errors.New("cannot bind listener: only tcp:PORT can be forwarded here")

// lead opens the port of a rule, and takes its connections until the rule is dropped, the
// handset leaves the bus or the server is closed. chosen is the port that tcp:0 was given.
func (s *Server) lead(one *adbd.Rule, to *slot) (chosen string, err error) {
	port, ok := strings.CutPrefix(one.Local, "tcp:")
	if !ok || !isDigits(port) {
		return "", errNoTCP
	}
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return "", bindError(err)
	}
	if port == "0" {
		chosen = strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
		one.Local = "tcp:" + chosen
	}
	s.Serve(l, func(ctx context.Context, conn net.Conn) {
		_, stay := to.h.Bus.Presence()
		if run, ok := to.h.Open(one.Remote); ok && stay == to.stay {
			runOn(ctx, conn, to.h, stay, run)
		}
	})
	stop := s.Run(func(ctx context.Context) {
		to.h.Bus.WaitLeft(ctx, to.stay)
		s.forwards.Drop(func(have *adbd.Rule) bool { return have == one })
	})
	one.End = func() {
		_ = l.Close()
		stop()
	}
	return chosen, nil
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

func (r *request) killForwards(target, string) error {
	r.server.forwards.Drop(func(*adbd.Rule) bool { return true })
	return r.done(nil)
}

func (r *request) killForward(_ target, local string) error {
	return r.done(r.server.forwards.Kill(local))
}
