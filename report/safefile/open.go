package safefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Open opens a regular file for reading; it follows links. For anything else, such as a
// folder or a pipe, it returns a [NotFileError] without opening it, since opening a pipe
// waits for its writer. The caller closes the file.
func Open(path string) (*os.File, error) {
	looked, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !looked.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w", path, NotFileError(looked.Mode()))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	opened, err := f.Stat()
	if err == nil && !os.SameFile(looked, opened) {
		err = fmt.Errorf("%s: it was exchanged while it was opened", path)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// NotFileError is the error for a path that is not a regular file. Its value is the
// file's mode.
type NotFileError fs.FileMode

func (e NotFileError) Error() string {
	what := "is a device"
	switch mode := fs.FileMode(e); {
	case mode.IsDir():
		what = "is a folder"
	case mode&fs.ModeNamedPipe != 0:
		what = "is a pipe"
	case mode&fs.ModeSocket != 0:
		what = "is a socket"
	}
	return what + ", and a file is needed"
}

// Is makes every NotFileError an [ErrNotRegular].
func (e NotFileError) Is(target error) bool { return target == ErrNotRegular }
