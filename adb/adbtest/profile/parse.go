package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"golang.org/x/tools/txtar"

	"preship/adb/adbtest/vfs"
	"preship/testdata"
)

// ErrInvalid is wrapped by every error of [Parse] and [Load]. The text of the error
// names the file in the profile and the line.
var ErrInvalid = errors.New("handset profile")

// Names lists the profiles that come with preship, by name.
func Names() []string {
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

// Load reads a profile that comes with preship.
func Load(name string, programs Programs) (*Profile, error) {
	b, err := fs.ReadFile(testdata.Handsets, testdata.HandsetDir+"/"+name+".txtar")
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return nil, fmt.Errorf("%w: no profile is called %q; there are %s", ErrInvalid, name, strings.Join(Names(), ", "))
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrInvalid, name, err)
	}
	return Parse(name, b, programs)
}

// Parse reads a profile from a txtar archive. Its files are
//
//	handset.txt       key: value, beside the properties; see keys.go
//	getprop.txt       the output of getprop
//	settings.txt      namespace key=value
//	apps.txt          name version user|system installed path…
//	content/URI.tsv   rows of a content provider under a line of column names
//	dumpsys/NAME.txt  the answer of dumpsys for a service
//	tree.txt          a file a line: kind mode owner mtime path content
//
// The first two are required. Lines that begin with # are comments. Parse is
// strict: an unknown or repeated file or key, or a value out of its range, is an
// error with its place. It wraps [ErrInvalid]. programs may be nil; files of the
// profile cannot be below one of them.
func Parse(name string, archive []byte, programs Programs) (*Profile, error) {
	p := &Profile{
		Name: name, Settings: map[string][]Property{}, Tables: map[string]Table{}, Dumps: map[string]string{},
		FindDevice: "absent", Battery: Battery{Level: 80, Health: 2, Tenths: 280, Powered: true},
		Storage: Storage{TotalKB: 50 << 20, UsedKB: 20 << 20},
	}
	seen := map[string]bool{}
	for _, f := range txtar.Parse(archive).Files {
		if seen[f.Name] {
			return nil, fmt.Errorf("%w: %s: %s is there twice", ErrInvalid, name, f.Name)
		}
		seen[f.Name] = true
		if err := p.parseFile(f.Name, string(f.Data)); err != nil {
			return nil, fmt.Errorf("%w: %s: %s:%w", ErrInvalid, name, f.Name, err)
		}
	}
	if err := p.complete(seen, programs); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrInvalid, name, err)
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
		p.Dumps[strings.TrimSuffix(rest, ".txt")] = data
		return nil
	}
	return errors.New(" no such file belongs in a profile")
}

// complete checks the profile as a whole, and fills in what follows from the
// properties.
func (p *Profile) complete(seen map[string]bool, programs Programs) error {
	for _, needed := range []string{"handset.txt", "getprop.txt"} {
		if !seen[needed] {
			return fmt.Errorf("%s is missing", needed)
		}
	}
	if p.Serial == "" {
		p.Serial = p.Prop("ro.serialno")
	}
	switch {
	case p.Title == "":
		return errors.New("handset.txt: title is missing")
	case p.Serial == "":
		return errors.New("getprop.txt: ro.serialno is missing, and handset.txt gives no serial")
	case p.SDK() == 0:
		return errors.New("getprop.txt: ro.build.version.sdk is missing")
	case len(p.Users) == 0 || p.Users[0].ID != 0:
		return errors.New("handset.txt: the first user must be user 0")
	}
	var names []string
	if programs != nil {
		names = programs(p.SDK())
	}
	if _, err := vfs.Plant(p.Layout(names)); err != nil {
		return fmt.Errorf("tree.txt: %w", err)
	}
	return nil
}

// eachLine calls fn with every line but empty ones and comments. Its errors begin
// with the number of the line.
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
