package adbd

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"preship/adb/adbtest/android"
	"preship/adb/adbtest/bus"
	"preship/adb/adbtest/shell"
	"preship/adb/adbtest/stream"
)

// service runs one service that the computer opened, as a [Session] does. arg is what
// followed the prefix by which it was found. A service that must notice that the computer
// closed the stream watches HungUp.
type service func(ctx context.Context, d *Services, arg string, s stream.Stream) (after func())

type serviceRow struct {
	prefix string
	whole  bool // the whole name, not only its beginning
	run    service
	takes  func(d *Services, arg string) bool // refuses it while it is false; nil takes any argument
}

func (r serviceRow) is(name string) bool {
	return name == r.prefix || !r.whole && strings.HasPrefix(name, r.prefix)
}

// deviceServices are adbd's, in the order in which daemon/services.cpp asks;
// any other service is refused by closing the stream, as adbd does: among others
// dev:, localabstract: and track-jdwp.
var deviceServices = []serviceRow{
	{prefix: "abb_exec:", run: serveABB},
	{prefix: "abb:", run: serveABBShell},
	{prefix: "reboot:", run: answers(reboot)},
	{prefix: "root:", run: answers(root)},
	{prefix: "unroot:", run: answers(unroot)},
	{prefix: "tcpip:", run: answers(tcpip), takes: isNumber},
	{prefix: "usb:", whole: true, run: answers(usb)},
	{prefix: "framebuffer:", whole: true, run: answers(framebuffer)},
	{prefix: "shell:", run: serveShellPlain},
	{prefix: "shell,", run: serveShellArgs, takes: (*Services).takesShellArgs},
	{prefix: "exec:", run: serveExec},
	{prefix: "sync:", run: serveSync},
	{prefix: "reverse:", run: serveReverse},
	{prefix: "tcp:", run: serveTCP, takes: (*Services).listens},
}

// minadbdServices are those of Android's own recovery while it takes an update,
// without sideload itself: no emulated recovery installs an update.
var minadbdServices = []serviceRow{
	{prefix: "reboot:", run: answers(reboot)},
}

func isNumber(_ *Services, arg string) bool {
	_, err := strconv.Atoi(arg)
	return err == nil
}

// services returns the services that can be opened in a state of the handset.
func (d *Services) rows(state string) []serviceRow {
	switch state {
	case bus.Device, bus.Recovery:
		return deviceServices
	case bus.Sideload:
		if !d.HasAssistant() {
			return minadbdServices
		}
		return assistantServices
	}
	return nil
}

// Open finds a service and logs that it was asked for. ok is false for one that the
// handset does not have in its present state.
func (d *Services) Open(name string) (run Session, ok bool) {
	state, _ := d.Bus.Presence()
	rows := d.rows(state)
	i := slices.IndexFunc(rows, func(r serviceRow) bool { return r.is(name) })
	d.log(Sent{Service: name, Line: shellLine(name), At: time.Now()})
	if i < 0 {
		return nil, false
	}
	arg := name[len(rows[i].prefix):]
	if takes := rows[i].takes; takes != nil && !takes(d, arg) {
		return nil, false
	}
	return d.troubled(name, arg, rows[i].run), true
}

// Session runs an opened service on its stream until the service has ended; the
// front then closes the stream. after, if not nil, is called when that close was
// sent: a handset answers first and reboots then. ctx ends when the handset leaves
// the bus or the front is closed, and not when the computer closes the stream.
type Session func(ctx context.Context, s stream.Stream) (after func())

// shellLine returns the line of a shell: or exec: service.
func shellLine(name string) string {
	if line, ok := strings.CutPrefix(name, "exec:"); ok {
		return line
	}
	if head, line, ok := strings.Cut(name, ":"); ok && (head == "shell" || strings.HasPrefix(head, "shell,")) {
		return line
	}
	return ""
}

// troubled returns a session of the service, with the handset's speed and the
// troubles of streams that happen to it.
func (d *Services) troubled(name, arg string, run service) Session {
	wrap := d.Troubles.Opened(name, d.unplug)
	return func(ctx context.Context, s stream.Stream) func() {
		return run(ctx, d, arg, d.pace.Limit(wrap(ctx, s)))
	}
}

// unplug takes the handset off the bus as a pulled cable does, and plugs it in
// again after a while: the same handset in the same state. 0 is for ever.
func (d *Services) unplug(away time.Duration) error {
	if state, _ := d.Bus.Presence(); away > 0 {
		d.Bus.Restart(away, func() bus.Booted { return bus.Booted{State: state, System: state == bus.Device} })
	} else {
		d.Bus.Set(bus.Absent)
	}
	return stream.ErrHungUp
}

// Services is adbd on one handset: the services that a computer can open, a log of
// those it did, and the ports of adb reverse. It is safe for concurrent use.
type Services struct {
	*android.State
	Bus *bus.Bus
	// AskOwner shows the prompt for USB debugging. allow is called later, on
	// another goroutine, if the owner accepts.
	AskOwner func(allow func())

	system   shell.System
	sending  sync.Mutex // of sent
	sent     []Sent
	reverses Rules        // of adb reverse
	lastPort atomic.Int64 // that tcp:0 was given
	unread   atomic.Int64 // bytes that computers sent and no service has read yet
	pace     stream.Pacer // for all that it sends
	waiting  sync.Map     // port → *listener
}

// New returns adbd on a handset, of whose services the shell runs on system. It sends
// so many bytes a second at most, or with 0 at any speed.
func New(state *android.State, b *bus.Bus, system shell.System, askOwner func(allow func()), speed int64) *Services {
	return &Services{State: state, Bus: b, AskOwner: askOwner, system: system, pace: stream.Pacer{Speed: speed}}
}

// Sent returns the services that were opened or refused, oldest first.
func (d *Services) Sent() []Sent {
	d.sending.Lock()
	defer d.sending.Unlock()
	return slices.Clone(d.sent)
}

// maxSent bounds the log. A full log drops its oldest half.
const maxSent = 1 << 16

func (d *Services) log(s Sent) {
	d.sending.Lock()
	defer d.sending.Unlock()
	if len(d.sent) >= maxSent {
		d.sent = slices.Clone(d.sent[maxSent/2:])
	}
	d.sent = append(d.sent, s)
}

// Unread returns how many bytes computers sent that no service has read.
func (d *Services) Unread() int64 { return d.unread.Load() }

// takesShellArgs is false for a daemon before Android 7: it knows shell: alone.
func (d *Services) takesShellArgs(arg string) bool {
	return d.has("shell_v2") && strings.Contains(arg, ":")
}

// has reports whether adbd offers a feature.
func (d *Services) has(feature string) bool { return slices.Contains(d.Profile.Features, feature) }

// Sent is one service that a handset was asked to open. It does not show the
// requests in a sync: stream.
type Sent struct {
	Service string    // the whole service string, such as "shell,v2,raw:getprop"
	Line    string    // the shell line of shell: and exec: services, else ""
	At      time.Time // when it arrived
}
