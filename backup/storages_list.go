package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"preship/adb/handset"
	"preship/backup/manifest"
	"preship/backup/query"
	"preship/report/message"
)

// list adds what lies in a folder of storages. Where the folder is closed to a
// computer, otherwise says whether something else named what is in it.
func (f *finder) list(ctx context.Context, dir string, otherwise bool) error {
	a, silent, err := f.ask(ctx, handset.ListFolder.Must(dir))
	if err != nil {
		return fmt.Errorf("list %s: %w", dir, err)
	}
	if silent != nil {
		f.doubt("%s was not listed: %v", dir, silent)
		return nil
	}
	names, closed, why := kids(a, dir)
	switch {
	case why != "":
		f.doubt("%s was not listed: %s", dir, why)
		return nil
	case closed != "" && otherwise:
		if dir == manifest.UsersRoot {
			f.add(Storage{Root: manifest.Root{Path: fmt.Sprintf("%s/%d", manifest.UsersRoot, dualAppsUser)}, mayLack: true})
		}
		return nil
	case closed != "":
		f.doubt("%s cannot be listed: %s", dir, closed)
		return nil
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		return dir == storageTop && (name == "emulated" || name == "self") || f.knows(dir+"/"+name)
	})
	if len(names)+len(f.roots) > manifest.MaxRoots {
		f.doubt("%s holds %d names, which are not all looked at", dir, len(names))
		names = nil
	}
	return f.addKids(ctx, dir, names)
}

func (f *finder) knows(name string) bool {
	return slices.ContainsFunc(f.roots, func(r Storage) bool { return r.Path == name || strings.HasPrefix(name, r.Path+"/") })
}

// kids reads what find said of a folder and the names in it. closed is why the
// handset does not open the folder, why is what is wrong with the answer.
func kids(a handset.Answer, dir string) (names []string, closed, why string) {
	for line := range strings.Lines(string(a.Stderr)) {
		line = strings.TrimSpace(line)
		name, reason, ok := complaint(line)
		switch {
		case line == "":
		case ok && name == dir:
			closed = manifest.Display(reason)
		default:
			return nil, "", manifest.Display(line)
		}
	}
	if closed != "" {
		return nil, closed, ""
	}
	if a.Exit < 0 {
		return nil, "", "the handset does not tell whether find listed all of it"
	}
	if a.Exit > 0 {
		return nil, "", fmt.Sprintf("find ended with exit status %d and did not say why", a.Exit)
	}
	there := false
	_, err := readNames(bytes.NewReader(a.Stdout), dir, func(name []byte) error {
		rest := strings.TrimPrefix(string(name), dir)
		there = there || rest == ""
		if rest != "" {
			names = append(names, rest[1:])
		}
		return nil
	})
	if err != nil || !there {
		return nil, "", "the answer is no list of a folder"
	}
	return names, "", ""
}

// addKids adds the names of a folder. A link holds nothing itself: what it leads
// to is looked at instead.
func (f *finder) addKids(ctx context.Context, dir string, names []string) error {
	paths := make([]string, 0, len(names))
	for _, name := range names {
		if manifest.Display(name) != name || strings.Contains(name, "/") {
			f.doubt("%s/%s was not looked at: its name is not text", dir, name)
			continue
		}
		paths = append(paths, dir+"/"+name)
	}
	infos, err := query.Lstat(ctx, f.link, paths)
	if err != nil {
		return err
	}
	for i, name := range paths {
		if infos[i].Err != nil || infos[i].Info.Mode&manifest.ModeType != manifest.ModeSymlink {
			f.add(Storage{Root: manifest.Root{Path: name}})
			continue
		}
		if err := f.follow(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// follow adds what a link leads to, where that is a storage.
func (f *finder) follow(ctx context.Context, name string) error {
	line, err := handset.ReadLink.With(name)
	if err != nil {
		f.doubt("%s was not looked at: %v", name, err)
		return nil
	}
	a, silent, err := f.ask(ctx, line)
	if err != nil {
		return err
	}
	target := strings.TrimSuffix(string(a.Stdout), "\n")
	switch {
	case silent == nil && path.Clean(target) == target && f.knows(target):
	case silent == nil && path.Clean(target) == target && manifest.Display(target) == target && path.Dir(target) == storageTop:
		f.add(Storage{Root: manifest.Root{Path: target}, mayLack: true})
	case silent == nil && target == "":
		f.doubt("%s is a link, and the handset does not say where it leads", name)
	default:
		f.doubt("%s leads to %q, which was not looked at", name, target)
	}
	return nil
}

// userMounts is where Android mounts the storages of each user that is running.
const userMounts = "/mnt/user"

// missing looks whether a storage that may lack is there, and reports whether
// there is nothing to list. Either the handset has no such storage, or Skipped
// says why nothing is shown of it.
//
// That it is not there takes two of the handset's own words: that of lstat, which
// without stat_v2 says the same of what it may not look at, and find's. The storage
// of a user who is not running is not mounted, and of one that is mounted elsewhere
// only this view is missing: neither is absent.
func (l *Lister) missing(ctx context.Context, r *Storage) (bool, error) {
	paths := []string{r.Path}
	if path.Dir(r.Path) == manifest.UsersRoot {
		paths = append(paths, userMounts+"/"+path.Base(r.Path))
	}
	infos, err := query.Lstat(ctx, l.link, paths)
	if err != nil || infos[0].Err == nil {
		return false, err
	}
	why, err := l.whyMissing(ctx, r.Path)
	gone := errors.Is(infos[0].Err, fs.ErrNotExist) && why == noSuchFile
	switch {
	case err != nil || why == "":
		return false, err // find can list it all the same
	case r.stopped && gone:
		r.skip(message.Say("backup.storage.why.not-shown"), message.Say("backup.storage.why.user-not-running"))
	case !gone:
		r.skip(message.Say("backup.storage.why.not-listed"), message.AsIs(why))
	case len(paths) > 1 && !errors.Is(infos[1].Err, fs.ErrNotExist):
		r.skip(message.Say("backup.storage.why.not-shown-mounted"))
	default:
		r.absent = true
	}
	return true, nil
}

// whyMissing is what find says of a folder that lstat does not know, "" where it
// lists it.
func (l *Lister) whyMissing(ctx context.Context, dir string) (string, error) {
	line, err := handset.ListFolder.With(dir)
	if err != nil {
		return "", err
	}
	a, err := query.Ask(ctx, l.link, line)
	if errors.Is(err, query.ErrRefused) {
		return manifest.Display(err.Error()), nil
	}
	said := a.Stderr
	switch {
	case bytes.ContainsRune(a.Stdout, 0):
		return "", err
	case a.Exit < 0:
		said = slices.Concat(a.Stderr, a.Stdout) // a handset that cannot keep the two apart
	}
	text := query.FirstLine(said, "find said nothing")
	if name, reason, ok := complaint(text); ok && name == dir {
		return manifest.Display(reason), err
	}
	return manifest.Display(text), err
}

// noSuchFile is Android's text for ENOENT, which it has in one language.
const noSuchFile = "No such file or directory"

// Vanished reports whether a note of a [Lister] is about a name that was deleted while
// its folder was listed.
func Vanished(note string) bool { return strings.HasSuffix(note, ": "+noSuchFile) }
