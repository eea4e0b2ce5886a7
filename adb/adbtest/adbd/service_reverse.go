package adbd

import (
	"context"
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

// listens reports whether adb reverse set up a port of the handset.
func (d *Services) listens(port string) bool {
	one := d.reverses.find("tcp:" + port)
	return one != nil && one.By != nil
}

// serveTCP is `tcp:PORT` on the handset.
func serveTCP(ctx context.Context, d *Services, port string, s stream.Stream) func() {
	one := d.reverses.find("tcp:" + port)
	if one == nil || one.By == nil {
		return nil
	}
	other, err := one.By.Call(ctx, one.Remote)
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
