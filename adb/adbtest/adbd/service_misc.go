package adbd

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"

	"preship/adb/adbtest/stream"
	"preship/adb/adbtest/vfs"
)

// answers is a service that sends a text, and does something once it is closed; after
// may be nil.
func answers(fn func(d *Services, arg string) (text string, after func())) service {
	return func(_ context.Context, d *Services, arg string, s stream.Stream) func() {
		text, after := fn(d, arg)
		_, _ = io.WriteString(s, text)
		return after
	}
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

// tcpip is adb tcpip, and usb adb usb. adbd restarts, and listens on no other port: an
// emulated handset is on the network all the time, at the address of its front.
func tcpip(d *Services, arg string) (string, func()) {
	port, _ := strconv.Atoi(arg)
	if port <= 0 {
		return fmt.Sprintf("invalid port %d\n", port), nil
	}
	return fmt.Sprintf("restarting in TCP mode port: %d\n", port), func() { d.restartOn(arg) }
}

func usb(d *Services, _ string) (string, func()) {
	return "restarting in USB mode\n", func() { d.restartOn("0") }
}

func (d *Services) restartOn(port string) {
	d.SetProp("service.adb.tcp.port", port)
	d.Reconnect()
}

// Reconnect ends the stay on the bus and begins another at once, as adbd's
// restart does: the same state, other connections.
func (d *Services) Reconnect() {
	state, _ := d.Bus.Presence()
	d.Bus.Set(state)
}

// The picture of framebuffer:, of which every pixel is grey: no emulated screen is drawn.
const (
	screenWidth, screenHeight = 540, 1170
	screenGrey                = 0x80
)

// framebuffer sends the screen: framebuffer_service.cpp's header of version 2, and
// pixels of red, green, blue and alpha.
func framebuffer(*Services, string) (string, func()) {
	var b []byte
	for _, n := range []uint32{2, 32, 0, screenWidth * screenHeight * 4, screenWidth, screenHeight, 0, 8, 16, 8, 8, 8, 24, 8} {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	return string(append(b, bytes.Repeat([]byte{screenGrey, screenGrey, screenGrey, 0xff}, screenWidth*screenHeight)...)), nil
}

// block returns text after its length in four hexadecimal digits.
func block(text string) string { return fmt.Sprintf("%04x%s", len(text), text) }

// reboot leaves the bus once the stream is closed. adbd runs `reboot` and its stream
// ends with the handset.
func reboot(d *Services, target string) (string, func()) { return "", func() { d.Reboot(target) } }

// BecomeRoot makes adbd and all that it starts root, or the shell again.
func (d *Services) BecomeRoot(root bool) {
	who, prop := vfs.ShellCredential(d.SDK()), ""
	if root {
		who, prop = vfs.Credential{}, "1"
	}
	d.Tree.Become(who)
	d.SetProp("service.adb.root", prop)
}

func (d *Services) restartAs(root bool) {
	d.BecomeRoot(root)
	d.Reconnect()
}

// root is adb root, and unroot adb unroot. Only adbd of a userdebug or eng build becomes
// root.
func root(d *Services, _ string) (string, func()) {
	switch {
	case d.Tree.Credential().UID == 0:
		return "adbd is already running as root\n", nil
	case d.Prop("ro.debuggable") != "1":
		return "adbd cannot run as root in production builds\n", nil
	}
	return "restarting adbd as root\n", func() { d.restartAs(true) }
}

func unroot(d *Services, _ string) (string, func()) {
	if d.Tree.Credential().UID != 0 {
		return "adbd not running as root\n", nil
	}
	return "restarting adbd as non root\n", func() { d.restartAs(false) }
}
