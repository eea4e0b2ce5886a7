package main

import (
	"errors"
	"os"

	"preship/cmd/preship/internal/job"
	"preship/report/casedir"
)

// openDir opens a folder that a person named. What is wrong with the name is
// said in words; the caller closes the root.
func openDir(dir string) (*os.Root, error) {
	if err := job.CheckFolder(dir); err != nil {
		return nil, err
	}
	return os.OpenRoot(dir)
}

// errDataDeleted: the saved data of a case was deleted, as somebody asked.
var errDataDeleted = errors.New("its saved data was deleted")

// dataDeleted says when the saved data of a case was deleted. It is nil where it
// was not, or where data lies there all the same.
func dataDeleted(root *os.Root) (*casedir.Retention, error) {
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

// deletedWords says of the saved data of a case that it was deleted, and when.
func deletedWords(r *casedir.Retention) string {
	if r.Deleted != nil {
		return "the saved data was deleted on " + day(*r.Deleted) + " by preship cases purge, after it was handed back on " + day(r.HandedBack)
	}
	return "deleting the saved data began on " + day(*r.Deleting) + ", after it was handed back on " + day(r.HandedBack) + ", and did not end: what is left is not whole"
}

// deletedError is [errDataDeleted] with the folder and the day.
type deletedError struct {
	dir  string
	kept *casedir.Retention
}

func (e *deletedError) Error() string { return e.dir + ": " + deletedWords(e.kept) }
func (e *deletedError) Unwrap() error { return errDataDeleted }

// needsData gives [errDataDeleted] where the data of a backup was deleted.
func needsData(dir string, root *os.Root) error {
	switch r, err := dataDeleted(root); {
	case err != nil:
		return err
	case r != nil:
		return &deletedError{dir, r}
	}
	return nil
}
