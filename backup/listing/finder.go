package listing

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/adb/link"
	"preship/backup/manifest"
	"preship/backup/query"
	"preship/report/message"
)

const (
	// storageTop holds the storages: a folder for the users, and one for each card.
	storageTop = "/storage"
	// mountTop holds what Android mounts: views of the storages, cards that it does not
	// show below storageTop, and what a vendor mounts.
	mountTop = "/mnt"
	// cardMounts holds the mount of each card, also of one that is not in storageTop.
	cardMounts = mountTop + "/media_rw"
)

// androidMounts are the names in mountTop that Android makes itself (init.rc of Android 7
// to 16) and that hold nothing of the owner's which storageTop does not show: views of the
// storages, Android's own files, and adopted cards, whose files are a user's storage.
// userMounts and cardMounts are listed by themselves.
var androidMounts = []string{
	"androidwritable", "appfuse", "asec", "expand", "installer", "media_rw", "obb", "pass_through", "product", "runtime",
	"scratch", "sdcard", "secure", "user", "vendor",
}

// finder finds the storages of a handset. No source names all of them: the volumes leave
// out other users, the users leave out cards, /storage may not be readable and leaves out
// cards that are not for the owner. So it takes the storages of all sources.
type finder struct {
	reader  handset.Reader
	link    *link.Link
	roots   []Storage
	doubts  []message.Sentence // sentences about missing answers, which may hide a storage
	users   bool               // the handset listed its users
	volumes bool               // the handset listed its volumes
}

// Find asks the handset for its storages; the first is the owner's. Each of doubts is a
// sentence about an answer that is missing, so that it may hide a storage. The error is
// one that ends the work, such as [link.ErrLost].
func Find(ctx context.Context, r handset.Reader, l *link.Link) (storages []Storage, doubts []message.Sentence, err error) {
	f := &finder{reader: r, link: l, roots: []Storage{{Root: manifest.Root{Path: manifest.OwnerRoot}}}}
	for _, ask := range []func(context.Context) error{f.askVolumes, f.askUsers, f.listEmulated, f.listUserMounts, f.listMounts, f.listStorage, f.listCardMounts} {
		if err := ask(ctx); err != nil {
			return nil, nil, err
		}
	}
	return f.roots, f.doubts, nil
}

// ask sends one line, again after a broken connection. silent is the reason if there is
// no answer; err ends the work.
func (f *finder) ask(ctx context.Context, line handset.Line) (a handset.Answer, silent, err error) {
	a, err = f.link.Ask(ctx, f.reader, line)
	if err != nil && !link.Ended(ctx, err) {
		return a, err, nil
	}
	return a, nil, err
}

func (f *finder) doubt(s message.Sentence) {
	f.doubts = append(f.doubts, s.Map(manifest.Display))
}

// add adds a storage unless it is known already.
func (f *finder) add(r Storage) {
	for i := range f.roots {
		known := &f.roots[i]
		if known.Path != r.Path {
			continue
		}
		if known.Volume == "" {
			known.Volume = r.Volume
		}
		known.stopped = known.stopped || r.stopped
		return
	}
	f.roots = append(f.roots, r)
}

func (f *finder) askVolumes(ctx context.Context) error {
	a, silent, err := f.ask(ctx, handset.ListVolumes.Must())
	if err != nil {
		return fmt.Errorf("volumes: %w", err)
	}
	var volumes []dump.Volume
	if silent == nil {
		volumes, silent = dump.ParseVolumes(a.Stdout)
	}
	if silent != nil {
		f.doubt(message.Say("backup.doubt.volumes", "why", message.Of(silent)))
		return nil
	}
	f.volumes = true
	f.addVolumes(volumes)
	return nil
}

