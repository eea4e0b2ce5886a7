package saved

import (
	"os"
	"time"

	"preship/cmd/preship/internal/job"
	"preship/report/casedir"
	"preship/report/message"
)

// Open opens a folder that a person named. A name that is not a folder gives a usage
// error. The caller closes the root.
func Open(dir string) (*os.Root, error) {
	if err := job.CheckFolder(dir); err != nil {
		return nil, err
	}
	return os.OpenRoot(dir)
}

// ErrDeleted: the saved data of a case was deleted, as somebody asked.
var ErrDeleted = message.Error(message.Say("saved.error.deleted"), nil)

// Deleted returns when the saved data of a case was deleted. It is nil if the data was
// not deleted, or if there is data again.
func Deleted(root *os.Root) (*casedir.Retention, error) {
	r, err := casedir.RetentionIn(root)
	if err != nil || r == nil || r.Deleting == nil {
		return nil, err
	}
	_, err = root.Stat("backup")
	if r.Deleted != nil && err == nil {
		return nil, nil // another backup of the same case
	}
	return r, nil
}

func day(t time.Time) string { return t.Local().Format(time.DateOnly) }

// Words says that the saved data of a case was deleted, and when.
func Words(r *casedir.Retention) message.Sentence {
	if r.Deleted != nil {
		return message.Say("saved.deleted", "deleted", day(*r.Deleted), "returned", day(r.HandedBack))
	}
	return message.Say("saved.deleting", "deleted", day(*r.Deleting), "returned", day(r.HandedBack))
}

// Gone returns an error that is [ErrDeleted] and says when the data was deleted.
func Gone(dir string, r *casedir.Retention) error {
	return message.Kind(message.Join(message.Colon, message.AsIs(dir), Words(r)), ErrDeleted)
}

// NeedsData gives [ErrDeleted] where the data of a backup was deleted, and [ErrArchived]
// where it is in an archive alone.
func NeedsData(dir string, root *os.Root) error {
	switch r, err := Deleted(root); {
	case err != nil:
		return err
	case r != nil:
		return Gone(dir, r)
	}
	return archived(dir, root)
}

// ErrArchived: the saved data of a case is in an archive alone.
var ErrArchived = message.Error(message.Say("saved.error.archived"), nil)

func archived(dir string, root *os.Root) error {
	a, err := casedir.ArchiveIn(root)
	if err != nil || a == nil || a.Freeing == nil {
		return err
	}
	if _, err := root.Lstat(casedir.BackupDir); err == nil && a.Freed != nil {
		return nil // it was fetched
	}
	return message.Kind(message.Join(message.Colon, message.AsIs(dir), message.Say("saved.archived", "address", a.Address)), ErrArchived)
}
