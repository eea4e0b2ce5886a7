package report

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// OpenFile opens a file that a person named, for reading; it follows links. The
// name of anything else, such as a folder or a pipe, is an error at once. It looks
// first: opening a pipe would wait for whoever writes into it.
func OpenFile(path string) (*os.File, error) {
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

// NotFileError is the mode of something that was named where a regular file is
// needed.
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

// Is makes every NotFileError the one of this package.
func (e NotFileError) Is(target error) bool { return target == errNotRegular }
