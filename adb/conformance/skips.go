package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Daemon is a kind of daemon, which decides what [Run] may skip.
type Daemon string

// The kinds of daemons.
const (
	Android  Daemon = "adbd of Android 8 or later"
	Android7 Daemon = "adbd of Android 7 or earlier"
	Linux    Daemon = "adbd built for Linux"
)

// Identify asks which kind of daemon is behind p.
func Identify(ctx context.Context, p Peer) (Daemon, error) {
	a, err := p.Shell(ctx, "getprop ro.build.version.sdk", nil)
	if err != nil {
		return "", err
	}
	if a.Exit == 127 {
		return Linux, nil
	}
	sdk, err := strconv.Atoi(string(bytes.TrimSpace(a.Stdout)))
	switch {
	case err != nil:
		return "", fmt.Errorf("the API level is %s", short(a.Stdout))
	case sdk < 26:
		return Android7, nil
	}
	return Android, nil
}

// commandLine is in the table of skips for a [Peer] that is no [Opener], such as the
// program adb.
const commandLine Daemon = "a client that opens no service"

// skips names every row that may be unsupported, by what, and why. A row is a name of the
// list or the beginning of names, before "*". An unsupported row that is not here has failed.
var skips = []struct {
	row string
	by  Daemon
	why string
}{
	{"shell: a line in the log", Linux, "its system has no log of Android's kind"},
	{"services: the screen", Linux, "the service framebuffer: is built for Android alone"},
	{"services: no port to listen on", Linux, "the service tcpip: is built for Android alone"},
	{"shell: a hash", Android7, "toybox has sha256sum since Android 8"},
	{"files: the handset's hash agrees", Android7, "toybox has sha256sum since Android 8"},
	{"services: shell without the protocol", commandLine, "the client asks for the shell protocol itself"},
	{"services: shell arguments unknown are ignored", commandLine, "the client writes the arguments itself"},
	{"services: one that is not there", commandLine, "the client has no command for it"},
	{"services: the screen", commandLine, "the client has no command for it that takes no input"},
	{"services: no port to listen on", commandLine, "the client checks the number itself"},
	{"services: a port that is no number", commandLine, "the client checks the number itself"},
	{"sync: *", commandLine, "the client writes the requests itself"},
}

// ErrSkipped is wrapped by the error of a row that [Run] skipped, with the reason.
var ErrSkipped = errors.New("skipped")

// judged returns the result of a row: one that is unsupported is [ErrSkipped] if the daemon
// or the client may skip it, and else an error of another kind.
func judged(row string, p Peer, d Daemon, err error) error {
	if !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	_, opens := p.(Opener)
	for _, s := range skips {
		begin, any := strings.CutSuffix(s.row, "*")
		if s.row != row && (!any || !strings.HasPrefix(row, begin)) {
			continue
		}
		if s.by == d || s.by == commandLine && !opens {
			return fmt.Errorf("%w by %s: %s: %w", ErrSkipped, s.by, s.why, err)
		}
	}
	return fmt.Errorf("it is not known that %s lacks this: %v", d, err)
}
