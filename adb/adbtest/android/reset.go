package android

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"preship/adb/adbtest/profile"
)

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
	s.mu.Lock()
	s.data.debugging = on
	s.mu.Unlock()
	s.publish(Event{Kind: Changed})
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
