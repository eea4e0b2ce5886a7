package android

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	_ "time/tzdata" // a handset has its own zone files, whatever the computer has

	"preship/adb/adbtest/profile"
	"preship/adb/adbtest/trouble"
	"preship/adb/adbtest/vfs"
)

// State is the state of one handset. It is safe for concurrent use.
type State struct {
	Profile  *profile.Profile // the model; never changes
	Tree     *vfs.Tree        // its files
	Troubles *trouble.List    // its faults

	mu          sync.Mutex
	data        data
	subscribers map[int]func(Event)
	nextSub     int
}

// data is what a handset keeps between boots. A factory reset makes it anew.
type data struct {
	props      map[string]string
	users      []profile.User
	settings   map[string]map[string]string
	tables     map[string]profile.Table
	apps       []profile.App
	findDevice string // as in Profile
	page       Page
	debugging  bool // USB debugging is on
	setUp      bool // the setup wizard is done
	activation bool // reset while Find Device was on: set-up asks for the account
	resets     int
	boots      int
}

// New returns the state of a handset that is switched on and set up.
func New(p *profile.Profile, tree *vfs.Tree, troubles *trouble.List) *State {
	return &State{Profile: p, Tree: tree, Troubles: troubles, data: firstData(p), subscribers: map[int]func(Event){}}
}

// read returns what of the data is asked for.
func read[T any](s *State, what func(*data) T) T {
	s.mu.Lock()
	defer s.mu.Unlock()
	return what(&s.data)
}

func firstData(p *profile.Profile) data {
	d := data{
		props: map[string]string{}, settings: map[string]map[string]string{}, tables: map[string]profile.Table{},
		users: slices.Clone(p.Users), apps: p.Apps, findDevice: p.FindDevice, debugging: true, setUp: true, boots: 1,
	}
	for uri, t := range p.Tables {
		d.tables[uri] = t
	}
	for _, kv := range p.Props {
		d.props[kv.Key] = kv.Value
	}
	d.props["ro.preship.emulated"] = "1"
	d.props["init.svc.adbd"] = "running"
	for _, ns := range []string{"system", "secure", "global"} {
		d.settings[ns] = map[string]string{}
		for _, kv := range p.Settings[ns] {
			d.settings[ns][kv.Key] = kv.Value
		}
	}
	d.provision(true)
	if n, err := strconv.Atoi(d.settings["global"]["boot_count"]); err == nil {
		d.boots = n
	}
	d.settings["global"]["boot_count"] = strconv.Itoa(d.boots)
	if d.settings["secure"]["android_id"] == "" {
		d.settings["secure"]["android_id"] = ID(p.Serial, 0)
	}
	return d
}

func (d *data) provision(done bool) {
	n := "0"
	if done {
		n = "1"
	}
	d.settings["global"]["device_provisioned"] = n
	d.settings["secure"]["user_setup_complete"] = n
}

// ID returns 16 hexadecimal digits made of a name and a number. The Android ID is
// that of the serial number and the number of resets.
func ID(name string, n int) string {
	x := uint64(n) + 1
	for _, b := range []byte(name) {
		x = vfs.Mix(x ^ uint64(b))
	}
	return fmt.Sprintf("%016x", x)
}

// SDK returns the API level.
func (s *State) SDK() int { return s.Profile.SDK() }

// Now returns the handset's time, in its own time zone.
func (s *State) Now() time.Time {
	zone := time.UTC
	if loc, err := time.LoadLocation(s.Prop("persist.sys.timezone")); err == nil {
		zone = loc
	}
	return s.Tree.Now().In(zone)
}

// assistantMarks are the properties that only handsets with a Mi Recovery have:
// its menu is not on the bus until the assistant is picked, and what answers
// then is in state sideload.
var assistantMarks = []string{"ro.miui.ui.version.name", "ro.mi.os.version.name", "ro.product.mod_device"}

// HasAssistant reports whether recovery is the vendor's, which talks to an
// assistant on the computer.
func (s *State) HasAssistant() bool {
	return slices.ContainsFunc(assistantMarks, func(name string) bool { return s.Prop(name) != "" })
}
