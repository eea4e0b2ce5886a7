package safefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"

	"preship/report/message"
	"preship/report/printable"
)

var (
	// ErrTooLarge is the error for more bytes than the reader allows.
	ErrTooLarge = message.Error(message.Say("file.too-large"), nil)
	// ErrNotRegular is the error for a folder, link, pipe or device in place of a file.
	ErrNotRegular = message.Error(message.Say("file.not-regular"), nil)
)

// Folder is a folder on disk, or one inside a ZIP file. Walking it lists symbolic
// links and does not follow them.
type Folder interface {
	fs.FS
	// OpenRegular opens a regular file for reading. Anything else is ErrNotRegular.
	OpenRegular(name string) (fs.File, error)
}

// rootFolder is a folder on disk.
type rootFolder struct {
	fs.FS
	root *os.Root
}

// In returns the folder of root, which the caller closes.
func In(root *os.Root) Folder { return rootFolder{root.FS(), root} }

func (r rootFolder) OpenRegular(name string) (fs.File, error) { return OpenRegular(r.root, name) }

// OpenRegular opens a regular file within root for reading. A symbolic link, or anything
// else that is not a regular file, is [ErrNotRegular], also when it replaces a file
// between the look and the open. It looks before it opens, since opening a pipe waits for
// its writer. The caller closes the file.
func OpenRegular(root *os.Root, name string) (*os.File, error) {
	looked, err := root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !looked.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w", printable.Text(name), ErrNotRegular)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	opened, err := f.Stat()
	if err == nil && !os.SameFile(looked, opened) {
		err = fmt.Errorf("%s: %w", printable.Text(name), ErrNotRegular)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Read returns the bytes of a regular file. More than limit bytes are [ErrTooLarge].
func Read(in Folder, name string, limit int64) ([]byte, error) {
	f, err := in.OpenRegular(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("%s: %w", name, message.Error(message.Say("file.more-than", "bytes", strconv.FormatInt(limit, 10)), ErrTooLarge))
	}
	return b, nil
}
