package unpack

import (
	"path"
	"slices"
	"strings"

	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/selection"
	"preship/report/message"
)

// ErrNothing means that the backup holds nothing of a name that was asked for.
var ErrNothing = message.Error(message.Say("backup.error.not-saved"), nil)

// wanted is what to open.
type wanted struct {
	names []string
	rules []selection.Rule // the patterns of paths; of a kind where the name is one
	found []bool
}

func wantedOf(names []string) (*wanted, error) {
	w := &wanted{names: names, found: make([]bool, len(names))}
	for _, name := range names {
		r, err := selection.Pattern(name)
		if err != nil {
			return nil, message.Error(message.AsIs(name), err)
		}
		w.rules = append(w.rules, r)
	}
	return w, nil
}

// any reports whether one of the names is meant, and remembers which.
func (w *wanted) any(is func(i int) bool) (ok bool) {
	for i := range w.names {
		if is(i) {
			w.found[i], ok = true, true
		}
	}
	return ok || len(w.names) == 0
}

// path reports whether a path on the handset is wanted.
func (w *wanted) path(name string) bool {
	kind := selection.Files
	if manifest.IsAPK(name) {
		kind = selection.Apps
	}
	return w.any(func(i int) bool { return selection.Kind(w.names[i]) == kind || w.rules[i].Matches(name) })
}

// item reports whether an item is wanted. Pages need the files they link to, so a page
// brings its kind.
func (w *wanted) item(name string) bool {
	kind := selection.OfItem(name)
	return w.any(func(i int) bool {
		asked := strings.TrimPrefix(strings.TrimPrefix(w.names[i], manifest.ItemsDir+"/"), "items/")
		page := strings.HasSuffix(asked, ".html") && selection.OfItem(asked) == kind && !strings.HasPrefix(name, "raw/")
		return selection.Kind(w.names[i]) == kind || asked == name || page
	})
}

// missed returns a name of which nothing was found.
func (w *wanted) missed() (name string, ok bool) {
	if i := slices.Index(w.found, false); i >= 0 {
		return w.names[i], false
	}
	return "", true
}

// names gives the handset's paths their names in the folder. The same order gives the same
// names.
type names struct {
	naming  *disk.Naming
	folders map[string]string // by path on the handset
}

func (u *opener) naming() (*names, error) {
	n := &names{folders: map[string]string{"/": "."}}
	parts, err := u.to.OpenRoot(partsDir)
	if err != nil {
		return nil, err
	}
	defer parts.Close()
	n.naming, err = disk.NamingOf(parts, u.system.Windows)
	return n, err
}

// of returns the name of a path, relative to the folder.
func (n *names) of(name string, file bool) string {
	if host, ok := n.folders[name]; ok && !file {
		return host
	}
	parent := n.of(path.Dir(name), false)
	host := path.Clean(n.naming.Assign(parent, path.Base(name), name, file))
	if !file {
		n.folders[name] = host
	}
	return host
}
