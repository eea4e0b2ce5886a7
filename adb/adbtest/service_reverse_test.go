package adbtest

import (
	"testing"

	"preship/adb/internal/wire"
)

// TestReverse: what adb_listeners.cpp answers, and a connection that goes
// through the handset and back to the computer.
func TestReverse(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	p := peerOf(newServer(t, h), h)
	for _, tt := range []struct{ service, want string }{
		{"reverse:list-forward", "0000"},
		{"reverse:forward:tcp:5566;tcp:6655", "OKAY"},
		{"reverse:forward:norebind:tcp:5566;tcp:1", "FAIL001dcannot rebind existing socket"},
		{"reverse:list-forward", "0019UsbFfs tcp:5566 tcp:6655\n"},
		{"reverse:forward:tcp:5566;tcp:7", "OKAY"},
		{"reverse:forward:tcp:0;tcp:8", "OKAY000537001"},
		{"reverse:killforward:tcp:9", "FAIL001alistener 'tcp:9' not found"},
		{"reverse:killforward:tcp:37001", "OKAY"},
		{"reverse:forward:tcp:5566", "FAIL0015bad forward: tcp:5566"},
		{"reverse:forward:nothing:1;tcp:7", "FAIL003ecannot bind listener: unknown socket specification 'nothing:1'"},
		{"reverse:list-forward", "0016UsbFfs tcp:5566 tcp:7\n"},
		{"reverse:sideways", "FAIL0020not a reverse forwarding command"},
	} {
		if got, err := p.Service(t.Context(), tt.service); err != nil || string(got) != tt.want {
			t.Errorf("%s: %q, %v; want %q", tt.service, got, err, tt.want)
		}
	}
}

// callReverse opens the handset's port 5566, behind which is the computer's port
// 7, and returns the handset's ends of both streams.
func callReverse(p *host) (port, called uint32) {
	p.drain(1, p.open(1, "reverse:forward:tcp:5566;tcp:7"))
	p.send(wire.Message{Command: wire.CmdOpen, Arg0: 8, Data: []byte("tcp:5566\x00")})
	m := p.receive()
	for m.Command == wire.CmdClse { // a repeated close of the first
		m = p.receive()
	}
	open := p.receive()
	if open.Command != wire.CmdOpen || string(open.Data) != "tcp:7\x00" {
		p.t.Fatalf("received %s %q, want OPEN of tcp:7", commandName(open.Command), open.Data)
	}
	return m.Arg0, open.Arg0
}

// TestReverseEcho: data sent to the handset's port arrives at the computer's, and
// the other way round.
func TestReverseEcho(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	d := newDaemon(t, h)
	p := online(t, d, wire.VersionSkipChecksum, wire.MaxPayload)
	port, called := callReverse(p)
	p.send(wire.Message{Command: wire.CmdOkay, Arg0: 9, Arg1: called})
	p.send(wire.Message{Command: wire.CmdWrte, Arg0: 8, Arg1: port, Data: []byte("hello")})
	p.expect(wire.CmdOkay, port, 8)
	if m := p.expect(wire.CmdWrte, called, 9); string(m.Data) != "hello" {
		t.Errorf("the computer's end received %q", m.Data)
	}
	p.send(wire.Message{Command: wire.CmdOkay, Arg0: 9, Arg1: called})
	p.send(wire.Message{Command: wire.CmdWrte, Arg0: 9, Arg1: called, Data: []byte("back")})
	p.expect(wire.CmdOkay, called, 9)
	if m := p.expect(wire.CmdWrte, port, 8); string(m.Data) != "back" {
		t.Errorf("the handset's end received %q", m.Data)
	}
	p.send(wire.Message{Command: wire.CmdOkay, Arg0: 8, Arg1: port})
	p.send(wire.Message{Command: wire.CmdClse, Arg0: 8, Arg1: port})
	closed := map[uint32]bool{}
	for range 2 {
		m := p.receive()
		closed[m.Arg0] = m.Command == wire.CmdClse
	}
	if !closed[port] || !closed[called] {
		t.Errorf("closed %v, want both ends", closed)
	}
	_ = p.conn.Close()
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	left, err := peerOf(newServer(t, h), h).Service(t.Context(), "reverse:list-forward")
	if err != nil || string(left) != "0000" {
		t.Errorf("left behind by a connection that ended: %q, %v", left, err)
	}
}

// TestReverseWithoutListener: the computer refuses what the handset opens.
func TestReverseWithoutListener(t *testing.T) {
	t.Parallel()
	p := online(t, newDaemon(t, newHandset(t)), wire.VersionSkipChecksum, wire.MaxPayload)
	port, called := callReverse(p)
	p.send(wire.Message{Command: wire.CmdClse, Arg1: called})
	for range 2 {
		if m := p.receive(); m.Command != wire.CmdClse || m.Arg0 != port && m.Arg0 != called {
			t.Errorf("received %s(%d, %d), want both ends to close", commandName(m.Command), m.Arg0, m.Arg1)
		}
	}
}
