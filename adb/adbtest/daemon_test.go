package adbtest

import (
	"bytes"
	"crypto/rsa"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"testing"

	"preship/adb/adbtest/bus"
	"preship/adb/adbtest/trouble"
	"preship/adb/internal/wire"
)

func TestDaemonBanner(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	p := online(t, newDaemon(t, h), wire.VersionSkipChecksum, wire.MaxPayload)
	want := fmt.Sprintf("device::ro.product.name=%s;ro.product.model=%s;ro.product.device=%s;features=%s",
		h.state.Prop("ro.product.name"), h.state.Prop("ro.product.model"), h.state.Prop("ro.product.device"), strings.Join(h.state.Profile.Features, ","))
	if p.banner != want || p.maxData != wire.MaxPayload {
		t.Errorf("banner %q with %d bytes a message, want %q", p.banner, p.maxData, want)
	}
}

// TestDaemonAgrees: both versions and several sizes, with output that is larger
// than a message.
func TestDaemonAgrees(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	d := newDaemon(t, h)
	for _, tt := range []struct{ version, maxData, largest uint32 }{
		{wire.VersionMin, 4096, 4096},
		{wire.VersionMin, 256 << 10, 256 << 10},
		{wire.VersionSkipChecksum, 64, 64},
		{wire.VersionSkipChecksum + 7, 32 << 20, wire.MaxPayload},
	} {
		p := online(t, d, tt.version, tt.maxData)
		remote := p.open(1, "exec:head -c 3000000 /dev/zero")
		total, largest := 0, 0
		for total < 3_000_000 && total < 200*int(tt.largest) {
			m := p.expect(wire.CmdWrte, remote, 1)
			total, largest = total+len(m.Data), max(largest, len(m.Data))
			p.send(wire.Message{Command: wire.CmdOkay, Arg0: 1, Arg1: remote})
		}
		if largest > int(tt.largest) {
			t.Errorf("version %#x, %d bytes: a message of %d", tt.version, tt.maxData, largest)
		}
		_ = p.conn.Close()
	}
}

func TestDaemonChecksAndRefuses(t *testing.T) {
	t.Parallel()
	d := newDaemon(t, newHandset(t))
	for name, send := range map[string]func(p *host){
		"STLS": func(p *host) { p.send(wire.Message{Command: wire.CmdStls, Arg0: 0x01000000}) },
		"a version before the first": func(p *host) {
			p.hello(0x00ffffff, wire.MaxPayload)
		},
		"no room for data": func(p *host) { p.hello(wire.VersionSkipChecksum, 3) },
		"a large greeting": func(p *host) { p.send(wire.Message{Command: wire.CmdCnxn, Data: make([]byte, 5000)}) },
		"a broken header":  func(p *host) { _, _ = p.conn.Write(bytes.Repeat([]byte("adb?"), 6)) },
		"a wrong checksum": func(p *host) {
			p.hello(wire.VersionMin, 4096)
			p.receive()
			b := wire.AppendMessage(nil, wire.Message{Command: wire.CmdAuth, Arg0: wire.AuthSignature, Data: []byte("x")}, true)
			b[len(b)-1] ^= 1
			_, _ = p.conn.Write(b)
		},
		"an AUTH of no kind": func(p *host) {
			p.hello(wire.VersionMin, 4096)
			p.receive()
			p.send(wire.Message{Command: wire.CmdAuth, Arg0: 9})
		},
		"no public key": func(p *host) {
			p.hello(wire.VersionMin, 4096)
			p.receive()
			p.send(wire.Message{Command: wire.CmdAuth, Arg0: wire.AuthRSAPublicKey, Data: []byte("AAAA me@here\x00")})
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := dialDaemon(t, d)
			send(p)
			p.gone()
		})
	}
}

func TestDaemonIgnoresStreamsBeforeItsBanner(t *testing.T) {
	t.Parallel()
	p := dialDaemon(t, newDaemon(t, newHandset(t)))
	p.send(wire.Message{Command: wire.CmdOpen, Arg0: 1, Data: []byte("shell:id\x00")})
	p.send(wire.Message{Command: 0x21212121})
	p.hello(wire.VersionMin, 4096)
	if m := p.receive(); m.Command != wire.CmdAuth || m.Arg0 != wire.AuthToken || len(m.Data) != 20 {
		t.Fatalf("received %s(%d) of %d bytes, want a token", commandName(m.Command), m.Arg0, len(m.Data))
	}
	p.send(wire.Message{Command: wire.CmdOpen, Arg0: 1, Data: []byte("shell:id\x00")})
	p.send(wire.Message{Command: wire.CmdAuth, Arg0: wire.AuthRSAPublicKey, Data: publicKey(&testKey().PublicKey)})
	p.welcomed(wire.VersionMin, 4096)
	p.silent()
}

