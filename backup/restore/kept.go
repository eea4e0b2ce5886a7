package restore

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/report/message"
)

// keptFiles collects the files of an earlier run alone. They are restored with the rest:
// the handset had them, and they were proved.
type keptFiles struct {
	count int64
	names []string
	paths manifest.PathSet // the paths whose proved version is restored, and not a newer one
	roots []string
}

func (k *keptFiles) add(e *manifest.Entry) {
	k.count++
	if len(k.names) < manifest.MaxNamed {
		k.names = append(k.names, manifest.Display(e.OnHandset()))
	}
	if k.paths == nil {
		k.paths = manifest.PathSet{}
	}
	k.paths.Add(e.OnHandset())
	if root := rootOf(e.OnHandset()); !slices.Contains(k.roots, root) && len(k.roots) < manifest.MaxRoots {
		k.roots = append(k.roots, root)
	}
}

// replaces reports whether an entry is an unproved newer version of a kept file.
func (k *keptFiles) replaces(e *manifest.Entry) bool {
	return e.Status != manifest.StatusKept && e.Type == manifest.TypeFile && k.paths.Has(e.OnHandset())
}

// rootOf returns the storage of a path on the handset.
func rootOf(name string) string {
	parts := strings.SplitN(strings.TrimPrefix(name, "/"), "/", 4)
	if len(parts) > 2 && (parts[1] == "emulated" || parts[1] == "media_rw") {
		return "/" + path.Join(parts[:3]...)
	}
	return "/" + path.Join(parts[:min(len(parts), 2)]...)
}

// holds reports whether a storage has kept files.
func (k *keptFiles) holds(root manifest.Root) bool { return slices.Contains(k.roots, root.Path) }

// addRoots adds the storages of kept files that the last run did not see.
func (k *keptFiles) addRoots(roots []manifest.Root) []manifest.Root {
	for _, name := range k.roots {
		if !slices.ContainsFunc(roots, func(r manifest.Root) bool { return r.Path == name }) {
			roots = append(roots, manifest.Root{Path: name})
		}
	}
	return roots
}

// sayKept names the kept files before anything is sent.
func (st *storages) sayKept() {
	if st.kept.count == 0 {
		return
	}
	names := message.Named(st.kept.names, int(st.kept.count)-len(st.kept.names))
	st.say(message.Say("restore.say.kept", "number", strconv.FormatInt(st.kept.count, 10), "names", names))
}

// passOver skips an unproved newer version and names its file.
func (st *storages) passOver(e *manifest.Entry) {
	st.problem(e.OnHandset(), message.Say("restore.problem.older", "file", e.InCase()))
	st.meter.Change(func(p *meter.Progress) { p.FilesDone++; p.BytesDone += e.Size })
}
