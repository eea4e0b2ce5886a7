package adbtest

import (
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"time"

	"preship/adb/adbtest/adbd"
	"preship/adb/adbtest/android"
	"preship/adb/adbtest/android/command"
	"preship/adb/adbtest/bus"
	"preship/adb/adbtest/shell"
	"preship/adb/adbtest/toybox"
	"preship/adb/adbtest/trouble"
	"preship/adb/adbtest/vfs"
)

// Handset is one emulated handset. It is safe for concurrent use. Its fronts are
// made with [NewDaemon] and [NewServer].
type Handset struct {
	state    *android.State
	commands *command.Set
	bus      *bus.Bus
	person   *person
	adbd     *adbd.Services
	jobs     shell.Jobs
}

// Option changes how New builds a handset.
type Option func(*options)

type options struct {
	owner    Owner
	troubles []Trouble
	speed    int64 // bytes a second it sends, 0 for no limit
}

// WithOwner puts a person beside the handset. Without it, everything on the screen
// is left untouched.
func WithOwner(o Owner) Option { return func(opts *options) { opts.owner = o } }

// WithTrouble makes things go wrong.
func WithTrouble(list ...Trouble) Option { return func(opts *options) { opts.troubles = list } }

// WithSpeed limits what the handset sends to so many bytes a second.
func WithSpeed(bytesPerSecond int64) Option {
	return func(opts *options) { opts.speed = bytesPerSecond }
}

// New builds a handset that is switched on, set up, and on the bus. It has no
// listener yet. Close releases it.
func New(p *Profile, opts ...Option) *Handset {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	tree, err := vfs.Plant(p.Layout(programs(p.SDK())))
	if err != nil {
		panic(fmt.Sprintf("adbtest: %v", err)) // Parse has planted this tree before
	}
	troubles := trouble.NewList(o.troubles)
	troubles.InTree(tree)
	h := &Handset{state: android.New(p, tree, troubles), person: newPerson(o.owner), bus: bus.New(bus.Device)}
	h.commands = command.New(h.state)
	askOwner := func(allow func()) { h.person.shown(h.person.is().AcceptsDebugging, allow) }
	h.adbd = adbd.New(h.state, h.bus, system{h}, askOwner, o.speed)
	h.bus.Keys.AllowServer()
	h.state.Subscribe(h.follow)
	return h
}

// programs returns the names in /system/bin at an API level.
func programs(sdk int) []string {
	return slices.Sorted(slices.Values(slices.Concat(command.Names(), toybox.Names(sdk), []string{"sh"})))
}

// Close takes the handset off the bus and waits for what its owner is doing. The
// caller closes the fronts.
func (h *Handset) Close() error {
	h.bus.Close()
	h.person.close()
	return nil
}

// Serial returns the serial number by which adb knows it.
func (h *Handset) Serial() string { return h.state.Profile.Serial }

// Profile returns the profile it was built from.
func (h *Handset) Profile() *Profile { return h.state.Profile }

// ADBD returns its daemon, which a front serves.
func (h *Handset) ADBD() *adbd.Services { return h.adbd }

// Sent returns every service it was asked to open, oldest first.
func (h *Handset) Sent() []Sent { return h.adbd.Sent() }

// SignIn adds an account to the handset's owner, as its owner does in Settings.
func (h *Handset) SignIn(kind, name string) { h.state.SignIn(kind, name) }

// ResetByHand resets the handset as its owner does in Settings, in their own time,
// with Find Device as it is.
func (h *Handset) ResetByHand() {
	h.state.FactoryReset(false)
	h.state.Reboot("")
}

// SetOwner puts another person beside the handset. If SignsOut is set, they also remove
// the accounts that are signed in now, as a person who was asked before does.
func (h *Handset) SetOwner(o Owner) {
	h.person.become(o)
	h.person.shown(o.SignsOut, func() { h.state.RemoveAccounts("") })
}

// system shows a handset to the processes that run on it.
type system struct{ h *Handset }

func (s system) Tree() *vfs.Tree   { return s.h.state.Tree }
func (s system) Now() time.Time    { return s.h.state.Now() }
func (s system) Hostname() string  { return s.h.state.Prop("ro.product.device") }
func (s system) Jobs() *shell.Jobs { return &s.h.jobs }

// Lookup finds a program by its name or by its path in /system/bin.
func (s system) Lookup(name string) (toybox.Program, bool) {
	if dir, base := path.Split(name); dir != "" {
		if path.Clean(dir) != "/system/bin" && path.Clean(dir) != "/bin" {
			return nil, false
		}
		name = base
	}
	if run, ok := toybox.Lookup(name, s.h.state.SDK()); ok {
		return run, true
	}
	if name == "sh" {
		return func(ctx context.Context, p *toybox.Process) int { return shell.Sh(ctx, s, p) }, true
	}
	return s.h.commands.Lookup(name)
}

// Processes lists adbd, and the processes of the shells.
func (s system) Processes() []toybox.Running {
	return append([]toybox.Running{{PID: shell.ADBD, Parent: 1, Name: "adbd"}}, s.h.jobs.List()...)
}

// Mounts lists the file systems of the handset and of its SD card.
func (s system) Mounts() []toybox.Mount {
	room := s.h.state.Profile.Storage
	used := room.TotalKB - s.h.state.Tree.FreeKB()
	list := []toybox.Mount{
		{Device: "/dev/block/dm-4", On: "/", Total: 3211264, Used: 3211264},
		{Device: "tmpfs", On: "/dev", Total: 1894040, Used: 1448},
		{Device: "/dev/block/dm-37", On: "/data", Total: room.TotalKB, Used: used},
		{Device: "/dev/fuse", On: "/storage/emulated", Total: room.TotalKB, Used: used},
	}
	for _, v := range s.h.state.Profile.Volumes {
		if v.State == "mounted" && v.Label != "null" {
			list = append(list, toybox.Mount{Device: "/dev/fuse", On: "/storage/" + v.Label, Total: 31154688, Used: 1048576})
		}
	}
	return list
}

// Dial connects to a port that adb reverse set up.
func (s system) Dial(ctx context.Context, port string) (io.ReadWriteCloser, bool) {
	return s.h.adbd.Dial(ctx, port)
}

// Listen waits for a connection of a computer to a port.
func (s system) Listen(ctx context.Context, port string) (io.ReadWriteCloser, bool) {
	return s.h.adbd.Listen(ctx, port)
}

func (s system) WrongHash(file string) bool {
	_, ok := s.h.state.Troubles.File(trouble.WrongHash, file)
	return ok
}