// TestAuthorization: unknown, asked, accepted, remembered, forgotten.
func TestAuthorization(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	d := newDaemon(t, h)
	key := testKey()
	try := func(key *rsa.PrivateKey) (*host, bool) {
		p := dialDaemon(t, d)
		p.hello(wire.VersionSkipChecksum, wire.MaxPayload)
		p.version = wire.VersionSkipChecksum
		token := p.expect(wire.CmdAuth, wire.AuthToken, 0)
		p.send(wire.Message{Command: wire.CmdAuth, Arg0: wire.AuthSignature, Data: sign(t, key, token.Data)})
		m := p.receive()
		if m.Command == wire.CmdAuth && bytes.Equal(m.Data, token.Data) {
			t.Error("the same token twice")
		}
		return p, m.Command == wire.CmdCnxn
	}
	p, in := try(key)
	if in {
		t.Fatal("connected with a key that was not allowed")
	}
	p.send(wire.Message{Command: wire.CmdAuth, Arg0: wire.AuthRSAPublicKey, Data: publicKey(&key.PublicKey)})
	p.welcomed(wire.VersionSkipChecksum, wire.MaxPayload)
	p.silent()
	if _, in := try(key); !in {
		t.Error("the key was not remembered")
	}
	if _, in := try(newKey()); in {
		t.Error("let in with another key")
	}
	h.state.FactoryReset(false)
	if _, in := try(key); in {
		t.Error("the key survived a factory reset")
	}
}

func TestIdleOwnerLeavesTheComputerUnauthorized(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]*Handset{
		"idle":    newHandset(t, WithOwner(OwnerIdle())),
		"trouble": newHandset(t, WithTrouble(trouble.Trouble{Kind: trouble.Unauthorized})),
	} {
		p := dialDaemon(t, newDaemon(t, h))
		p.hello(wire.VersionSkipChecksum, wire.MaxPayload)
		p.version = wire.VersionSkipChecksum
		p.expect(wire.CmdAuth, wire.AuthToken, 0)
		p.send(wire.Message{Command: wire.CmdAuth, Arg0: wire.AuthRSAPublicKey, Data: publicKey(&testKey().PublicKey)})
		// A signature by a key that is not allowed is still answered, and is the
		// next thing answered: no banner came.
		p.send(wire.Message{Command: wire.CmdAuth, Arg0: wire.AuthSignature, Data: []byte("nonsense")})
		if m := p.receive(); m.Command != wire.CmdAuth {
			t.Errorf("%s: received %s", name, commandName(m.Command))
		}
	}
}

func TestOfflineAnswersNothing(t *testing.T) {
	t.Parallel()
	h := newHandset(t, WithTrouble(trouble.Trouble{Kind: trouble.Offline}))
	p := dialDaemon(t, newDaemon(t, h))
	p.hello(wire.VersionSkipChecksum, wire.MaxPayload)
	p.send(wire.Message{Command: wire.CmdOpen, Arg0: 1, Data: []byte("shell:id\x00")})
	_ = p.conn.(*net.TCPConn).CloseWrite()
	if n, err := io.Copy(io.Discard, p.conn); n > 0 || err != nil {
		t.Errorf("received %d bytes, %v", n, err)
	}
}

