package adbtest

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"preship/adb/internal/wire"
)

// echoes is a port of this computer that echoes its input.
func echoes(t *testing.T) (port string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.Copy(conn, conn)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port
}

// requested sends a request that is answered twice and returns the connection
// behind both answers, or what the server refuses with.
func requested(t *testing.T, s *Server, name string) (conn net.Conn, fail string) {
	t.Helper()
	conn = dialLocal(t, s.Addr())
	for _, err := range []func() error{func() error { return request1(conn, name) }, func() error { return wire.ReadStatus(conn) }} {
		if err := err(); err != nil {
			return nil, failText(err)
		}
	}
	return conn, ""
}

func dialLocal(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	return conn
}

// forwarded opens a free port that leads to remote.
func forwarded(t *testing.T, s *Server, remote string) (addr string) {
	t.Helper()
	conn, fail := requested(t, s, "host:forward:tcp:0;"+remote)
	if fail != "" {
		t.Fatal(fail)
	}
	port, err := wire.ReadBlock(conn)
	if err != nil {
		t.Fatal(err)
	}
	return "127.0.0.1:" + string(port)
}

func portOf(addr string) string {
	_, port, _ := net.SplitHostPort(addr)
	return port
}

// A port of the computer leads to a port of the handset, which leads back to
// another port of the computer.
func TestServerForwardAndReverse(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	s := newServer(t, h)
	if got, err := peerOf(s, h).Service(t.Context(), "reverse:forward:tcp:5566;tcp:"+echoes(t)); err != nil || string(got) != "OKAY" {
		t.Fatalf("reverse: %q, %v", got, err)
	}
	addr := forwarded(t, s, "tcp:5566")
	if got, err := askServer(t, s, "host:list-forward"); err != nil || got != h.Serial()+" tcp:"+portOf(addr)+" tcp:5566\n" {
		t.Errorf("list-forward: %q, %v", got, err)
	}
	conn := dialLocal(t, addr)
	if _, err := io.WriteString(conn, "hello"); err != nil {
		t.Fatal(err)
	}
	back := make([]byte, 5)
	if _, err := io.ReadFull(conn, back); err != nil || string(back) != "hello" {
		t.Errorf("came back: %q, %v", back, err)
	}
	nobody := dialLocal(t, forwarded(t, s, "localabstract:nobody"))
	if b, err := io.ReadAll(nobody); len(b) != 0 {
		t.Errorf("a service that is not there sent %q, %v", b, err)
	}
}

func TestServerForwardAnswers(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	s := newServer(t, h)
	port := portOf(forwarded(t, s, "tcp:1"))
	for _, tt := range []struct{ ask, fail string }{
		{"host:forward:norebind:tcp:" + port + ";tcp:2", "cannot rebind existing socket"},
		{"host:forward:tcp:" + port, "bad forward: forward:tcp:" + port},
		{"host:forward:localabstract:x;tcp:2", "cannot bind listener: only tcp:PORT can be forwarded here"},
		{"host-serial:nobody:forward:tcp:0;tcp:1", "device 'nobody' not found"},
		{"host:killforward:tcp:1", "listener 'tcp:1' not found"},
		{"host:forward:tcp:" + port + ";tcp:2", ""},
		{"host:killforward:tcp:" + port, ""},
		{"host:killforward:tcp:" + port, "listener 'tcp:" + port + "' not found"},
		{"host:killforward-all", ""},
	} {
		if _, text := requested(t, s, tt.ask); text != tt.fail {
			t.Errorf("%s: FAIL %q, want %q", tt.ask, text, tt.fail)
		}
	}
	taken := echoes(t)
	if _, text := requested(t, s, "host:forward:tcp:"+taken+";tcp:1"); !strings.HasPrefix(text, "cannot bind listener: ") {
		t.Errorf("a port that is taken: %q", text)
	}
}

// What leaves the bus takes its ports along.
func TestServerForwardEndsWithHandset(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	s := newServer(t, h)
	addr := forwarded(t, s, "tcp:1")
	h.adbd.Reconnect()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for ctx.Err() == nil { // until the port is given back
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		_ = conn.Close()
	}
	t.Error("the port is still taken")
}
