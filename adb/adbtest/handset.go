package adbtest

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"preship/adb/adbtest/adbd"
	"preship/adb/adbtest/bus"
	"preship/adb/adbtest/profile"
	"preship/adb/adbtest/shell"
	"preship/adb/adbtest/trouble"
	"preship/adb/adbtest/vfs"
)

// Handset is one emulated handset. It is safe for concurrent use; what it is
// reached by, the fronts, are made apart with [NewDaemon] and [NewServer].
type Handset struct {
	profile  *profile.Profile
	tree     *vfs.Tree
	bus      *bus.Bus
	person   *person
	troubles *trouble.List
	jobs     shell.Jobs
	adbd     *adbd.Services
	installs installer
	speed    int64 // bytes a second it sends, 0 for no limit

	mu          sync.Mutex
	state       state
	subscribers map[int]func(event)
	nextSub     int
}

// state is what a handset keeps between boots. A factory reset makes it anew.
type state struct {
	props      map[string]string
	users      []profile.User
	settings   map[string]map[string]string
	tables     map[string]table
	apps       []profile.App
	findDevice string    // as in Profile
	page       string    // what was last shown on the screen
	pageAt     time.Time // since when
	pageReads  int       // by a computer, since it is shown
	scrolled   int       // how far it was scrolled, in pixels
	debugging  bool      // USB debugging is on
	setUp      bool      // the setup wizard is done
	activation bool      // reset while Find Device was on: set-up asks for the account
	resets     int
	boots      int
}

// Option changes how New builds a handset.
type Option func(*Handset)

// WithOwner puts a person beside the handset. Without it nobody touches it.
func WithOwner(o Owner) Option { return func(h *Handset) { h.person = newPerson(o) } }

// WithTrouble makes things go wrong.
func WithTrouble(list ...Trouble) Option {
	return func(h *Handset) { h.troubles = trouble.NewList(list) }
}

// WithSpeed limits what the handset sends to so many bytes a second.
func WithSpeed(bytesPerSecond int64) Option { return func(h *Handset) { h.speed = bytesPerSecond } }

// New builds a handset that is switched on, set up, and on the bus. It has no
// listener yet. Close releases it.
func New(p *Profile, opts ...Option) *Handset {
	h := &Handset{
		profile: p, person: newPerson(OwnerIdle()), troubles: trouble.NewList(nil),
		subscribers: map[int]func(event){},
	}
	for _, opt := range opts {
		opt(h)
	}
	h.state = firstState(p)
	t, err := vfs.Plant(p.Layout(programs(p.SDK())))
	if err != nil {
		panic(fmt.Sprintf("adbtest: %v", err)) // Parse plants a tree to see that it can be done
	}
	h.tree = t
	h.troubles.InTree(h.tree)
	h.adbd = adbd.New(system{h}, h.speed)
	h.power()
	h.subscribe(func(ev event) {
		if ev.kind == eventReboot {
			h.adbd.BecomeRoot(false)
		}
	})
	return h
}

// Serial is the serial number by which adb knows it.
func (h *Handset) Serial() string { return h.profile.Serial }

// Profile is what it was built from.
func (h *Handset) Profile() *Profile { return h.profile }

// Sent is every service it was asked to open, oldest first.
func (h *Handset) Sent() []Sent { return h.adbd.Sent() }

func firstState(p *profile.Profile) state {
	s := state{
		props: map[string]string{}, settings: map[string]map[string]string{}, tables: map[string]table{},
		users: slices.Clone(p.Users), apps: p.Apps, findDevice: p.FindDevice, debugging: true, setUp: true, boots: 1,
	}
	for uri, t := range p.Tables {
		s.tables[uri] = table(t)
	}
	for _, kv := range p.Props {
		s.props[kv.Key] = kv.Value
	}
	s.props["ro.preship.emulated"] = "1"
	s.props["init.svc.adbd"] = "running"
	for _, ns := range []string{"system", "secure", "global"} {
		s.settings[ns] = map[string]string{}
		for _, kv := range p.Settings[ns] {
			s.settings[ns][kv.Key] = kv.Value
		}
	}
	s.provision(true)
	if n, err := strconv.Atoi(s.settings["global"]["boot_count"]); err == nil {
		s.boots = n
	}
	s.settings["global"]["boot_count"] = strconv.Itoa(s.boots)
	if s.settings["secure"]["android_id"] == "" {
		s.settings["secure"]["android_id"] = androidID(p.Serial, 0)
	}
	return s
}

// androidID is a number that a factory reset changes and nothing else does.
func androidID(serial string, resets int) string {
	x := uint64(resets) + 1
	for _, b := range []byte(serial) {
		x = vfs.Mix(x ^ uint64(b))
	}
	return fmt.Sprintf("%016x", x)
}

func (s *state) provision(done bool) {
	n := "0"
	if done {
		n = "1"
	}
	s.settings["global"]["device_provisioned"] = n
	s.settings["secure"]["user_setup_complete"] = n
}

// prop is the value of a property, "" when there is none.
func (h *Handset) prop(name string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state.props[name]
}

// setProp sets a property; one that begins with "ro." or is longer than a
// property may be is refused.
func (h *Handset) setProp(name, value string) bool {
	if len(name) > 2 && name[:3] == "ro." || len(value) > 91 {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state.props[name] = value
	return true
}

// now is the handset's clock.
func (h *Handset) now() time.Time { return h.tree.Now() }

// setting reads one value of the settings provider.
func (h *Handset) setting(namespace, key string) (string, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	v, ok := h.state.settings[namespace][key]
	return v, ok
}

// users lists the users with their accounts.
func (h *Handset) users() []profile.User {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.state.users)
}

// sdk is the API level.
func (h *Handset) sdk() int { return h.profile.SDK() }
