package adbtest

import (
	"fmt"
	"slices"

	"preship/adb/adbtest/adbd"
	"preship/adb/adbtest/android"
	"preship/adb/adbtest/android/command"
	"preship/adb/adbtest/bus"
	"preship/adb/adbtest/server"
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
	askOwner := func(allow func()) { h.person.shown(o.owner.AcceptsDebugging, allow) }
	h.adbd = adbd.New(h.state, h.bus, system{h}, askOwner, o.speed)
	h.bus.Keys.AllowName(server.Front)
	h.state.Subscribe(h.follow)
	return h
}

// programs returns the names in /system/bin at an API level.
func programs(sdk int) []string {
	names := append(command.Names(), "sh")
	for name, row := range toybox.Applets {
		if row.Since <= sdk {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
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