// streamRules are adbd's, and so are run on Android's own where there is one.
var streamRules = map[string]func(p *host){
	"what is not offered is refused": func(p *host) {
		// A delayed_ack window was not agreed, and no stream has id 0.
		p.send(wire.Message{Command: wire.CmdOpen, Arg0: 1, Arg1: 1 << 20, Data: []byte("shell:id\x00")})
		p.expect(wire.CmdClse, 0, 1)
		p.send(wire.Message{Command: wire.CmdOpen, Arg0: 0, Data: []byte("shell:id\x00")})
		for i, name := range []string{"", "jdwp:x", "preship:", "sink:x", "synk:"} {
			p.send(wire.Message{Command: wire.CmdOpen, Arg0: uint32(i + 2), Data: []byte(name + "\x00")})
			p.expect(wire.CmdClse, 0, uint32(i+2))
		}
	},
	"of streams that are not there only A_OKAY is answered": func(p *host) {
		p.send(wire.Message{Command: wire.CmdWrte, Arg0: 5, Arg1: 7777, Data: []byte("x")})
		p.send(wire.Message{Command: wire.CmdClse, Arg0: 5, Arg1: 7777})
		p.send(wire.Message{Command: wire.CmdOkay, Arg0: 5, Arg1: 7777})
		p.expect(wire.CmdClse, 7777, 5)
		p.silent()
	},
	"one write awaits its acknowledgement": func(p *host) {
		remote := p.open(1, "exec:head -c 5000000 /dev/zero")
		p.expect(wire.CmdWrte, remote, 1)
		p.silent() // no second one until the first is acknowledged
		p.send(wire.Message{Command: wire.CmdOkay, Arg0: 2, Arg1: remote})
		p.silent() // nor by another stream's
		p.send(wire.Message{Command: wire.CmdOkay, Arg0: 1, Arg1: remote})
		p.expect(wire.CmdWrte, remote, 1)
	},
	// By A_CLSE naming both ids, once; 0 is how adb before 2015 closed.
	"a close is answered":      func(p *host) { closeIsAnswered(p, 7) },
	"an old close is answered": func(p *host) { closeIsAnswered(p, 0) },
	"nothing follows a close":  nothingFollowsClose,
	"a second greeting begins again": func(p *host) {
		remote := p.open(1, "exec:cat")
		p.hello(wire.VersionSkipChecksum, wire.MaxPayload)
		p.greeted()
		p.send(wire.Message{Command: wire.CmdOkay, Arg0: 1, Arg1: remote}) // of a stream that ended
		p.expect(wire.CmdClse, remote, 1)
		if got := p.drain(2, p.open(2, "exec:echo here")); got != "here\n" {
			p.t.Errorf("a stream after it answered %q", got)
		}
	},
}

// nothingFollowsClose hangs up on commands, whose end a handset may have to write when
// the stream is closed already.
func nothingFollowsClose(p *host) {
	const tries = 1000
	closed, late := map[uint32]bool{}, 0
	for local := uint32(1); local <= tries; local++ {
		p.send(wire.Message{Command: wire.CmdOpen, Arg0: local, Data: []byte("shell,v2,raw:sleep 100\x00")})
		for !closed[local] {
			switch m := p.receive(); {
			case m.Command == wire.CmdOkay && m.Arg1 == local:
				p.send(wire.Message{Command: wire.CmdClse, Arg0: local, Arg1: m.Arg0})
			case m.Command == wire.CmdClse:
				closed[m.Arg1] = true
			case closed[m.Arg1]:
				late++
			}
		}
	}
	if late > 0 {
		p.t.Errorf("%d of %d streams were written to behind their close", late, tries)
	}
}

func closeIsAnswered(p *host, arg0 uint32) {
	remote := p.open(7, "exec:cat")
	p.send(wire.Message{Command: wire.CmdWrte, Arg0: 7, Arg1: remote, Data: []byte("x")})
	p.expect(wire.CmdOkay, remote, 7)
	if m := p.expect(wire.CmdWrte, remote, 7); string(m.Data) != "x" {
		p.t.Errorf("cat answered %q", m.Data)
	}
	p.send(wire.Message{Command: wire.CmdOkay, Arg0: 7, Arg1: remote})
	p.send(wire.Message{Command: wire.CmdClse, Arg0: 8, Arg1: remote}) // another's
	p.silent()
	p.send(wire.Message{Command: wire.CmdClse, Arg0: arg0, Arg1: remote})
	p.expect(wire.CmdClse, remote, 7)
	p.silent()
}

func TestStreamRules(t *testing.T) {
	t.Parallel()
	profile, err := Load("redmi-note-10")
	if err != nil {
		t.Fatal(err)
	}
	newer := *profile
	newer.Features = append(slices.Clone(profile.Features), "delayed_ack") // as from Android 14 on
	h := New(&newer, WithOwner(OwnerHelpful()))
	t.Cleanup(func() { _ = h.Close() })
	d := newDaemon(t, h)
	for name, rule := range streamRules {
		t.Run(name, func(t *testing.T) { rule(online(t, d, wire.VersionSkipChecksum, wire.MaxPayload)) })
	}
}

// TestStreamRulesOfADBD runs them on an adbd that asks for no key, such as
// Debian's: PRESHIP_ADBD is its host:port.
func TestStreamRulesOfADBD(t *testing.T) {
	addr := os.Getenv("PRESHIP_ADBD")
	if addr == "" {
		t.Skip("PRESHIP_ADBD names no adbd")
	}
	for name, rule := range streamRules {
		t.Run(name, func(t *testing.T) {
			p := dialADBD(t, addr)
			p.hello(wire.VersionSkipChecksum, wire.MaxPayload)
			p.welcomed(wire.VersionSkipChecksum, wire.MaxPayload)
			rule(p)
		})
	}
}

