package job

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"preship/report/message"
)

// CheckFolder returns a [UsageError] if a folder that has to exist does not, is a file,
// or cannot be read.
func CheckFolder(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Usage(message.Say("usage.folder.missing", "folder", dir))
	case err == nil && !info.IsDir():
		return Usage(message.Say("usage.folder.file", "folder", dir))
	case errors.Is(err, fs.ErrPermission):
		return Usage(message.Say("usage.folder.closed", "folder", dir))
	case err != nil && fileAbove(dir) != "":
		return Usage(message.Say("usage.folder.below-file", "folder", dir, "file", fileAbove(dir)))
	}
	return err
}

// canMake says why a folder that is to be made cannot be: a file is in its place,
// or in that of a folder above it.
func canMake(dir string) error {
	if file := fileAbove(dir); file != "" {
		return Usage(message.Say("usage.folder.taken", "file", file))
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