// addVolumes adds the folders of volumes. The volume of a user is a storage even if it is
// not mounted.
func (f *finder) addVolumes(volumes []dump.Volume) {
	for _, v := range volumes {
		user, emulated := emulatedUser(v.ID)
		switch {
		case emulated:
			mounted := user == "0" || strings.HasPrefix(v.State, "mounted")
			f.add(Storage{Root: manifest.Root{Path: manifest.UsersRoot + "/" + user, Volume: v.ID}, mayLack: !mounted, stopped: !mounted})
		case v.Path() != "":
			f.add(Storage{Root: manifest.Root{Path: v.Path(), Volume: v.ID}})
		case strings.HasPrefix(v.ID, "public:") && strings.HasPrefix(v.State, "mounted"):
			f.doubt(message.Say("backup.doubt.volume-unnumbered", "volume", v.ID))
		case strings.HasPrefix(v.ID, "public:") && v.Inside:
			f.doubt(message.Say("backup.doubt.volume-state", "volume", v.ID, "state", v.State))
		}
	}
}

// askUsers adds the folder of every user. Some users have no folder.
func (f *finder) askUsers(ctx context.Context) error {
	a, silent, err := f.ask(ctx, handset.ListUsers.Must())
	if err != nil {
		return fmt.Errorf("users: %w", err)
	}
	var users []dump.User
	if silent == nil {
		users, silent = dump.ParseUsers(a.Stdout)
	}
	f.users = silent == nil
	if silent != nil {
		f.doubt(message.Say("backup.doubt.users", "why", message.Of(silent)))
	}
	for _, u := range users {
		f.add(Storage{Root: manifest.Root{Path: fmt.Sprintf("%s/%d", manifest.UsersRoot, u.ID)}, mayLack: true, stopped: u.ID != 0 && !u.Running})
	}
	return nil
}

// listEmulated adds the folders that are in the same folder as the users' storages. Some
// handsets do not let the shell list it (its mode is 0711 on Pixels with Android 13): the
// storages are then those of the listed users.
func (f *finder) listEmulated(ctx context.Context) error {
	return f.list(ctx, manifest.UsersRoot, f.users)
}

// listStorage adds the folders of /storage, also those that no volume names.
func (f *finder) listStorage(ctx context.Context) error {
	return f.list(ctx, storageTop, f.volumes)
}

// listUserMounts adds the storages of users for whom Android has mounted one, also if no
// list names the user.
func (f *finder) listUserMounts(ctx context.Context) error {
	names, err := f.names(ctx, userMounts, f.users)
	for _, name := range names {
		if user, err := strconv.ParseUint(name, 10, 31); err == nil {
			f.add(Storage{Root: manifest.Root{Path: fmt.Sprintf("%s/%d", manifest.UsersRoot, user)}, mayLack: true})
		}
	}
	return err
}

// listCardMounts adds the mounts of cards that storageTop does not show. Android does not
// let the shell list them on most handsets: the storages are then those of the volumes.
func (f *finder) listCardMounts(ctx context.Context) error {
	names, err := f.names(ctx, cardMounts, f.volumes)
	if err != nil {
		return err
	}
	return f.addKids(ctx, cardMounts, slices.DeleteFunc(names, func(name string) bool { return f.knows(storageTop + "/" + name) }))
}

// listMounts adds the mounts in /mnt that are not Android's own.
func (f *finder) listMounts(ctx context.Context) error {
	names, err := f.names(ctx, mountTop, true)
	if err != nil {
		return err
	}
	return f.addKids(ctx, mountTop, slices.DeleteFunc(names, func(name string) bool { return slices.Contains(androidMounts, name) }))
}

// emulatedUser returns the user of an emulated volume: "emulated;0", "emulated:179,66;10",
// or only "emulated" before Android 11, which is user 0's.
func emulatedUser(id string) (user string, ok bool) {
	if !strings.HasPrefix(id, "emulated") {
		return "", false
	}
	_, user, found := strings.Cut(id, ";")
	if !found {
		return "0", true
	}
	return user, strings.Trim(user, "0123456789") == "" && user != ""
}

// list adds the folders in a folder of storages.
func (f *finder) list(ctx context.Context, dir string, otherwise bool) error {
	names, err := f.names(ctx, dir, otherwise)
	if err != nil {
		return err
	}
	return f.addKids(ctx, dir, slices.DeleteFunc(names, func(name string) bool {
		return dir == storageTop && (name == "emulated" || name == "self")
	}))
}

