package job

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// CheckFolder returns a [UsageError] if a folder that has to exist does not, is a file,
// or cannot be read.
func CheckFolder(dir string) error {
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
