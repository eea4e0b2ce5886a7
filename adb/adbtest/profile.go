package adbtest

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"preship/adb/adbtest/vfs"
	"preship/testdata"
)

// ErrProfile is wrapped by every error of [Parse] and [Load]; its text names the
// file within the profile and the line.
var ErrProfile = errors.New("handset profile")

// Profile is what an emulated handset is made of. It is read-only: any number
// of handsets may be built from one.
type Profile struct {
	Name     string   // of the txtar file
	Title    string   // for a person: model and OS
	Serial   string   // adb's serial number
	Features []string // what adbd offers in its banner, as the handset itself lists it

	props     []property // in getprop's order
	users     []user
	sims      []sim
	volumes   []volume
	apps      []app
	settings  map[string][]property // by namespace: system, secure, global
	tables    map[string]Table      // content provider tables by URI without "content://"
	dumps     map[string]string     // what dumpsys prints of other services
	files     []vfs.Spec
	battery   battery
	storage   storage
	owner     string // device owner: its component, or "" for none
	noReset   bool   // the restriction no_factory_reset is set
	find      string // Find Device: "on", "off", "absent" (not this vendor), "denied" (the shell may not ask)
	lock      bool   // a screen lock is set
	current   int    // user whose space is on the screen
	masks     bool   // dumpsys account masks account names
	toggle    string // property that gates input and contacts, "" when there is none
	cpu       string // the processor's number, in /proc/serial_num and from recovery
	mediaUser uint32 // owner of everything on shared storage, as FUSE shows it
	mediaGrp  uint32
}

type property struct{ key, value string }

type user struct {
	id       int
	name     string
	flags    uint32
	running  bool
	accounts []account
}

type account struct{ name, kind string }

type sim struct{ imei string }

// volume is one line of sm list-volumes. label is its folder below /storage.
type volume struct{ id, state, label string }

type battery struct {
	level, health, tenths int // tenths of a degree Celsius
	powered               bool
}

type storage struct{ totalKB, usedKB int64 }

type app struct {
	name       string
	version    string
	paths      []string
	thirdParty bool
	installed  string // firstInstallTime, as dumpsys package prints it
}

// Table is the rows of a content provider. A missing value is a nil pointer.
type Table struct {
	columns []string
	rows    [][]*string
}

// shippedProfiles lists the profiles that come with preship, by name.
func shippedProfiles() []string {
	entries, err := fs.ReadDir(testdata.Handsets, testdata.HandsetDir)
	if err != nil {
		return nil // an embedded folder is always there
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".txtar"); ok {
			names = append(names, name)
		}
	}
	return names
}

// Programs returns the names in /system/bin of a handset with an API level.
type Programs func(sdk int) []string

// loadProfile reads a profile that comes with preship.
func loadProfile(name string, programs Programs) (*Profile, error) {
	b, err := fs.ReadFile(testdata.Handsets, testdata.HandsetDir+"/"+name+".txtar")
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return nil, fmt.Errorf("%w: there is none called %q, only %s", ErrProfile, name, strings.Join(shippedProfiles(), ", "))
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrProfile, name, err)
	}
	return parseProfile(name, b, programs)
}

// parseProfile reads a profile from a txtar archive. Its files are
//
//	handset.txt       key: value, what no property tells; see profileKeys
//	getprop.txt       what getprop prints, verbatim
//	settings.txt      namespace key=value
//	apps.txt          name version user|system installed path…
//	content/URI.tsv   rows of a content provider under a line of column names
//	dumpsys/NAME.txt  what dumpsys prints of a service, verbatim
//	tree.txt          a file a line: kind mode owner mtime path content
//
// of which the first two must be there. Lines that begin with # are comments.
// Parse is strict: an unknown file or key, a value out of its range, or what is
// given twice is an error that says where. It wraps [ErrProfile].
func parseProfile(name string, archive []byte, programs Programs) (*Profile, error) {
	p := &Profile{
		Name: name, settings: map[string][]property{}, tables: map[string]Table{}, dumps: map[string]string{},
		find: "absent", battery: battery{level: 80, health: 2, tenths: 280, powered: true},
		storage: storage{totalKB: 50 << 20, usedKB: 20 << 20},
	}
	seen := map[string]bool{}
	for _, f := range txtar.Parse(archive).Files {
		if seen[f.Name] {
			return nil, fmt.Errorf("%w: %s: %s is there twice", ErrProfile, name, f.Name)
		}
		seen[f.Name] = true
		if err := p.parseFile(f.Name, string(f.Data)); err != nil {
			return nil, fmt.Errorf("%w: %s: %s:%w", ErrProfile, name, f.Name, err)
		}
	}
	if err := p.complete(seen, programs); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrProfile, name, err)
	}
	return p, nil
}

func (p *Profile) parseFile(name, data string) error {
	section, rest, _ := strings.Cut(name, "/")
	switch {
	case name == "handset.txt":
		given := map[string]bool{}
		return eachLine(data, func(line string) error { return p.parseKey(given, line) })
	case name == "getprop.txt":
		return p.parseProps(data)
	case name == "tree.txt":
		return eachLine(data, p.parseFileSpec)
	case name == "apps.txt":
		return eachLine(data, p.parseApp)
	case name == "settings.txt":
		return eachLine(data, p.parseSetting)
	case section == "content" && strings.HasSuffix(rest, ".tsv"):
		return p.parseTable(strings.TrimSuffix(rest, ".tsv"), data)
	case section == "dumpsys" && strings.HasSuffix(rest, ".txt"):
		p.dumps[strings.TrimSuffix(rest, ".txt")] = data
		return nil
	}
	return errors.New(" no such file belongs in a profile")
}

// complete checks what only the whole profile shows, and fills in what follows
// from the properties.
func (p *Profile) complete(seen map[string]bool, programs Programs) error {
	for _, needed := range []string{"handset.txt", "getprop.txt"} {
		if !seen[needed] {
			return fmt.Errorf("%s is missing", needed)
		}
	}
	if p.Serial == "" {
		p.Serial = p.prop("ro.serialno")
	}
	if p.mediaGrp == 0 {
		p.mediaUser, p.mediaGrp = vfs.SharedOwner(p.sdk())
	}
	switch {
	case p.Title == "":
		return errors.New("handset.txt: title is missing")
	case p.Serial == "":
		return errors.New("getprop.txt: ro.serialno is missing, and handset.txt gives no serial")
	case p.sdk() == 0:
		return errors.New("getprop.txt: ro.build.version.sdk is missing")
	case len(p.users) == 0 || p.users[0].id != 0:
		return errors.New("handset.txt: the first user must be user 0")
	}
	if _, err := vfs.Plant(p.layout(programs(p.sdk()))); err != nil {
		return fmt.Errorf("tree.txt: %w", err)
	}
	return nil
}

// With is a copy of the profile in which one property has another value.
func (p *Profile) With(key, value string) *Profile {
	q := *p
	q.props = append(slices.DeleteFunc(slices.Clone(p.props), func(kv property) bool { return kv.key == key }), property{key, value})
	return &q
}

func (p *Profile) prop(key string) string {
	for _, kv := range p.props {
		if kv.key == key {
			return kv.value
		}
	}
	return ""
}

// eachLine calls fn with every line that is neither empty nor a comment.
// Errors are prefixed with the line's number, for Parse to put the file before.
func eachLine(data string, fn func(line string) error) error {
	n := 0
	for line := range strings.Lines(data) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := fn(line); err != nil {
			return fmt.Errorf("%d: %w", n, err)
		}
	}
	return nil
}
