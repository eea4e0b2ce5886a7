package listing

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"preship/adb/handset"
	"preship/backup/manifest"
	"preship/backup/query"
	"preship/report/message"
)

// Storage is one storage of the handset.
type Storage struct {
	manifest.Root
	Why        message.Sentence // the sentence in Skipped
	mayLack    bool             // the handset may have no such storage
	mayBeEmpty bool             // an empty folder is only a mount point, and no storage
	stopped    bool             // its user is not running, so it is not mounted
	absent     bool             // the handset has no such storage
	from, to   uint32           // its entries in the plan
}

// Holds reports whether an entry of the plan was listed in the storage.
func (s Storage) Holds(i uint32) bool { return i >= s.from && i < s.to }

// skip enters why nothing of the storage is saved, or why its list may not be complete.
func (s *Storage) skip(why ...message.Sentence) {
	s.Why = message.Join(message.Colon, why...)
	s.Skipped = s.Why.String()
}

// userMounts is the folder in which Android mounts the storages of running users.
const userMounts = "/mnt/user"

// missing reports whether there is nothing to list of a storage that may be absent. If the
// handset has the storage and does not show it, Skipped gets the reason.
//
// A storage is absent only if lstat and find agree. lstat alone is not enough: without
// stat_v2 its answer for a file that it may not access is the same. The storage of a user
// who is not running is not absent, it is not mounted. A storage that is mounted in
// userMounts is not absent either.
func (l *Lister) missing(ctx context.Context, r *Storage) (bool, error) {
	paths := []string{r.Path}
	if path.Dir(r.Path) == manifest.UsersRoot {
		paths = append(paths, userMounts+"/"+path.Base(r.Path))
	}
	infos, err := query.Lstat(ctx, l.link, paths)
	if err != nil || infos[0].Err == nil {
		return false, err
	}
	why, gone, err := l.whyMissing(ctx, r.Path)
	gone = gone && errors.Is(infos[0].Err, fs.ErrNotExist)
	switch {
	case err != nil || why.Empty():
		return false, err // find can list it although lstat does not see it
	case r.stopped && gone:
		r.skip(message.Say("backup.storage.why.not-shown"), message.Say("backup.storage.why.user-not-running"))
	case !gone:
		r.skip(message.Say("backup.storage.why.not-listed"), why)
	case len(paths) > 1 && !errors.Is(infos[1].Err, fs.ErrNotExist):
		r.skip(message.Say("backup.storage.why.not-shown-mounted"))
	default:
		r.absent = true
	}
	return true, nil
}

// whyMissing returns the error of find for a folder that lstat does not see, an empty
// sentence if find lists it. gone reports that there is no such folder for find either.
func (l *Lister) whyMissing(ctx context.Context, dir string) (why message.Sentence, gone bool, err error) {
	line, err := handset.ListFolder.With(dir)
	if err != nil {
		return why, false, err
	}
	a, err := query.Ask(ctx, l.link, line)
	if errors.Is(err, query.ErrRefused) {
		return query.Reason(err), false, nil
	}
	errText := a.Stderr
	switch {
	case bytes.ContainsRune(a.Stdout, 0):
		return why, false, err
	case a.Exit < 0:
		errText = slices.Concat(a.Stderr, a.Stdout) // this handset sends both as one
	}
	text, _, _ := strings.Cut(strings.TrimSpace(string(errText)), "\n")
	if name, reason, ok := complaint(text); ok && name == dir {
		return message.AsIs(manifest.Display(reason)), reason == noSuchFile, err
	}
	return query.FirstLine(errText, message.Say("backup.doubt.no-output")), false, err
}

// noSuchFile is Android's text for ENOENT, which it has in one language.
const noSuchFile = "No such file or directory"

// Vanished reports whether a note of a [Lister] is about a name that was deleted while
// its folder was listed.
func Vanished(note message.Sentence) bool { return strings.HasSuffix(note.String(), ": "+noSuchFile) }
