package adbtest

import (
	"strings"
	"testing"

	"preship/adb/internal/wire"
)

// crumbs sends a message byte for byte, with its sum, as the smallest of clients
// may: the oldest version of the protocol, a header and its data apart.
func (p *host) crumbs(m wire.Message) {
	p.t.Helper()
	for _, b := range wire.AppendMessage(nil, m, true) {
		if _, err := p.conn.Write([]byte{b}); err != nil {
			p.t.Fatal(err)
		}
	}
}

// TestSmallClient: a client that is no adb, as there are for Python and for
// microcontrollers: it signs with an unknown key, then offers its public key,
// and continues in small messages.
func TestSmallClient(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	d := newDaemon(t, h)
	key := newKey()
	for round, maxData := range []uint32{4096, 256 << 10, 4096} {
		p := dialDaemon(t, d)
		p.version = wire.VersionMin
		p.crumbs(wire.Message{Command: wire.CmdCnxn, Arg0: wire.VersionMin, Arg1: maxData, Data: []byte("host::\x00")})
		token := p.expect(wire.CmdAuth, wire.AuthToken, 0)
		p.crumbs(wire.Message{Command: wire.CmdAuth, Arg0: wire.AuthSignature, Data: sign(t, key, token.Data)})
		m := p.receive()
		if round == 0 {
			if m.Command != wire.CmdAuth {
				t.Fatalf("an unknown key was answered %s", commandName(m.Command))
			}
			p.crumbs(wire.Message{Command: wire.CmdAuth, Arg0: wire.AuthRSAPublicKey, Data: append(publicKey(&key.PublicKey), 0)})
			m = p.receive()
		}
		if m.Command != wire.CmdCnxn || !strings.HasPrefix(string(m.Data), "device::") {
			t.Fatalf("round %d: received %s %q, want the banner", round, commandName(m.Command), m.Data)
		}
		p.crumbs(wire.Message{Command: wire.CmdOpen, Arg0: 1, Data: []byte("shell:yes | head -n 9000\x00")})
		remote := p.receive().Arg0
		got := p.drain(1, remote)
		if want := strings.Repeat("y\n", 9000); got != want {
			t.Errorf("round %d: %d bytes, want %d", round, len(got), len(want))
		}
		_ = p.conn.Close()
	}
}
