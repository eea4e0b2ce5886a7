package adbtest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"preship/adb/adbtest/adbd"
	"preship/adb/internal/wire"
)

// host is the computer's side of a link, one message at a time: what a test
// wants to see of adbd.
type host struct {
	t       testing.TB
	conn    net.Conn
	version uint32
	banner  string
	maxData uint32
}

func dialDaemon(t testing.TB, d *adbd.Front) *host {
	t.Helper()
	return dialADBD(t, d.Addr())
}

func dialADBD(t testing.TB, addr string) *host {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	return &host{t: t, conn: conn, version: wire.VersionMin}
}

func (p *host) send(m wire.Message) {
	p.t.Helper()
	if _, err := p.conn.Write(wire.AppendMessage(nil, m, p.version < wire.VersionSkipChecksum)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *host) receive() wire.Message {
	p.t.Helper()
	m, err := wire.ReadMessage(p.conn, wire.MaxPayload, p.version < wire.VersionSkipChecksum)
	if err != nil {
		p.t.Fatal(err)
	}
	return m
}

// expect reads one message and compares all but its data.
func (p *host) expect(command, arg0, arg1 uint32) wire.Message {
	p.t.Helper()
	m := p.receive()
	if m.Command != command || m.Arg0 != arg0 || m.Arg1 != arg1 {
		p.t.Fatalf("received %s(%d, %d) %.80q, want %s(%d, %d)",
			commandName(m.Command), m.Arg0, m.Arg1, m.Data, commandName(command), arg0, arg1)
	}
	return m
}

func commandName(c uint32) string { return string(binary.LittleEndian.AppendUint32(nil, c)) }

// silent says that nothing has come by the time the answer to a probe has.
func (p *host) silent() {
	p.t.Helper()
	p.send(wire.Message{Command: wire.CmdOpen, Arg0: 999, Data: []byte("preship-probe:")})
	p.expect(wire.CmdClse, 0, 999)
}

// hello sends A_CNXN.
func (p *host) hello(version, maxData uint32) {
	p.t.Helper()
	p.send(wire.Message{Command: wire.CmdCnxn, Arg0: version, Arg1: maxData, Data: []byte("host::features=shell_v2")})
}

// welcomed reads the handset's A_CNXN.
func (p *host) welcomed(version, maxData uint32) {
	p.t.Helper()
	p.version = min(version, wire.VersionSkipChecksum)
	m := p.receive()
	if m.Command != wire.CmdCnxn {
		p.t.Fatalf("received %s, want the banner", commandName(m.Command))
	}
	p.banner, p.maxData = string(m.Data), min(maxData, m.Arg1)
}

// greeted reads up to the answer to a second A_CNXN, and shows a key if asked for it.
func (p *host) greeted() {
	p.t.Helper()
	for {
		switch m := p.receive(); m.Command {
		case wire.CmdAuth:
			p.send(wire.Message{Command: wire.CmdAuth, Arg0: wire.AuthRSAPublicKey, Data: publicKey(&testKey().PublicKey)})
		case wire.CmdCnxn:
			return
		}
	}
}

// online is a link that was let in with a key.
func online(t testing.TB, d *adbd.Front, version, maxData uint32) *host {
	t.Helper()
	p := dialDaemon(t, d)
	p.hello(version, maxData)
	p.version = min(version, wire.VersionSkipChecksum)
	if m := p.receive(); m.Command != wire.CmdAuth {
		t.Fatalf("received %s, want AUTH", commandName(m.Command))
	}
	p.send(wire.Message{Command: wire.CmdAuth, Arg0: wire.AuthRSAPublicKey, Data: publicKey(&testKey().PublicKey)})
	p.welcomed(version, maxData)
	return p
}

// open opens a service as stream local and returns the handset's id of it.
func (p *host) open(local uint32, service string) uint32 {
	p.t.Helper()
	p.send(wire.Message{Command: wire.CmdOpen, Arg0: local, Data: []byte(service + "\x00")})
	m := p.receive()
	for m.Command == wire.CmdClse && m.Arg1 != local {
		m = p.receive() // an earlier stream's, sent again after a late acknowledgement
	}
	if m.Command != wire.CmdOkay || m.Arg1 != local || m.Arg0 == 0 {
		p.t.Fatalf("%s: received %s(%d, %d)", service, commandName(m.Command), m.Arg0, m.Arg1)
	}
	return m.Arg0
}

// drain reads a stream to its end, acknowledging each A_WRTE, and closes it.
func (p *host) drain(local, remote uint32) string {
	p.t.Helper()
	var all strings.Builder
	for {
		switch m := p.receive(); m.Command {
		case wire.CmdWrte:
			all.Write(m.Data)
			p.send(wire.Message{Command: wire.CmdOkay, Arg0: local, Arg1: remote})
		case wire.CmdClse:
			return all.String()
		}
	}
}

// gone says that the handset closed the connection.
func (p *host) gone() {
	p.t.Helper()
	if m, err := wire.ReadMessage(p.conn, wire.MaxPayload, false); err == nil {
		p.t.Errorf("received %s, want the connection closed", commandName(m.Command))
	} else if ne, ok := err.(net.Error); ok && ne.Timeout() {
		p.t.Errorf("the connection stayed open")
	}
}

// testKey is made once: RSA keys take long.
var testKey = sync.OnceValue(newKey)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// publicKey is adb's form of a key.
func publicKey(key *rsa.PublicKey) []byte {
	le := binary.LittleEndian
	blob := le.AppendUint32(nil, 64)
	blob = le.AppendUint32(blob, 0) // a number that only adbd's own arithmetic needs
	modulus := key.N.FillBytes(make([]byte, 256))
	slices.Reverse(modulus)
	blob = append(blob, modulus...)
	blob = append(blob, make([]byte, 256)...)
	blob = le.AppendUint32(blob, uint32(key.E))
	return append([]byte(base64.StdEncoding.EncodeToString(blob)), " preship@test\x00"...)
}

func sign(t testing.TB, key *rsa.PrivateKey, token []byte) []byte {
	t.Helper()
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA1, token)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

var _ io.Closer = (*adbd.Front)(nil)
