package adbd

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"

	"preship/adb/adbtest/stream"
	"preship/adb/adbtest/vfs"
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
	return func() { d.listen(port) }
}

func serveUSB(_ context.Context, d *Services, _ string, s stream.Stream) func() {
	_, _ = io.WriteString(s, "restarting in USB mode\n")
	return func() { d.listen(0) }
}

// network is the listener of `adb tcpip`, beside the handset's other ways to a computer.
type network struct {
	mu     sync.Mutex
	open   func(addr string) (*Front, error)
	front  *Front
	ending sync.WaitGroup
}

// listen restarts adbd, from then on with a port of the computer's loopback interface; 0
// ends that. A port on which every adb server looks for emulators (5555 to 5585) is not
// listened on, because servers that the handset does not belong to would take it.
func (d *Services) listen(port int) {
	n := &d.network
	n.mu.Lock()
	if old := n.front; old != nil {
		n.ending.Go(func() { _ = old.Close() }) // it may wait for the caller
	}
	n.front = nil
	if port > 0 {
		n.front, _ = n.open(net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	}
	n.mu.Unlock()
	d.SetProp("service.adb.tcp.port", strconv.Itoa(port))
	d.Reconnect()
}

// Close ends what `adb tcpip` began, and waits for it.
func (d *Services) Close() {
	d.network.mu.Lock()
	front := d.network.front
	d.network.front = nil
	d.network.mu.Unlock()
	if front != nil {
		_ = front.Close()
	}
	d.network.ending.Wait()
}

// The picture of framebuffer:, of which every pixel is grey: no emulated screen is drawn.
const (
	screenWidth, screenHeight = 540, 1170
	screenGrey                = 0x80
)

// serveFramebuffer sends the screen: framebuffer_service.cpp's header of version 2, and
// pixels of red, green, blue and alpha.
func serveFramebuffer(_ context.Context, _ *Services, _ string, s stream.Stream) func() {
	var b []byte
	for _, n := range []uint32{2, 32, 0, screenWidth * screenHeight * 4, screenWidth, screenHeight, 0, 8, 16, 8, 8, 8, 24, 8} {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	_, _ = s.Write(append(b, bytes.Repeat([]byte{screenGrey, screenGrey, screenGrey, 0xff}, screenWidth*screenHeight)...))
	return nil
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

// debuggable reports whether this is a userdebug or eng build, on which adbd may
// become root.
func (d *Services) debuggable() bool { return d.Prop("ro.debuggable") == "1" }

// isRoot reports whether adbd runs as root now.
func (d *Services) isRoot() bool { return d.Tree.Credential().UID == 0 }

// BecomeRoot makes adbd and all that it starts root, or the shell again.
func (d *Services) BecomeRoot(root bool) {
	who, prop := vfs.ShellCredential(d.SDK()), ""
	if root {
		who, prop = vfs.Credential{}, "1"
	}
	d.Tree.Become(who)
	d.SetProp("service.adb.root", prop)
}

func serveRoot(_ context.Context, d *Services, _ string, s stream.Stream) func() {
	switch {
	case d.isRoot():
		_, _ = io.WriteString(s, "adbd is already running as root\n")
		return nil
	case !d.debuggable():
		_, _ = io.WriteString(s, "adbd cannot run as root in production builds\n")
		return nil
	}
	_, _ = io.WriteString(s, "restarting adbd as root\n")
	return func() {
		d.BecomeRoot(true)
		d.Reconnect()
	}
}

func serveUnroot(_ context.Context, d *Services, _ string, s stream.Stream) func() {
	if !d.isRoot() {
		_, _ = io.WriteString(s, "adbd not running as root\n")
		return nil
	}
	_, _ = io.WriteString(s, "restarting adbd as non root\n")
	return func() {
		d.BecomeRoot(false)
		d.Reconnect()
	}
}
