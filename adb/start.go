package adb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"preship/report/message"
)

// How long a server that was just started may take until it answers, and how
// often it is asked meanwhile.
const (
	startTimeout = 15 * time.Second
	startPoll    = 50 * time.Millisecond
)

// Ensure sees to it that a server answers. With Options.Start it starts one at
// a local address where nothing listens; started then is true. It never stops
// or replaces a server. The error is ErrNoServer with its cause if no server
// answers and no server can be started, and ErrStranger if another program listens there.
func (c *Client) Ensure(ctx context.Context) (started bool, err error) {
	err = c.answers(ctx)
	if err == nil || !errors.Is(err, ErrNoServer) {
		return false, err
	}
	if !c.options.Start || c.options.Dial != nil || !c.endpoint.local() {
		return false, err
	}
	binary := c.options.ADB
	if binary == "" {
		binary = "adb"
	}
	path, lookErr := exec.LookPath(binary)
	if lookErr != nil {
		return false, message.Kind(message.Say("connect.error.no-program", "address", c.Addr(), "program", binary), ErrNoServer)
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := c.startServer(ctx, path); err != nil {
		return false, err
	}
	return true, c.awaitServer(ctx)
}

// answerTimeout is long for a server on the same computer, whose version is a
// question about itself.
const answerTimeout = 10 * time.Second

// answers asks whatever listens at the address whether it is a server.
func (c *Client) answers(ctx context.Context) error {
	asking, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	_, err := c.Version(asking)
	if err == nil || errors.Is(err, ErrNoServer) || ctx.Err() != nil {
		return err
	}
	return &strangerError{c.Addr(), err}
}

// strangerError is ErrStranger with what asking came to, which its text leaves
// out: a server that is just being ended looks the same, and is tried again.
type strangerError struct {
	addr  string
	cause error
}

func (e *strangerError) Error() string   { return fmt.Sprintf("%s: %v", e.addr, ErrStranger) }
func (e *strangerError) Unwrap() []error { return []error{ErrStranger, e.cause} }

func (c *Client) startServer(ctx context.Context, adb string) error {
	cmd := exec.CommandContext(ctx, adb, "-L", c.endpoint.listenSpec(), "start-server")
	cmd.Env = withoutServerAddress(os.Environ())
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	// The server outlives the command and may keep its output open.
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	if err == nil || errors.Is(err, exec.ErrWaitDelay) {
		return nil
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return c.lacksServer(message.Join(message.Colon, message.AsIs(adb+" start-server"), message.Of(err), message.AsIs(string(bytes.TrimSpace(said.Bytes())))), err)
}

// withoutServerAddress drops the variables that would contradict -L.
func withoutServerAddress(env []string) []string {
	var kept []string
	for _, kv := range env {
		name, _, _ := strings.Cut(kv, "=")
		switch name {
		case "ADB_SERVER_SOCKET", "ANDROID_ADB_SERVER_PORT", "ANDROID_ADB_SERVER_ADDRESS":
		default:
			kept = append(kept, kv)
		}
	}
	return kept
}

func (c *Client) awaitServer(ctx context.Context) error {
	tick := time.NewTicker(startPoll)
	defer tick.Stop()
	for {
		_, err := c.Version(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return c.lacksServer(message.Join(message.Colon, message.Say("connect.error.started"), message.Of(err)), err)
		}
	}
}
