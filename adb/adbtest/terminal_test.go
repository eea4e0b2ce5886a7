package adbtest

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"preship/adb/internal/wire"
)

func TestDiscipline(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ keys, lines, echo string }{
		"a line":           {"ls\r", "ls\n", "ls\n"},
		"corrected":        {"lx\x7fs\b\b\b\bpwd\n", "pwd\n", "lx\b \bs\b \b\b \bpwd\n"},
		"dropped":          {"rm\x15ls\n", "ls\n", "rmls\n"},
		"interrupted":      {"ahead\nrm\x03ls\n", "ls\n", "ahead\nrm^C\nls\n"},
		"end of input":     {"ls\n\x04more\n", "ls\n", "ls\nmore\n"},
		"end within":       {"l\x04s\n", "ls\n", "ls\n"},
		"longer than held": {strings.Repeat("x", maxTerminalLine+9) + "\n", strings.Repeat("x", maxTerminalLine) + "\n", strings.Repeat("x", maxTerminalLine) + "\n"},
	} {
		var echo bytes.Buffer
		d := newTerminal("")
		d.out = &echo
		_, end := d.enter(t.Context())
		d.take(strings.NewReader(tt.keys))
		end()
		lines, err := io.ReadAll(d.input(t.Context()))
		if err != nil || string(lines) != tt.lines || echo.String() != tt.echo {
			t.Errorf("%s: lines %.60q, echo %.60q, %v; want %.60q, %.60q", name, lines, echo.String(), err, tt.lines, tt.echo)
		}
	}
}

func FuzzDiscipline(f *testing.F) {
	f.Add("ls\x7f\x15\x03\x04\r\n")
	f.Fuzz(func(t *testing.T, keys string) {
		d := newTerminal("")
		d.out = io.Discard
		_, end := d.enter(t.Context())
		defer end()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			for err := error(nil); !errors.Is(err, errHungUp); {
				_, err = d.input(t.Context()).Read(make([]byte, 9))
			}
		}()
		d.take(strings.NewReader(keys))
		d.lines.end(errHungUp)
		<-ended
	})
}

// TestTerminalIsInterrupted: ^C ends a command that would go on for ever, with
// SIGINT's status.
func TestTerminalIsInterrupted(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"sleep 1000", "cat", "yes"} {
		in, out := newInbox(nil), &bytes.Buffer{}
		in.put([]byte("\x03"))
		if got := runTerminal(t.Context(), system{newHandset(t)}, line, newTerminal(""), in, out); got != statusInterrupted {
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

func TestShellPacketsThatAreNone(t *testing.T) {
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
