package archive

import (
	"context"
	"io"
	"regexp"
	"time"

	"preship/report/message"
)

var (
	// ErrNotThere means that a store has no object of that name.
	ErrNotThere = message.Error(message.Say("archive.error.not-there"), nil)
	// ErrRetained means that the store keeps a version until a time, and does not delete it
	// before.
	ErrRetained = message.Error(message.Say("archive.error.retained"), nil)
	// ErrCannotLock means that a store cannot keep versions from being deleted.
	ErrCannotLock = message.Error(message.Say("archive.error.cannot-lock"), nil)
	// ErrTooMany means that a store lists more versions than a case can have.
	ErrTooMany = message.Error(message.Say("archive.error.too-many"), nil)
)

// Store keeps objects under names. It is safe for concurrent use. Names are as [validName]
// has them. A store without versions has one version of each name.
//
// A store is at one address, and all names are below it. Its errors hold no secrets.
type Store interface {
	// Put stores what r gives as the newest version of name: all of it, or no version.
	// If until is not zero, the version cannot be deleted before; a store that cannot do so
	// returns [ErrCannotLock].
	Put(ctx context.Context, name string, r io.Reader, until time.Time) error
	// Get opens the newest version of name, or returns [ErrNotThere]. The bytes may be
	// cut short, changed or endless. The caller closes it.
	Get(ctx context.Context, name string) (io.ReadCloser, error)
	// Versions calls each for every version of every name that begins with under: also for
	// older ones, for marks of deletion, and for uploads that did not end. It ends with the
	// first error of each.
	Versions(ctx context.Context, under string, each func(Version) error) error
	// Delete deletes one version for good. It returns [ErrRetained] if the store refuses for
	// now; a version that is gone is no error.
	Delete(ctx context.Context, v Version) error
	// Until returns the time until which a version cannot be deleted; zero if it can be.
	// A version that is kept without an end returns [Forever].
	Until(ctx context.Context, v Version) (time.Time, error)
	// Close ends connections.
	Close() error
}

// Forever is the end of a retention without one.
var Forever = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// Version is one version of an object.
type Version struct {
	Name   string
	ID     string // of the version or of the upload; empty where a store has one version
	Size   int64  // 0 for a mark and for an upload
	Latest bool
	Kind   VersionKind
}

// VersionKind is what a version is.
type VersionKind int

// The kinds of versions.
const (
	Data       VersionKind = iota // the bytes of an object
	Mark                          // a mark that the object was deleted
	Unfinished                    // an upload that did not end; it holds bytes
)

const (
	maxName     = 300
	maxVersions = 1_000_000 // of one case: a hundred versions of all of a case of 2 TB
)

var nameForm = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$`)

// validName reports whether an object may have this name: the same on every file system and
// in every address, and without a way out of a folder.
func validName(name string) bool { return len(name) <= maxName && nameForm.MatchString(name) }

// versionsOf returns every version of a case. The error is [ErrTooMany] for more than a case
// can have.
func versionsOf(ctx context.Context, s Store, id string) (all []Version, err error) {
	err = s.Versions(ctx, id+"/", func(v Version) error {
		if len(all) == maxVersions {
			return ErrTooMany
		}
		all = append(all, v)
		return nil
	})
	return all, err
}
