package saved

import (
	"errors"
	"os"
	"time"

	"preship/cmd/preship/internal/job"
	"preship/report/casedir"
)

// Open opens a folder that a person named. What is wrong with the name is
// said in words; the caller closes the root.
func Open(dir string) (*os.Root, error) {
	if err := job.CheckFolder(dir); err != nil {
		return nil, err
	}
	return os.OpenRoot(dir)
}

// ErrDeleted: the saved data of a case was deleted, as somebody asked.
var ErrDeleted = errors.New("its saved data was deleted")

// Deleted says when the saved data of a case was deleted. It is nil where it
// was not, or where data lies there all the same.
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

// Words says of the saved data of a case that it was deleted, and when.
func Words(r *casedir.Retention) string {
	if r.Deleted != nil {
		return "the saved data was deleted on " + day(*r.Deleted) + " by preship cases purge, after it was handed back on " + day(r.HandedBack)
	}
	return "deleting the saved data began on " + day(*r.Deleting) + ", after it was handed back on " + day(r.HandedBack) + ", and did not end: what is left is not whole"
}

// DeletedError is [ErrDeleted] with the folder and the day.
type DeletedError struct {
	Dir  string
	Kept *casedir.Retention
}

func (e *DeletedError) Error() string { return e.Dir + ": " + Words(e.Kept) }
func (e *DeletedError) Unwrap() error { return ErrDeleted }

// NeedsData gives [ErrDeleted] where the data of a backup was deleted.
func NeedsData(dir string, root *os.Root) error {
	switch r, err := Deleted(root); {
	case err != nil:
		return err
	case r != nil:
		return &DeletedError{dir, r}
	}
	return nil
}
