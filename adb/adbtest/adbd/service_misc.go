package adbd

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"preship/adb/adbtest/stream"
)

// serveNothing stays open and lists no debuggable process.
func serveNothing(ctx context.Context, _ *Services, _ string, s stream.Stream) func() {
	// An empty list, in the form of four hexadecimal digits, comes first.
	_, _ = io.WriteString(s, "0000")
	select {
	case <-ctx.Done():
	case <-s.HungUp():
	}
	return nil
}

// serveABB is `abb_exec:SERVICE\0ARG\0…`: the same as the shell's cmd, without a
// shell to quote for.
func serveABB(ctx context.Context, d *Services, args string, s stream.Stream) func() {
	return serveRaw(ctx, d, abbLine(args), false, nil, s)
}

// serveABBShell is abb_exec: with the shell protocol around it.
func serveABBShell(ctx context.Context, d *Services, args string, s stream.Stream) func() {
	return serveV2(ctx, d, abbLine(args), nil, s)
}

func abbLine(args string) string {
	line := "cmd"
	if args == "" {
		return line
	}
	for word := range strings.SplitSeq(strings.TrimSuffix(args, "\x00"), "\x00") {
		line += " '" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return line
}

func serveTCPIP(_ context.Context, d *Services, arg string, s stream.Stream) func() {
	port, _ := strconv.Atoi(arg)
	if port <= 0 {
		_, _ = fmt.Fprintf(s, "invalid port %d\n", port)
		return nil
	}
	_, _ = fmt.Fprintf(s, "restarting in TCP mode port: %d\n", port)
	return d.Reconnect
}

// Reconnect ends the stay on the bus and begins another at once, as adbd's
// restart does: the same state, other connections.
func (d *Services) Reconnect() {
	state, _ := d.Bus.Presence()
	d.Bus.Set(state)
}

// block returns text after its length in four hexadecimal digits.
func block(text string) string { return fmt.Sprintf("%04x%s", len(text), text) }

// serveReboot leaves the bus once the stream is closed. adbd runs `reboot` and
// its stream ends with the handset.
func serveReboot(_ context.Context, d *Services, target string, _ stream.Stream) func() {
	return func() { d.Reboot(target) }
}
