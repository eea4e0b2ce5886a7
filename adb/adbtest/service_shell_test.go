package adbtest

import (
	"bytes"
	"strings"
	"testing"

	"preship/adb/adbtest/shell"
	"preship/adb/adbtest/stream"
	"preship/adb/internal/wire"
)

// TestTerminalIsInterrupted: ^C ends a command that would never end, with
// SIGINT's status.
func TestTerminalIsInterrupted(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"sleep 1000", "cat", "yes"} {
		in, out := stream.NewBuffer(nil), &bytes.Buffer{}
		in.Put([]byte("\x03"))
		if got := shell.RunTerminal(t.Context(), system{newHandset(t)}, line, shell.NewTerminal(""), in, out, func() { in.End(stream.ErrHungUp) }); got != 130 {
			t.Errorf("%s: status %d", line, got)
		}
		if !strings.Contains(out.String(), "^C\r\n") {
			t.Errorf("%s: screen %.80q", line, out.String())
		}
	}
}

// TestShellHangUp: with the protocol a stream that closes ends the command; the
// front must not wait for it.
func TestShellHangUp(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	for _, service := range []string{"shell,v2,raw:sleep 1000", "shell,v2,pty:sleep 1000", "shell,v2:cat", "shell,v2,raw:yes"} {
		p := online(t, newDaemon(t, h), wire.VersionSkipChecksum, wire.MaxPayload)
		remote := p.open(1, service)
		p.send(wire.Message{Command: wire.CmdClse, Arg0: 1, Arg1: remote})
		for m := p.receive(); m.Command != wire.CmdClse; m = p.receive() {
		}
	}
}

func TestShellPacketsInvalid(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	p := online(t, newDaemon(t, h), wire.VersionSkipChecksum, wire.MaxPayload)
	remote := p.open(1, "shell,v2,raw:cat")
	p.send(wire.Message{Command: wire.CmdWrte, Arg0: 1, Arg1: remote, Data: []byte("\x00\xff\xff\xff\xff")})
	got := p.drain(1, remote)
	if !strings.HasPrefix(got, string([]byte{wire.ShellExit, 1, 0, 0, 0})) {
		t.Errorf("answered %q, want only an exit status", got)
	}
}