// TestAnswerBeforeLeaving: a handset that is asked to restart closes the stream
// only when its answer was acknowledged, and leaves the bus after that.
func TestAnswerBeforeLeaving(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	d := newDaemon(t, h)
	h.bus.Set(bus.Sideload)
	p := dialDaemon(t, d)
	p.hello(wire.VersionSkipChecksum, wire.MaxPayload)
	p.welcomed(wire.VersionSkipChecksum, wire.MaxPayload)
	remote := p.open(1, "reboot:")
	if m := p.expect(wire.CmdWrte, remote, 1); string(m.Data) != "reboot.\n" {
		t.Errorf("answered %q", m.Data)
	}
	p.silent()
	p.send(wire.Message{Command: wire.CmdOkay, Arg0: 1, Arg1: remote})
	p.expect(wire.CmdClse, remote, 1)
	p.gone()
}

// TestServicesOfOtherStates: what a handset has, but not here.
func TestServicesOfOtherStates(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	d := newDaemon(t, h)
	refused := func(p *host, names ...string) {
		t.Helper()
		for i, name := range names {
			p.send(wire.Message{Command: wire.CmdOpen, Arg0: uint32(i + 1), Data: []byte(name + "\x00")})
			p.expect(wire.CmdClse, 0, uint32(i+1))
		}
	}
	refused(online(t, d, wire.VersionSkipChecksum, wire.MaxPayload),
		"dev:/dev/null", "tcp:80", "getdevice:", "format-data:", "shell", "shellx:id")
	h.bus.Set(bus.Sideload)
	p := dialDaemon(t, d)
	p.hello(wire.VersionSkipChecksum, wire.MaxPayload)
	p.welcomed(wire.VersionSkipChecksum, wire.MaxPayload)
	refused(p, "shell:id", "exec:id", "root:", "wipe-efs:", "format-frp:00")
}

// TestDataBeforeTheCloseCounts, as `adb exec-in` relies on.
func TestDataBeforeTheCloseCounts(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	p := online(t, newDaemon(t, h), wire.VersionSkipChecksum, wire.MaxPayload)
	remote := p.open(1, "exec:cat > /data/local/tmp/in; echo $? > /data/local/tmp/status")
	p.send(wire.Message{Command: wire.CmdWrte, Arg0: 1, Arg1: remote, Data: []byte("last words")})
	p.send(wire.Message{Command: wire.CmdClse, Arg0: 1, Arg1: remote})
	p.expect(wire.CmdOkay, remote, 1)
	p.expect(wire.CmdClse, remote, 1)
	remote = p.open(2, "shell:until [ -s /data/local/tmp/status ]; do sleep 0.01; done; cat /data/local/tmp/in")
	if got := p.drain(2, remote); got != "last words" {
		t.Errorf("the handset kept %q", got)
	}
}

// TestSlowReaderStopsTheWriter: a service that does not read leaves writes
// unacknowledged, and one that is flooded all the same loses its stream.
func TestSlowReaderStopsTheWriter(t *testing.T) {
	t.Parallel()
	p := online(t, newDaemon(t, newHandset(t)), wire.VersionSkipChecksum, wire.MaxPayload)
	remote := p.open(1, "shell:sleep 60")
	data := make([]byte, wire.MaxPayload)
	p.send(wire.Message{Command: wire.CmdWrte, Arg0: 1, Arg1: remote, Data: data})
	p.silent()
	for range 4<<20/len(data) + 1 {
		p.send(wire.Message{Command: wire.CmdWrte, Arg0: 1, Arg1: remote, Data: data})
	}
	p.expect(wire.CmdClse, remote, 1)
	p.silent()
}

func TestLinkEndsWithTheStay(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	d := newDaemon(t, h)
	p := online(t, d, wire.VersionSkipChecksum, wire.MaxPayload)
	h.bus.Set(bus.Absent)
	p.gone()
	p = dialDaemon(t, d)
	p.gone() // the handset is off the bus
	h.bus.Set(bus.Sideload)
	p = dialDaemon(t, d)
	p.hello(wire.VersionSkipChecksum, wire.MaxPayload)
	p.welcomed(wire.VersionSkipChecksum, wire.MaxPayload)
	if p.banner != "sideload::" {
		t.Errorf("banner %q", p.banner)
	}
	remote := p.open(1, "getdevice:")
	if got := p.drain(1, remote); !strings.HasSuffix(got, "\n") {
		t.Errorf("getdevice: answered %q", got)
	}
}
