package profile

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"preship/adb/adbtest/vfs"
)

// Profile describes one model of handset. It is read-only: any number of handsets
// may be built from one.
type Profile struct {
	Name     string   // of the txtar file
	Title    string   // for a person: model and OS
	Serial   string   // adb's serial number
	Features []string // of adbd, in the order of its banner

	Props    []Property // in getprop's order
	Users    []User
	SIMs     []SIM
	Volumes  []Volume
	Apps     []App
	Settings map[string][]Property // by namespace: system, secure, global
	Tables   map[string]Table      // content provider tables by URI without "content://"
	Dumps    map[string]string     // answers of dumpsys by service
	Files    []vfs.Spec
	Battery  Battery
	Storage  Storage
	Owned
	FindDevice    string // Find Device: "on", "off", "absent" (not this vendor), "denied" (the shell may not ask)
	MasksAccounts bool   // dumpsys account masks account names
	ShellToggle   string // property that gates input and contacts; "" if nothing does
	CPU           string // number of the processor, in /proc/serial_num and from recovery
}

// Owned is the owner's hold on the handset, which a reset ends.
type Owned struct {
	DeviceOwner  string // component; "" if the handset has no owner
	ProfileOwner string // component that manages user 0's profile, such as a parent's; "" without one
	ForbidsReset bool   // the restriction no_factory_reset is set
	ScreenLock   bool   // a screen lock is set
	CurrentUser  int    // user whose space is on the screen
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
	Version    string // for people; "" if it has none, which Android prints as null
	Code       int64  // the number that Android compares versions by
	MinSDK     int
	TargetSDK  int
	Debuggable bool
	Signer     string // SHA-256 of the certificate; "" if it is not known
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

// kernels are the kernels that phones of an API level run, in order.
var kernels = []struct {
	since   int
	version string
}{
	{0, "3.10.73-perf"},
	{24, "3.18.31-perf"},
	{26, "4.4.78-perf"},
	{28, "4.9.112-perf"},
	{29, "4.14.117-perf"},
	{31, "4.19.157-perf"},
	{33, "5.10.136-android12-9"},
	{34, "5.15.94-android13-8"},
	{35, "6.1.57-android14-11"},
	{36, "6.6.50-android15-8"},
}

// kernel returns the text of /proc/version.
func (p *Profile) kernel() string {
	version := ""
	for _, k := range kernels {
		if p.SDK() >= k.since {
			version = k.version
		}
	}
	return "Linux version " + version + " (builder@build-host) (Android clang version 12.0.5) #1 SMP PREEMPT Mon Mar 2 10:04:26 CST 2026"
}

// Layout returns the file tree of the profile, with programs in /system/bin.
func (p *Profile) Layout(programs []string) vfs.Layout {
	l := vfs.Layout{
		SDK: p.SDK(), Programs: programs, Serial: p.CPU, Kernel: p.kernel(), Free: (p.Storage.TotalKB - p.Storage.UsedKB) << 10,
		Files: p.Files,
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

// parseProps reads the output of getprop: [key]: [value], where a value may span
// several lines.
func (p *Profile) parseProps(data string) error {
	n := 0
	for len(data) > 0 {
		n++
		key, rest, ok := strings.Cut(data, "]: [")
		if !ok || !strings.HasPrefix(key, "[") || strings.Contains(key, "\n") {
			return fmt.Errorf("%d: not [key]: [value]", n)
		}
		value, rest, ok := strings.Cut(rest, "]\n")
		if !ok {
			return fmt.Errorf("%d: the value of %s does not end", n, key[1:])
		}
		p.Props = append(p.Props, Property{key[1:], value})
		n += strings.Count(value, "\n")
		data = rest
	}
	return nil
}

// parseSetting reads "namespace key=value".
func (p *Profile) parseSetting(line string) error {
	ns, rest, _ := strings.Cut(line, " ")
	if _, err := oneOf(ns, "system", "secure", "global"); err != nil {
		return err
	}
	key, value, ok := strings.Cut(rest, "=")
	if !ok || key == "" {
		return fmt.Errorf("%q is not namespace key=value", line)
	}
	p.Settings[ns] = append(p.Settings[ns], Property{key, value})
	return nil
}

// parseApp reads "name version user|system installed path…": third-party apps
// are the user's.
func (p *Profile) parseApp(line string) error {
	app := App{MinSDK: 21, TargetSDK: 30}
	installed := func(v string) error {
		_, err := time.Parse("2006-01-02T15:04:05", v)
		app.Installed = strings.Replace(v, "T", " ", 1)
		return err
	}
	paths := func(v string) error {
		app.Paths = strings.Fields(v)
		if i := slices.IndexFunc(app.Paths, func(path string) bool { return path[0] != '/' }); i >= 0 {
			return fmt.Errorf("%q is not a path", app.Paths[i])
		}
		return nil
	}
	err := words(line, "name version user|system installed path…", text(&app.Name), text(&app.Version), either(&app.ThirdParty, "user", "system"), installed, paths)
	app.Code = versionCode(app.Version)
	p.Apps = append(p.Apps, app)
	return err
}

// versionCode makes a version code of a name, which the apps of a profile have alone.
func versionCode(name string) (code int64) {
	parts := strings.SplitN(name, ".", 4)
	for n := range 3 {
		code *= 100
		if n < len(parts) {
			part, _ := strconv.Atoi(parts[n])
			code += int64(part)
		}
	}
	return code
}

// parseTable reads a content provider's rows, tab-separated under a line of
// column names. \n, \t and \\ are escapes, and \N alone is a missing value.
func (p *Profile) parseTable(uri, data string) error {
	var t Table
	err := eachLine(data, func(line string) error {
		cells := strings.Split(line, "\t")
		if t.Columns == nil {
			t.Columns = cells
			return nil
		}
		if len(cells) != len(t.Columns) {
			return fmt.Errorf("%d values for %d columns", len(cells), len(t.Columns))
		}
		row := make([]*string, len(cells))
		for i, cell := range cells {
			if cell == `\N` {
				continue
			}
			s, err := unescapeCell(cell)
			if err != nil {
				return err
			}
			row[i] = &s
		}
		t.Rows = append(t.Rows, row)
		return nil
	})
	if err == nil && t.Columns == nil {
		err = errors.New("1: no line of column names")
	}
	p.Tables[uri] = t
	return err
}

var escape = regexp.MustCompile(`(?s)\\.?`)

func unescapeCell(s string) (_ string, err error) {
	return escape.ReplaceAllStringFunc(s, func(e string) string {
		to, ok := map[string]string{`\n`: "\n", `\t`: "\t", `\\`: `\`}[e]
		if !ok {
			err = fmt.Errorf("%s is no escape", e)
		}
		return to
	}), err
}
