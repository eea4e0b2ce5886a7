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

// reverses are the ports of adb reverse, which lead from the handset to the
// computer. They listen on no network: the handset's tcp: service finds them here.
type reverses struct {
	mu   sync.Mutex
	list []reverse
	last int // port that was given out
}

type reverse struct {
	local, remote string
	by            Caller
}

const (
	firstFreePort = 37000
	maxReverses   = 256
)

var (
	ErrRebind = errors.New("cannot rebind existing socket")
	ErrFull   = errors.New("cannot bind listener: Too many open files")
)

// add sets one up and returns the port that was chosen for tcp:0.
func (r *reverses) add(one reverse, noRebind bool) (port int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if one.local == "tcp:0" {
		if r.last < firstFreePort {
			r.last = firstFreePort
		}
		r.last++
		port, one.local = r.last, "tcp:"+strconv.Itoa(r.last)
	}
	i := slices.IndexFunc(r.list, func(have reverse) bool { return have.local == one.local })
	switch {
	case i >= 0 && noRebind:
		return 0, ErrRebind
	case i >= 0:
		r.list[i] = one
	case len(r.list) == maxReverses:
		return 0, ErrFull
	default:
		r.list = append(r.list, one)
	}
	return port, nil
}

// drop removes the ports for which which reports true, and reports whether there was
// one.
func (r *reverses) drop(which func(reverse) bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := len(r.list)
	r.list = slices.DeleteFunc(r.list, which)
	return len(r.list) < before
}

// DropReverses removes the ports of adb reverse that a connection set up for which
// by reports true.
func (d *Services) DropReverses(by func(Caller) bool) {
	d.reverses.drop(func(one reverse) bool { return by(one.by) })
}

func (r *reverses) find(local string) (reverse, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.list, func(one reverse) bool { return one.local == local })
	if i < 0 {
		return reverse{}, false
	}
	return r.list[i], true
}

func (r *reverses) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var b strings.Builder
	for _, one := range r.list {
		fmt.Fprintf(&b, "UsbFfs %s %s\n", one.local, one.remote)
	}
	return b.String()
}

// serveReverse answers as adb_listeners.cpp and handle_forward_request do.
func serveReverse(_ context.Context, d *Services, command string, s stream.Stream) func() {
	answer := "FAIL" + block("not a reverse forwarding command")
	verb, spec, _ := strings.Cut(command, ":")
	switch {
	case command == "list-forward":
		answer = block(d.reverses.String())
	case command == "killforward-all":
		d.reverses.drop(func(reverse) bool { return true })
		answer = "OKAY"
	case verb == "killforward":
		answer = "OKAY"
		if !d.reverses.drop(func(one reverse) bool { return one.local == spec }) {
			answer = "FAIL" + block("listener '"+spec+"' not found")
		}
	case verb == "forward":
		answer = d.forward(spec, s)
	}
	_, _ = io.WriteString(s, answer)
	return nil
}

func (d *Services) forward(spec string, s stream.Stream) string {
	spec, noRebind := strings.CutPrefix(spec, "norebind:")
	local, remote, ok := strings.Cut(spec, ";")
	if !ok || local == "" || remote == "" || strings.Contains(remote, ";") || remote[0] == '*' {
		return "FAIL" + block("bad forward: "+spec)
	}
	if !strings.HasPrefix(local, "tcp:") && !strings.HasPrefix(local, "local") {
		return "FAIL" + block(fmt.Sprintf("cannot bind listener: unknown socket specification '%s'", local))
	}
	by, _ := s.(Caller)
	if t, ok := s.(*tunnel); ok {
		by = t.link
	}
	port, err := d.reverses.add(reverse{local: local, remote: remote, by: by}, noRebind)
	switch {
	case err != nil:
		return "FAIL" + block(err.Error())
	case port != 0:
		return "OKAY" + block(strconv.Itoa(port))
	}
	return "OKAY"
}

// listens reports whether adb reverse set up a port of the handset.
func (d *Services) listens(port string) bool {
	one, ok := d.reverses.find("tcp:" + port)
	return ok && one.by != nil
}

// serveTCP is `tcp:PORT` on the handset.
func serveTCP(ctx context.Context, d *Services, port string, s stream.Stream) func() {
	one, ok := d.reverses.find("tcp:" + port)
	if !ok || one.by == nil {
		return nil
	}
	other, err := one.by.Call(ctx, one.remote)
	if err != nil {
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