// names returns the names in a folder of storages. otherwise says that another source
// named them, so that it is no doubt if the handset does not let the shell list the
// folder.
func (f *finder) names(ctx context.Context, dir string, otherwise bool) ([]string, error) {
	a, silent, err := f.ask(ctx, handset.ListFolder.Must(dir))
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", dir, err)
	}
	if silent != nil {
		f.doubt(message.Say("backup.doubt.not-listed", "path", dir, "why", message.Of(silent)))
		return nil, nil
	}
	names, closed, why := kids(a, dir)
	switch {
	case !why.Empty():
		f.doubt(message.Say("backup.doubt.not-listed", "path", dir, "why", why))
	case closed != "" && otherwise:
		if dir == manifest.UsersRoot {
			f.addHiddenUsers()
		}
	case closed != "":
		f.doubt(message.Say("backup.doubt.closed", "path", dir, "why", closed))
	}
	return names, nil
}

// addHiddenUsers adds the storages of the users of dual apps, on the handsets of every
// known vendor: a list of users may leave them out.
func (f *finder) addHiddenUsers() {
	for _, v := range handset.Vendors {
		if v.DualAppsUser != 0 {
			f.add(Storage{Root: manifest.Root{Path: fmt.Sprintf("%s/%d", manifest.UsersRoot, v.DualAppsUser)}, mayLack: true})
		}
	}
}

func (f *finder) knows(name string) bool {
	return slices.ContainsFunc(f.roots, func(r Storage) bool { return r.Path == name || strings.HasPrefix(name, r.Path+"/") })
}

// kids reads the names in a folder from an answer of find. closed is the reason if the
// handset does not open the folder, why is the reason if the answer cannot be used.
func kids(a handset.Answer, dir string) (names []string, closed string, why message.Sentence) {
	for line := range strings.Lines(string(a.Stderr)) {
		line = strings.TrimSpace(line)
		name, reason, ok := complaint(line)
		switch {
		case line == "":
		case ok && name == dir:
			closed = manifest.Display(reason)
		default:
			return nil, "", message.AsIs(line)
		}
	}
	if closed != "" {
		return nil, closed, message.Sentence{}
	}
	if a.Exit < 0 {
		return nil, "", message.Say("backup.doubt.no-exit")
	}
	if a.Exit > 0 {
		return nil, "", message.Say("backup.doubt.exit", "status", strconv.Itoa(a.Exit))
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
		return nil, "", message.Say("backup.doubt.no-list")
	}
	return names, "", message.Sentence{}
}

// addKids adds the names of a folder that are not known. For a link it adds the target.
func (f *finder) addKids(ctx context.Context, dir string, names []string) error {
	names = slices.DeleteFunc(names, func(name string) bool { return f.knows(dir + "/" + name) })
	if len(names)+len(f.roots) > manifest.MaxRoots {
		f.doubt(message.Say("backup.doubt.many-names", "path", dir, "count", len(names)))
		return nil
	}
	mount := strings.HasPrefix(dir, mountTop)
	paths := make([]string, 0, len(names))
	for _, name := range names {
		if manifest.Display(name) != name || strings.Contains(name, "/") {
			f.doubt(message.Say("backup.doubt.not-listed", "path", dir+"/"+name, "why", message.Say("backup.doubt.name")))
			continue
		}
		paths = append(paths, dir+"/"+name)
	}
	infos, err := query.Lstat(ctx, f.link, paths)
	if err != nil {
		return err
	}
	for i, name := range paths {
		if infos[i].Err != nil || !infos[i].Info.IsSymlink() {
			f.add(Storage{Root: manifest.Root{Path: name}, mayBeEmpty: mount})
			continue
		}
		if err := f.follow(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// follow adds the target of a link if it is a storage.
func (f *finder) follow(ctx context.Context, name string) error {
	line, err := handset.ReadLink.With(name)
	if err != nil {
		f.doubt(message.Say("backup.doubt.not-listed", "path", name, "why", message.Of(err)))
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
		f.doubt(message.Say("backup.doubt.empty-link", "path", name))
	default:
		f.doubt(message.Say("backup.doubt.link", "path", name, "target", strconv.Quote(target)))
	}
	return nil
}
