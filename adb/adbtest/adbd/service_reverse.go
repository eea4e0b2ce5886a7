package adbd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"preship/adb/adbtest/stream"
)

// Caller is a connection on which a handset can open services of the computer.
type Caller interface {
	// Call opens a service of the computer. The caller closes the stream.
	Call(ctx context.Context, service string) (stream.Stream, error)
}

// firstFreePort is before the first port that tcp:0 is given.
const firstFreePort = 37000

// DropReverses removes the ports of adb reverse that a connection set up for which
// by returns true. They listen on no network: the handset's tcp: service finds them.
func (d *Services) DropReverses(by func(Caller) bool) {
	d.reverses.Drop(func(one *Rule) bool { return by(one.By) })
}

// serveReverse answers as adb_listeners.cpp and handle_forward_request do.
func serveReverse(_ context.Context, d *Services, command string, s stream.Stream) func() {
	answer := "OKAY"
	verb, spec, _ := strings.Cut(command, ":")
	switch {
	case command == "list-forward":
		answer = block(d.reverses.String())
	case command == "killforward-all":
		d.reverses.Drop(func(*Rule) bool { return true })
	case verb == "killforward":
		if err := d.reverses.Kill(spec); err != nil {
			answer = "FAIL" + block(err.Error())
		}
	case verb == "forward":
		chosen, err := d.reverse(spec, s)
		switch {
		case err != nil:
			answer = "FAIL" + block(err.Error())
		case chosen != "":
			answer += block(chosen)
		}
	default:
		answer = "FAIL" + block("not a reverse forwarding command")
	}
	_, _ = io.WriteString(s, answer)
	return nil
}

// reverse adds a rule. chosen is the port that tcp:0 was given.
func (d *Services) reverse(spec string, s stream.Stream) (chosen string, err error) {
	one, noRebind := ParseRule(spec)
	if one == nil {
		return "", errors.New("bad forward: " + strings.TrimPrefix(spec, "norebind:"))
	}
	if !strings.HasPrefix(one.Local, "tcp:") && !strings.HasPrefix(one.Local, "local") {
		return "", fmt.Errorf("cannot bind listener: unknown socket specification '%s'", one.Local)
	}
	if one.Local == "tcp:0" {
		chosen = strconv.FormatInt(d.lastPort.Add(1)+firstFreePort, 10)
		one.Local = "tcp:" + chosen
	}
	one.Name = "UsbFfs"
	one.By, _ = s.(Caller)
	if t, ok := s.(*tunnel); ok {
		one.By = t.link
	}
	return chosen, d.reverses.Add(one, noRebind, func() error { return nil })
}

// listens reports whether a process waits on a port of the handset, or adb reverse set it up.
func (d *Services) listens(port string) bool {
	_, waits := d.waiting.Load(port)
	return waits || d.caller(port) != nil
}

// caller returns the rule of adb reverse for a port, nil without one.
func (d *Services) caller(port string) *Rule {
	if one := d.reverses.find("tcp:" + port); one != nil && one.By != nil {
		return one
	}
	return nil
}

// accepted is a connection to a port that a process listens on. done is closed when the
// process has ended it.
type accepted struct {
	stream.Stream
	done chan struct{}
	end  sync.Once
}

// Close closes the connection from the side of the process.
func (a *accepted) Close() (err error) {
	a.end.Do(func() {
		err = a.Stream.Close()
		close(a.done)
	})
	return err
}

// listener is a process that waits for a connection to a port.
type listener struct {
	calls chan *accepted
	gone  chan struct{} // closed when it waits no longer
}

// Listen waits for one connection to a port, which the caller ends. ok is false if the port
// is taken, and conn is nil if ctx ended first.
func (d *Services) Listen(ctx context.Context, port string) (conn io.ReadWriteCloser, ok bool) {
	l := &listener{make(chan *accepted), make(chan struct{})}
	if _, taken := d.waiting.LoadOrStore(port, l); taken {
		return nil, false
	}
	defer close(l.gone)
	defer d.waiting.Delete(port)
	select {
	case call := <-l.calls:
		return call, true
	case <-ctx.Done():
		return nil, true
	}
}

// Dial connects to a port that adb reverse set up. ok is false if there is none, or the
// computer does not take the connection. The caller reads to its end.
func (d *Services) Dial(ctx context.Context, port string) (s stream.Stream, ok bool) {
	one := d.caller(port)
	if one == nil {
		return nil, false
	}
	s, err := one.By.Call(ctx, one.Remote)
	return s, err == nil
}

// serveTCP is `tcp:PORT` on the handset: a process that listens there, or adb reverse.
func serveTCP(ctx context.Context, d *Services, port string, s stream.Stream) func() {
	if l, ok := d.waiting.Load(port); ok {
		call := &accepted{Stream: s, done: make(chan struct{})}
		select {
		case l.(*listener).calls <- call:
			<-call.done
		case <-l.(*listener).gone:
		}
		return nil
	}
	other, ok := d.Dial(ctx, port)
	if !ok {
		return nil
	}
	var there sync.WaitGroup
	there.Go(func() {
		_, _ = io.Copy(other, s)
		_ = other.Close()
	})
	_, _ = io.Copy(s, other)
	_ = s.Close()
	there.Wait()
	return nil
}

// Close implements [stream.Stream].
func (t *tunnel) Close() error {
	t.finish(true)
	return nil
}
