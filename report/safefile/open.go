package safefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"preship/report/message"
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
		err = message.Error(message.Join(message.Colon, message.AsIs(path), message.Say("file.exchanged")), nil)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// NotFileError is the error for a path that is not a regular file. Its value is the
// file's mode.
type NotFileError fs.FileMode

func (e NotFileError) Error() string { return e.Unwrap().Error() }

// Unwrap returns an error with the sentence.
func (e NotFileError) Unwrap() error { return message.Error(e.Sentence(), nil) }

// Sentence says which kind of file the path is.
func (e NotFileError) Sentence() message.Sentence {
	switch mode := fs.FileMode(e); {
	case mode.IsDir():
		return message.Say("file.is.folder")
	case mode&fs.ModeNamedPipe != 0:
		return message.Say("file.is.pipe")
	case mode&fs.ModeSocket != 0:
		return message.Say("file.is.socket")
	}
	return message.Say("file.is.device")
}

// Is makes every NotFileError an [ErrNotRegular].
func (e NotFileError) Is(target error) bool { return target == ErrNotRegular }
