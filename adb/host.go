package adb

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/electricbubble/gadb"

	"preship/adb/internal/wire"
)

// hostSide are the questions about the server itself.
type hostSide interface {
	version(ctx context.Context) (int, error)
	connect(ctx context.Context, addr string) error
	disconnect(ctx context.Context, addr string) error
}

// newHostSide takes gadb where gadb can go: to servers on TCP. It cannot dial
// a local socket, nor use a dialler it is given.
func newHostSide(c *Client) hostSide {
	if c.endpoint.network != "tcp" || c.options.Dial != nil {
		return streamHost{c}
	}
	return gadbHost{c, make(chan struct{}, maxGadbCalls)}
}

// maxGadbCalls bounds the goroutines that calls given up by their context may
// leave behind until gadb's own 60 s read deadline ends them.
const maxGadbCalls = 8

// gadbHost asks by gadb. gadb knows no context, panics on a length such as
// "-001" and returns refusals as plain text, so each call runs in call.
type gadbHost struct {
	client *Client
	slots  chan struct{}
}

// call runs ask in its own goroutine and returns at ctx's end at the
// latest. The goroutine then ends by gadb's read deadline; until it does it
// holds one of the slots, so there are never more than maxGadbCalls.
func (h gadbHost) call(ctx context.Context, ask func(gadb.Client) error) error {
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	done := make(chan error, 1)
	go func() {
		defer func() { <-h.slots }()
		done <- h.ask(ask)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (h gadbHost) ask(ask func(gadb.Client) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrProtocol, r)
		}
	}()
	host := h.client.endpoint.host
	if strings.Contains(host, ":") {
		host = "[" + host + "]" // gadb joins host and port by a colon
	}
	g, err := gadb.NewClientWith(host, h.client.endpoint.port)
	if err != nil {
		return h.client.noServer(err)
	}
	return explainGadb(ask(g))
}

// explainGadb recovers what gadb's texts say.
func explainGadb(err error) error {
	var number *strconv.NumError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &number):
		return fmt.Errorf("%w: %w", ErrProtocol, err)
	}
	if text, ok := strings.CutPrefix(err.Error(), "command failed: "); ok {
		return refusal(text)
	}
	for _, prefix := range []string{"adb connect: ", "adb disconnect: "} {
		if text, ok := strings.CutPrefix(err.Error(), prefix); ok {
			return connectFailure(text)
		}
	}
	return fmt.Errorf("%w: %w", ErrClosed, err)
}

func (h gadbHost) version(ctx context.Context) (int, error) {
	var v int
	answer := make(chan int, 1)
	err := h.call(ctx, func(g gadb.Client) error {
		n, err := g.ServerVersion()
		answer <- n
		return err
	})
	if err == nil {
		v = <-answer
	}
	return v, err
}

func (h gadbHost) connect(ctx context.Context, addr string) error {
	host, port, err := splitDevice(addr)
	if err != nil {
		return err
	}
	return h.call(ctx, func(g gadb.Client) error { return g.Connect(host, port) })
}

func (h gadbHost) disconnect(ctx context.Context, addr string) error {
	host, port, err := splitDevice(addr)
	if err != nil {
		return err
	}
	return h.call(ctx, func(g gadb.Client) error { return g.Disconnect(host, port) })
}

// splitDevice keeps the brackets of an IPv6 host, as adb wants them.
func splitDevice(addr string) (host string, port int, err error) {
	i := strings.LastIndexByte(addr, ':')
	if i <= 0 {
		return "", 0, fmt.Errorf("%w: %q", ErrAddress, addr)
	}
	n, err := strconv.ParseUint(addr[i+1:], 10, 16)
	if err != nil || n == 0 {
		return "", 0, fmt.Errorf("%w: %q", ErrAddress, addr)
	}
	return addr[:i], int(n), nil
}

// streamHost asks by a stream of our own, where gadb cannot go.
type streamHost struct {
	client *Client
}

func (h streamHost) version(ctx context.Context) (int, error) {
	b, err := h.client.ask(ctx, "host:version")
	if err != nil {
		return 0, err
	}
	v, err := strconv.ParseUint(string(b), 16, 16)
	if err != nil {
		return 0, fmt.Errorf("%w: version %q", ErrProtocol, b)
	}
	return int(v), nil
}

func (h streamHost) connect(ctx context.Context, addr string) error {
	return h.change(ctx, "host:connect:"+addr, "connected to", "already connected to")
}

func (h streamHost) disconnect(ctx context.Context, addr string) error {
	return h.change(ctx, "host:disconnect:"+addr, "disconnected")
}

// change asks for something whose answer is OKAY and a text even when it did
// not succeed: only the beginning of the text differs.
func (h streamHost) change(ctx context.Context, service string, good ...string) error {
	b, err := h.client.ask(ctx, service)
	if err != nil {
		return err
	}
	for _, prefix := range good {
		if strings.HasPrefix(string(b), prefix) {
			return nil
		}
	}
	return connectFailure(string(b))
}

// unreachable are the beginnings of the texts for a device that does not answer: connect_device and
// network_connect in AOSP, seen with 29.0.6 and 34.0.5.
var unreachable = []string{"failed to connect to", "failed to resolve host", "unable to connect to", "cannot connect to"}

func connectFailure(text string) error {
	text = strings.TrimSpace(text)
	for _, prefix := range unreachable {
		if strings.HasPrefix(text, prefix) {
			return fmt.Errorf("%w: %q", ErrUnreachable, text)
		}
	}
	return refusal(text)
}

// ask sends one host service and reads the block that answers it. It is used
// beside gadb because gadb drops devices without four columns (unauthorized
// ones among them), and has no features and no context.
func (c *Client) ask(ctx context.Context, service string) ([]byte, error) {
	return c.askAs(ctx, service, service)
}

// askAs is ask with name for the service in errors.
func (c *Client) askAs(ctx context.Context, name, service string) ([]byte, error) {
	conn, err := c.dial(ctx, name)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := conn.request(service); err != nil {
		return nil, err
	}
	b, err := wire.ReadBlock(conn)
	if err != nil {
		return nil, conn.named(err)
	}
	return b, nil
}
