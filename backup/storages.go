package backup

import (
	"context"
	"fmt"
	"strings"

	"preship/adb/handset"
	"preship/adb/link"
	"preship/backup/manifest"

	"preship/report/message"
)

const (
	// storageTop holds the storages: a folder for the users, and one for each card.
	storageTop = "/storage"
	// dualAppsUser is the user that dual apps run as on every vendor's handset
	// known. It is looked for also where only the list of users was given.
	dualAppsUser = 999
)

// Storage is one storage of the handset.
type Storage struct {
	manifest.Root
	Why      message.Sentence // the sentence in Skipped
	mayLack  bool             // the handset may have no such storage
	stopped  bool             // its user is not running, so it is not mounted
	absent   bool             // the handset has no such storage
	from, to uint32           // its entries in the plan
}

// Holds reports whether an entry of the plan was listed in the storage.
func (s Storage) Holds(i uint32) bool { return i >= s.from && i < s.to }

// skip enters why nothing of the storage is saved, or why its list may not be complete.
func (s *Storage) skip(why ...message.Sentence) {
	s.Why = message.Join(message.Colon, why...)
	s.Skipped = s.Why.String()
}

// finder finds the storages of a handset. No source names all of them: volumes
// leave out the folders of other users, a list of users leaves out the cards, and
// /storage may be closed. What any of them names is looked at.
type finder struct {
	reader  handset.Reader
	link    *link.Link
	roots   []Storage
	doubts  []string // what may hide a storage, for people
	users   bool     // the handset listed its users
	volumes bool     // the handset listed its volumes
}

// Find asks the handset for its storages; the first is the owner's. Each of doubts is a
// sentence about an answer that is missing, so that it may hide a storage. The error is
// one that ends the work, such as [link.ErrLost].
func Find(ctx context.Context, r handset.Reader, l *link.Link) (storages []Storage, doubts []string, err error) {
	f := &finder{reader: r, link: l, roots: []Storage{{Root: manifest.Root{Path: manifest.OwnerRoot}}}}
	for _, ask := range []func(context.Context) error{f.askVolumes, f.askUsers, f.listEmulated, f.listStorage} {
		if err := ask(ctx); err != nil {
			return nil, nil, err
		}
	}
	return f.roots, f.doubts, nil
}

// ask asks one line over a connection that may break. silent is why there is no
// answer; err ends the work.
func (f *finder) ask(ctx context.Context, line handset.Line) (a handset.Answer, silent, err error) {
	a, err = f.link.Ask(ctx, f.reader, line)
	if err != nil && !link.Ended(ctx, err) {
		return a, err, nil
	}
	return a, nil, err
}

func (f *finder) doubt(format string, args ...any) {
	f.doubts = append(f.doubts, manifest.Display(fmt.Sprintf(format, args...)))
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
	var volumes []handset.Volume
	if silent == nil {
		volumes, silent = handset.ParseVolumes(a.Stdout)
	}
	if silent != nil {
		f.doubt("the handset does not list its volumes: %v", silent)
		return nil
	}
	f.volumes = true
	f.addVolumes(volumes)
	return nil
}

// addVolumes adds the folders of volumes. One of a user that is not mounted is a
// storage all the same.
func (f *finder) addVolumes(volumes []handset.Volume) {
	for _, v := range volumes {
		user, emulated := emulatedUser(v.ID)
		switch {
		case emulated:
			mounted := user == "0" || strings.HasPrefix(v.State, "mounted")
			f.add(Storage{Root: manifest.Root{Path: manifest.UsersRoot + "/" + user, Volume: v.ID}, mayLack: !mounted, stopped: !mounted})
		case v.Path() != "":
			f.add(Storage{Root: manifest.Root{Path: v.Path(), Volume: v.ID}})
		case strings.HasPrefix(v.ID, "public:") && strings.HasPrefix(v.State, "mounted"):
			f.doubt("storage %s has no number that names its folder, so that it is not known whether it was read", v.ID)
		case strings.HasPrefix(v.ID, "public:") && v.Inside:
			f.doubt("storage %s is in the handset but %s: nothing of it was read", v.ID, v.State)
		}
	}
}

// askUsers adds the folder of every user there is. A user may have none.
func (f *finder) askUsers(ctx context.Context) error {
	a, silent, err := f.ask(ctx, handset.ListUsers.Must())
	if err != nil {
		return fmt.Errorf("users: %w", err)
	}
	var users []handset.User
	if silent == nil {
		users, silent = handset.ParseUsers(a.Stdout)
	}
	f.users = silent == nil
	if silent != nil {
		f.doubt("the handset does not list its users: %v", silent)
	}
	for _, u := range users {
		f.add(Storage{Root: manifest.Root{Path: fmt.Sprintf("%s/%d", manifest.UsersRoot, u.ID)}, mayLack: true, stopped: u.ID != 0 && !u.Running})
	}
	return nil
}

// listEmulated adds whatever lies beside the folders of the users. Some handsets
// close this folder to a computer (its mode is 0711 on Pixels with Android 13):
// the users that were listed are then asked for one by one.
func (f *finder) listEmulated(ctx context.Context) error {
	return f.list(ctx, manifest.UsersRoot, f.users)
}

// listStorage adds the folders of /storage: what volumes do not name as well.
func (f *finder) listStorage(ctx context.Context) error {
	return f.list(ctx, storageTop, f.volumes)
}

// emulatedUser returns whose shared storage a volume is: "emulated;0",
// "emulated:179,66;10", or plain "emulated" before Android 11, which is user 0's.
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
