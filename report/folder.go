package report

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"preship/report/printable"
)

var (
	// ErrTooLarge: more bytes than anything preship keeps may have.
	ErrTooLarge = errors.New("too large")
	// errNotRegular: a folder, a link, a pipe or a device stands where a file is expected.
	errNotRegular = errors.New("not a regular file")
)

// folder is where the files of a package are read: a folder on disk or a ZIP
// file. Walking it lists symbolic links and follows none.
type folder interface {
	fs.FS
	// openRegular opens a plain file; anything else is errNotRegular.
	openRegular(name string) (fs.File, error)
}

// rootFolder is a folder on disk.
type rootFolder struct {
	fs.FS
	root *os.Root
}

func inRoot(root *os.Root) rootFolder { return rootFolder{root.FS(), root} }

func (r rootFolder) openRegular(name string) (fs.File, error) { return OpenRegular(r.root, name) }

// OpenRegular opens a file for reading that is neither a symbolic link nor anything
// else than a plain file, also when it is exchanged between the look and the open.
// It looks first: opening a pipe somebody put there would wait for ever.
func OpenRegular(root *os.Root, name string) (*os.File, error) {
	looked, err := root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !looked.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w", printable.Text(name), errNotRegular)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	opened, err := f.Stat()
	if err == nil && !os.SameFile(looked, opened) {
		err = fmt.Errorf("%s: %w", printable.Text(name), errNotRegular)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// readBounded reads a regular file of at most limit bytes.
func readBounded(in folder, name string, limit int64) ([]byte, error) {
	f, err := in.openRegular(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("%s: more than %d bytes: %w", name, limit, ErrTooLarge)
	}
	return b, nil
}
