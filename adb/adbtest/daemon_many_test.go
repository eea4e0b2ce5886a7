package adbtest

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"preship/adb/adbtest/adbd"
	"preship/adb/internal/wire"
)

func TestScannedPortsAreRefused(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	for _, port := range []string{"5555", "5562", "5585"} {
		if _, err := NewDaemon(h, "127.0.0.1:"+port); !errors.Is(err, adbd.ErrScannedPort) {
			t.Errorf("daemon on %s: %v", port, err)
		}
		if _, err := NewServer("127.0.0.1:"+port, h); !errors.Is(err, adbd.ErrScannedPort) {
			t.Errorf("server on %s: %v", port, err)
		}
	}
}

func TestManyLinksComeAndGo(t *testing.T) {
	t.Parallel()
	d := newDaemon(t, newHandset(t))
	for i := range 200 {
		p := online(t, d, wire.VersionSkipChecksum, wire.MaxPayload)
		p.open(1, "shell:cat")
		if i%2 == 0 {
			remote := p.open(2, "shell:echo hi")
			if got := p.drain(2, remote); got != "hi\n" {
				t.Fatalf("link %d: %q", i, got)
			}
		}
		_ = p.conn.Close()
	}
}

func FuzzDaemonFront(f *testing.F) {
	msg := func(ms ...wire.Message) (all []byte) {
		for _, m := range ms {
			all = wire.AppendMessage(all, m, true)
		}
		return all
	}
	f.Add(msg(wire.Message{Command: wire.CmdOpen, Arg0: 1, Data: []byte("shell,v2,raw:cat\x00")},
		wire.Message{Command: wire.CmdWrte, Arg0: 1, Arg1: 1, Data: wire.AppendShell(nil, 0, []byte("hi"))},
		wire.Message{Command: wire.CmdClse, Arg0: 1, Arg1: 1}))
	f.Add(msg(wire.Message{Command: wire.CmdOpen, Arg0: 1, Data: []byte("sync:\x00")},
		wire.Message{Command: wire.CmdWrte, Arg0: 1, Arg1: 1, Data: []byte("LIST\x01\x00\x00\x00/QUIT\x00\x00\x00\x00")}))
	f.Add(msg(wire.Message{Command: wire.CmdCnxn, Arg0: wire.VersionMin, Arg1: 1 << 20}))
	f.Add([]byte("OPEN\x01\x00\x00\x00"))
	d := newDaemon(f, newHandset(f))
	f.Fuzz(func(t *testing.T, sent []byte) {
		if bytes.Contains(sent, []byte("re")) {
			t.Skip("reboot: and reconnect end the stay for the other runs too")
		}
		p := online(t, d, wire.VersionMin, wire.MaxPayload)
		_, _ = p.conn.Write(sent)
		_ = p.conn.(*net.TCPConn).CloseWrite()
		_ = p.conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		_, _ = io.CopyN(io.Discard, p.conn, 1<<20)
		_ = p.conn.Close()
		again := online(t, d, wire.VersionSkipChecksum, wire.MaxPayload)
		again.silent()
		_ = again.conn.Close()
	})
}
