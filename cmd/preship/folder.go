package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"preship/report"
)

// openDir opens a folder that a person named. What is wrong with the name is
// said in words; the caller closes the root.
func openDir(dir string) (*os.Root, error) {
	if err := isFolder(dir); err != nil {
		return nil, err
	}
	return os.OpenRoot(dir)
}

// isFolder says what is wrong with the name of a folder that has to be there.
func isFolder(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usagef("%s: there is no such folder. look at the name, and at the folder you are in", dir)
	case err == nil && !info.IsDir():
		return usagef("%s is a file, and a folder is needed: the one of the job, which holds case.json", dir)
	case errors.Is(err, fs.ErrPermission):
		return usagef("%s: this computer does not let you look into it", dir)
	case err != nil && fileAbove(dir) != "":
		return usagef("%s cannot be there: %s is a file", dir, fileAbove(dir))
	}
	return err
}

// canMake says why a folder that is to be made cannot be: a file is in its place,
// or in that of a folder above it.
func canMake(dir string) error {
	if file := fileAbove(dir); file != "" {
		return usagef("%s is a file, and a folder is needed there: name another with --out", file)
	}
	return nil
}

// fileAbove is the first of dir and the folders above it that is there, if it is
// no folder.
func fileAbove(dir string) string {
	for {
		info, err := os.Stat(dir)
		switch {
		case err == nil && info.IsDir():
			return ""
		case err == nil:
			return dir
		}
		above := filepath.Dir(dir)
		if above == dir {
			return ""
		}
		dir = above
	}
}

// errDataDeleted: the saved data of a case was deleted, as somebody asked.
var errDataDeleted = errors.New("its saved data was deleted")

// dataDeleted says when the saved data of a case was deleted. It is nil where it
// was not, or where data lies there all the same.
func dataDeleted(root *os.Root) (*report.Retention, error) {
	r, err := report.RetentionIn(root)
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
func deletedWords(r *report.Retention) string {
	if r.Deleted != nil {
		return "the saved data was deleted on " + day(*r.Deleted) + " by preship cases purge, after it was handed back on " + day(r.HandedBack)
	}
	return "deleting the saved data began on " + day(*r.Deleting) + ", after it was handed back on " + day(r.HandedBack) + ", and did not end: what is left is not whole"
}

// deletedError is [errDataDeleted] with the folder and the day.
type deletedError struct {
	dir  string
	kept *report.Retention
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
