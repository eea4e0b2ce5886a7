package profile

import (
	"slices"
	"strconv"

	"preship/adb/adbtest/vfs"
)

// Profile describes one model of handset. It is read-only: any number of handsets
// may be built from one.
type Profile struct {
	Name     string   // of the txtar file
	Title    string   // for a person: model and OS
	Serial   string   // adb's serial number
	Features []string // of adbd, in the order of its banner

	Props         []Property // in getprop's order
	Users         []User
	SIMs          []SIM
	Volumes       []Volume
	Apps          []App
	Settings      map[string][]Property // by namespace: system, secure, global
	Tables        map[string]Table      // content provider tables by URI without "content://"
	Dumps         map[string]string     // answers of dumpsys by service
	Files         []vfs.Spec
	Battery       Battery
	Storage       Storage
	DeviceOwner   string // component; "" if the handset has no owner
	ProfileOwner  string // component that manages user 0's profile, such as a parent's; "" without one
	ForbidsReset  bool   // the restriction no_factory_reset is set
	FindDevice    string // Find Device: "on", "off", "absent" (not this vendor), "denied" (the shell may not ask)
	ScreenLock    bool   // a screen lock is set
	CurrentUser   int    // user whose space is on the screen
	MasksAccounts bool   // dumpsys account masks account names
	ShellToggle   string // property that gates input and contacts; "" if nothing does
	CPU           string // number of the processor, in /proc/serial_num and from recovery
	MediaUID      uint32 // owner of everything on shared storage, as FUSE shows it
	MediaGID      uint32
}

type Property struct{ Key, Value string }

// User is a user of the handset with its accounts.
type User struct {
	ID       int
	Name     string
	Flags    uint32
	Running  bool
	Accounts []Account
}

// Account is an account of a user. Kind is its type, such as com.google.
type Account struct{ Name, Kind string }

// SIM is a slot for a SIM card.
type SIM struct{ IMEI string }

// Volume is one line of sm list-volumes. Label is its folder below /storage.
type Volume struct{ ID, State, Label string }

// Battery is the state that dumpsys battery prints. Health is numbered as in
// BatteryManager.
type Battery struct {
	Level, Health, Tenths int // tenths of a degree Celsius
	Powered               bool
}

// Storage is the size and use of shared storage, in KiB.
type Storage struct{ TotalKB, UsedKB int64 }

// App is an installed app. Paths are its APK files.
type App struct {
	Name       string
	Version    string
	Paths      []string
	ThirdParty bool
	Installed  string // firstInstallTime, as dumpsys package prints it
}

// Table is the rows of a content provider. A missing value is a nil pointer.
type Table struct {
	Columns []string
	Rows    [][]*string
}

// With returns a copy of the profile with another value of one property.
func (p *Profile) With(key, value string) *Profile {
	q := *p
	q.Props = append(slices.DeleteFunc(slices.Clone(p.Props), func(kv Property) bool { return kv.Key == key }), Property{key, value})
	return &q
}

// Prop returns the value of a property, "" if it is not set.
func (p *Profile) Prop(key string) string {
	for _, kv := range p.Props {
		if kv.Key == key {
			return kv.Value
		}
	}
	return ""
}

// SDK returns the API level.
func (p *Profile) SDK() int {
	n, _ := strconv.Atoi(p.Prop("ro.build.version.sdk"))
	return n
}

// Layout returns the file tree of the profile, with programs in /system/bin.
func (p *Profile) Layout(programs []string) vfs.Layout {
	l := vfs.Layout{
		SDK: p.SDK(), Programs: programs, Serial: p.CPU, Free: (p.Storage.TotalKB - p.Storage.UsedKB) << 10,
		UID: p.MediaUID, GID: p.MediaGID, Files: p.Files,
	}
	for _, v := range p.Volumes {
		if v.Label != "null" && v.State == "mounted" {
			l.Cards = append(l.Cards, v.Label)
		}
	}
	for _, u := range p.Users {
		l.Users = append(l.Users, u.ID)
	}
	return l
}
