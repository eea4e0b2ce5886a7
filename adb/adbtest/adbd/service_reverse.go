package adbd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
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
	answer := "FAIL" + block("not a reverse forwarding command")
	verb, spec, _ := strings.Cut(command, ":")
	switch {
	case command == "list-forward":
		answer = block(d.reverses.String())
	case command == "killforward-all":
		d.reverses.Drop(func(*Rule) bool { return true })
		answer = "OKAY"
	case verb == "killforward":
		answer = "OKAY"
		if !d.reverses.Drop(func(one *Rule) bool { return one.Local == spec }) {
			answer = "FAIL" + block("listener '"+spec+"' not found")
		}
	case verb == "forward":
		answer = d.reverse(spec, s)
	}
	_, _ = io.WriteString(s, answer)
	return nil
}

func (d *Services) reverse(spec string, s stream.Stream) string {
	one, noRebind, ok := ParseRule(spec)
	if !ok {
		return "FAIL" + block("bad forward: "+strings.TrimPrefix(spec, "norebind:"))
	}
	if !strings.HasPrefix(one.Local, "tcp:") && !strings.HasPrefix(one.Local, "local") {
		return "FAIL" + block(fmt.Sprintf("cannot bind listener: unknown socket specification '%s'", one.Local))
	}
	one.Name = "UsbFfs"
	one.By, _ = s.(Caller)
	if t, ok := s.(*tunnel); ok {
		one.By = t.link
	}
	chosen := ""
	err := d.reverses.Add(one, noRebind, func() error {
		if one.Local == "tcp:0" {
			chosen = strconv.FormatInt(d.lastPort.Add(1)+firstFreePort, 10)
			one.Local = "tcp:" + chosen
		}
		return nil
	})
	switch {
	case err != nil:
		return "FAIL" + block(err.Error())
	case chosen != "":
		return "OKAY" + block(chosen)
	}
	return "OKAY"
}

// listens reports whether a process waits on a port of the handset, or adb reverse set it up.
func (d *Services) listens(port string) bool {
	if _, waits := d.waiting.Load(port); waits {
		return true
	}
	one := d.reverses.find("tcp:" + port)
	return one != nil && one.By != nil
}

// accepted is a connection to a port that a process listens on. done is closed when the
// process has ended it.
type accepted struct {
	stream.Stream
	done chan struct{}
	end  sync.Once
}

// EndStream closes the connection from the side of the process.
func (a *accepted) EndStream() {
	a.end.Do(func() {
		closeStream(a.Stream)
		close(a.done)
	})
}

// listener is a process that waits for a connection to a port.
type listener struct {
	calls chan *accepted
	gone  chan struct{} // closed when it waits no longer
}

// Listen waits for one connection to a port, which the caller ends. ok is false if the port
// is taken, and conn is nil if ctx ended first.
func (d *Services) Listen(ctx context.Context, port string) (conn io.ReadWriter, ok bool) {
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

// reached gives the process on a port a connection, and returns when the process ended it.
// It returns false if no process listens on the port.
func (d *Services) reached(port string, s stream.Stream) bool {
	l, ok := d.waiting.Load(port)
	if !ok {
		return false
	}
	call := &accepted{Stream: s, done: make(chan struct{})}
	select {
	case l.(*listener).calls <- call:
		<-call.done
	case <-l.(*listener).gone:
	}
	return true
}

// Dial connects to a port that adb reverse set up. ok is false if there is none, or the
// computer does not take the connection. The caller reads to its end.
func (d *Services) Dial(ctx context.Context, port string) (s stream.Stream, ok bool) {
	one := d.reverses.find("tcp:" + port)
	if one == nil || one.By == nil {
		return nil, false
	}
	s, err := one.By.Call(ctx, one.Remote)
	return s, err == nil
}

// serveTCP is `tcp:PORT` on the handset.
func serveTCP(ctx context.Context, d *Services, port string, s stream.Stream) func() {
	if d.reached(port, s) {
		return nil
	}
	other, ok := d.Dial(ctx, port)
	if !ok {
		return nil
	}
	var there sync.WaitGroup
	there.Go(func() {
		_, _ = io.Copy(other, s)
		closeStream(other)
	})
	_, _ = io.Copy(s, other)
	closeStream(s)
	there.Wait()
	return nil
}

// closeStream ends a stream from this side.
func closeStream(s stream.Stream) {
	if s, ok := s.(interface{ EndStream() }); ok {
		s.EndStream()
	}
}

// EndStream closes the stream once the computer has taken the last bytes.
func (t *tunnel) EndStream() { t.finish(true) }

// Rule is one rule of adb forward or of adb reverse: what comes to the port Local goes
// to the service Remote at the other end.
type Rule struct {
	Local, Remote string
	Name          string // before the rule in a list
	By            Caller // the connection that set up a reverse rule
	End           func() // called once when the rule is dropped; may be nil
}

// ParseRule reads [norebind:]LOCAL;REMOTE.
func ParseRule(spec string) (one *Rule, noRebind, ok bool) {
	spec, noRebind = strings.CutPrefix(spec, "norebind:")
	local, remote, ok := strings.Cut(spec, ";")
	ok = ok && local != "" && remote != "" && !strings.Contains(remote, ";") && remote[0] != '*'
	return &Rule{Local: local, Remote: remote}, noRebind, ok
}

// Rules are the rules of one direction, one for each local port. The zero value is
// ready for use, and safe for concurrent use.
type Rules struct {
	mu   sync.Mutex
	list []*Rule
}

const maxRules = 256

var (
	errRebind = errors.New("cannot rebind existing socket")
	errFull   = errors.New("cannot bind listener: Too many open files")
)

// Add adds a rule, after bind has opened its port. bind may set the port that it chose.
// The rule replaces one of the same port, unless noRebind is set.
func (r *Rules) Add(one *Rule, noRebind bool, bind func() error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.list, func(have *Rule) bool { return have.Local == one.Local })
	switch {
	case i >= 0 && noRebind:
		return errRebind
	case i >= 0:
		r.list[i].end()
		r.list = slices.Delete(r.list, i, i+1)
	case len(r.list) == maxRules:
		return errFull
	}
	if err := bind(); err != nil {
		return err
	}
	r.list = append(r.list, one)
	return nil
}

// Drop removes the rules for which which returns true. It returns false if there is
// no such rule.
func (r *Rules) Drop(which func(*Rule) bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := len(r.list)
	r.list = slices.DeleteFunc(r.list, func(one *Rule) bool {
		drop := which(one)
		if drop {
			one.end()
		}
		return drop
	})
	return len(r.list) < before
}

func (one *Rule) end() {
	if one.End != nil {
		one.End()
	}
}

// find returns the rule of a port, nil without one.
func (r *Rules) find(local string) *Rule {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := slices.IndexFunc(r.list, func(one *Rule) bool { return one.Local == local }); i >= 0 {
		return r.list[i]
	}
	return nil
}

// String lists the rules, one a line.
func (r *Rules) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var b strings.Builder
	for _, one := range r.list {
		fmt.Fprintf(&b, "%s %s %s\n", one.Name, one.Local, one.Remote)
	}
	return b.String()
}
