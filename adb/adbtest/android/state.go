package android

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
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

// change changes the data, and publishes an event of it.
func (s *State) change(how func(*data), ev ...Event) {
	s.mu.Lock()
	how(&s.data)
	s.mu.Unlock()
	for _, ev := range ev {
		s.publish(ev)
	}
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

// FactoryReset erases the owner's data: shared storage, accounts, other users,
// apps, settings, persist.* properties, and with keepKeys false the keys of
// computers. Serial numbers, IMEI and OS stay, and so does an SD card. USB debugging
// is off until set-up is done and it is turned on again. The caller restarts it.
func (s *State) FactoryReset(keepKeys bool) {
	s.mu.Lock()
	old := s.data
	d := firstData(s.Profile)
	d.resets = old.resets + 1
	d.activation = old.findDevice == "on"
	d.boots, d.debugging, d.setUp = 0, false, false
	maps.DeleteFunc(d.props, func(k, _ string) bool { return strings.HasPrefix(k, "persist.") })
	for _, key := range []string{"DEVICE_PROVISIONED", "sys.oem_unlock_allowed"} {
		if d.props[key] != "" {
			d.props[key] = "0"
		}
	}
	d.users = d.users[:1:1]
	d.users[0].Accounts, d.users[0].Running = nil, true
	d.settings["secure"] = map[string]string{"android_id": ID(s.Profile.Serial, d.resets)}
	d.settings["global"] = map[string]string{"boot_count": "0"}
	d.provision(false)
	d.tables = map[string]profile.Table{}
	for uri, t := range s.Profile.Tables {
		d.tables[uri] = profile.Table{Columns: t.Columns}
	}
	d.apps = slices.DeleteFunc(slices.Clone(d.apps), func(a profile.App) bool { return a.ThirdParty })
	if d.findDevice == "on" {
		d.findDevice = "off"
	}
	s.data = d
	s.mu.Unlock()
	s.Tree.WipeShared()
	s.publish(Event{Kind: Reset, KeepsKeys: keepKeys})
}

// Booted counts a start of the system. After a reset it has Android's reason for the
// start: the first one finds a new data partition.
func (s *State) Booted() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data.boots++
	s.Tree.Boot()
	s.data.settings["global"]["boot_count"] = strconv.Itoa(s.data.boots)
	switch {
	case s.data.resets == 0:
	case s.data.boots == 1:
		s.data.props["sys.boot.reason"] = "reboot,factory_reset"
	default:
		s.data.props["sys.boot.reason"] = "reboot"
	}
}

// Debugging reports whether USB debugging is on. Without it the handset is not on
// the bus.
func (s *State) Debugging() bool { return read(s, func(d *data) bool { return d.debugging }) }

// SetDebugging is the switch in Developer options.
func (s *State) SetDebugging(on bool) {
	s.change(func(d *data) { d.debugging = on }, Event{Kind: Changed})
}

// SetUpDone reports whether the setup wizard was finished.
func (s *State) SetUpDone() bool { return read(s, func(d *data) bool { return d.setUp }) }

// FinishSetUp skips through the setup wizard without an account. It returns false
// if the handset was reset with Find Device on: then the wizard asks for the
// account.
func (s *State) FinishSetUp() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.data.activation {
		return false
	}
	s.data.setUp = true
	s.data.provision(true)
	for _, key := range []string{"DEVICE_PROVISIONED", "persist.sys.device_provisioned"} {
		if s.Profile.Prop(key) != "" {
			s.data.props[key] = "1"
		}
	}
	s.data.props["persist.sys.boot.reason.history"] = "reboot,factory_reset," + strconv.FormatInt(time.Now().Unix(), 10)
	return true
}
