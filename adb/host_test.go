package adb

import (
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"

	"preship/adb/internal/wire"
)

// tcpServer is a server on TCP, for what goes by gadb: it answers every
// connection with the bytes that answer has for its request, and then closes.
// A request without a row is left without an answer until the test ends.
func tcpServer(t *testing.T, answer map[string]string) *Client {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var conns sync.WaitGroup
	end := make(chan struct{})
	conns.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			conns.Go(func() {
				defer c.Close()
				q, err := wire.ReadBlock(c)
				if err != nil {
					return // gadb begins with a connection that asks nothing
				}
				if text, ok := answer[string(q)]; ok {
					io.WriteString(c, text)
					return
				}
				<-end
			})
		}
	})
	t.Cleanup(func() {
		close(end)
		ln.Close()
		conns.Wait()
	})
	c, err := New(Options{Addr: ln.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func block(text string) string {
	b, _ := wire.AppendBlock([]byte("OKAY"), []byte(text))
	return string(b)
}

func failed(text string) string { return string(wire.AppendFail(nil, text)) }

// hostAnswers are asked of both host sides: by gadb on TCP and by streams.
var hostAnswers = []struct {
	name, question, answer string
	ask                    func(context.Context, *Client) error
	want                   error
}{
	{"version", "host:version", block("0029"), version(41), nil},
	{"version is no number", "host:version", block("zz"), version(0), ErrProtocol},
	{"length is negative", "host:version", "OKAY-001", version(0), ErrProtocol},
	{"no status", "host:version", "", version(0), ErrClosed},
	{"connected", "host:connect:10.0.0.1:5555", block("connected to 10.0.0.1:5555"), connect("10.0.0.1:5555"), nil},
	{"connected before", "host:connect:10.0.0.1:5555", block("already connected to 10.0.0.1:5555"), connect("10.0.0.1:5555"), nil},
	{"connect failed", "host:connect:10.0.0.1:5555", block("failed to connect to '10.0.0.1:5555': Connection refused"), connect("10.0.0.1:5555"), ErrNoDevice},
	{"connect failed, in particular", "host:connect:10.0.0.1:5555", block("failed to connect to '10.0.0.1:5555': Connection refused"), connect("10.0.0.1:5555"), ErrUnreachable},
	{"connect finds no such name", "host:connect:nowhere:5555", block("failed to resolve host: 'nowhere': Name or service not known"), connect("nowhere"), ErrUnreachable},
	{"connect answers something else", "host:connect:10.0.0.1:5555", block("as you wish"), connect("10.0.0.1:5555"), ErrRefused},
	{"connect answers nothing", "host:connect:10.0.0.1:5555", block(""), connect("10.0.0.1:5555"), ErrRefused},
	{"connect by adb's own port", "host:connect:10.0.0.1:5555", block("connected to 10.0.0.1:5555"), connect("10.0.0.1"), nil},
	{"connect waits for consent", "host:connect:10.0.0.1:5555", block("failed to authenticate to 10.0.0.1:5555"), connect("10.0.0.1:5555"), ErrUnauthorized},
	{"connect to IPv6", "host:connect:[::1]:5555", block("connected to [::1]:5555"), connect("[::1]:5555"), nil},
	{"disconnected", "host:disconnect:10.0.0.1:5555", block("disconnected 10.0.0.1:5555"), disconnect("10.0.0.1:5555"), nil},
	{"disconnect unknown", "host:disconnect:10.0.0.1:5555", failed("no such device '10.0.0.1:5555'"), disconnect("10.0.0.1:5555"), ErrNoDevice},
}

func version(want int) func(context.Context, *Client) error {
	return func(ctx context.Context, c *Client) error {
		v, err := c.Version(ctx)
		if err == nil && v != want {
			return errors.New("wrong version")
		}
		return err
	}
}

func connect(addr string) func(context.Context, *Client) error {
	return func(ctx context.Context, c *Client) error { return c.Connect(ctx, addr) }
}

func disconnect(addr string) func(context.Context, *Client) error {
	return func(ctx context.Context, c *Client) error { return c.Disconnect(ctx, addr) }
}

func TestHostSide(t *testing.T) {
	t.Parallel()
	for _, tt := range hostAnswers {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			overTCP := tcpServer(t, map[string]string{tt.question: tt.answer})
			if _, ok := overTCP.host.(gadbHost); !ok {
				t.Fatalf("a server on TCP is asked by %T", overTCP.host)
			}
			s := newScriptedServer(t)
			s.Host[tt.question] = func(c net.Conn) { io.WriteString(c, tt.answer) }
			for _, c := range []*Client{overTCP, s.client(t)} {
				if err := tt.ask(t.Context(), c); !errors.Is(err, tt.want) {
					t.Errorf("by %T: %v, want %v", c.host, err, tt.want)
				}
			}
		})
	}
}

func TestConnectRefusesAddresses(t *testing.T) {
	t.Parallel()
	c := tcpServer(t, nil)
	for _, addr := range notAddresses {
		for name, ask := range map[string]func() error{
			"Connect":    func() error { return c.Connect(t.Context(), addr) },
			"Disconnect": func() error { return c.Disconnect(t.Context(), addr) },
			"Pair":       func() error { _, err := c.Pair(t.Context(), addr, "123456"); return err },
		} {
			if err := ask(); !errors.Is(err, ErrAddress) {
				t.Errorf("%s(%q): %v, want ErrAddress", name, addr, err)
			}
		}
	}
}

func TestGadbHonoursContext(t *testing.T) {
	t.Parallel()
	c := tcpServer(t, nil) // answers nothing
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("stop")
	answered := make(chan error)
	for range maxGadbCalls + 2 { // the last ones wait for a slot
		go func() {
			_, err := c.Version(ctx)
			answered <- err
		}()
	}
	slots := c.host.(gadbHost).slots
	for len(slots) < maxGadbCalls {
		runtime.Gosched()
	}
	cancel(stop)
	for range maxGadbCalls + 2 {
		if err := <-answered; !errors.Is(err, stop) {
			t.Errorf("Version: %v, want the context's cause", err)
		}
	}
	if n := len(slots); n != maxGadbCalls {
		t.Errorf("%d calls given up are counted, want %d while gadb still waits", n, maxGadbCalls)
	}
}

func TestNoServer(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	ln.Close()
	c, err := New(Options{Addr: addr})
	if err != nil {
		t.Fatal(err)
	}
	asks := map[string]func() error{
		"version": func() error { _, err := c.Version(t.Context()); return err },
		"devices": func() error { _, err := c.Devices(t.Context()); return err },
		"shell":   func() error { _, err := c.Device("x").Shell(t.Context(), "id", nil); return err },
		"ensure":  func() error { _, err := c.Ensure(t.Context()); return err },
	}
	for name, ask := range asks {
		if err := ask(); !errors.Is(err, ErrNoServer) || !strings.Contains(err.Error(), addr) {
			t.Errorf("%s: %v, want ErrNoServer at %s", name, err, addr)
		}
	}
}
