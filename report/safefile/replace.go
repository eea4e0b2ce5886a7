package safefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// TempSuffix ends the name of a file that is being written. The name is fixed, because
// the lock of a case allows one writer: the next write replaces what a crash left.
const TempSuffix = ".preship-tmp"

// Replace writes the file name within root by calling write. A reader, or the next
// start after a crash or a power cut, sees the old bytes or the new ones. The folder of
// name must exist. Only one writer at a time may replace a name; the lock of the case
// makes sure of that.
func Replace(root *os.Root, name string, write func(io.Writer) error) error {
	temp := name + TempSuffix
	f, err := create(root, temp)
	if errors.Is(err, fs.ErrExist) { // a crash left it
		if err := root.Remove(temp); err != nil {
			return err
		}
		f, err = create(root, temp)
	}
	if err != nil {
		return err
	}
	if err = write(f); err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", name, err), root.Remove(temp))
	}
	if err := root.Rename(temp, name); err != nil {
		return errors.Join(err, root.Remove(temp))
	}
	return SyncDir(root, path.Dir(name))
}

func create(root *os.Root, name string) (*os.File, error) {
	return root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

// Write replaces the file name within root by data, as [Replace] does.
func Write(root *os.Root, name string, data []byte) error {
	return Replace(root, name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// Remove deletes name and syncs its folder. A missing name is no error.
func Remove(root *os.Root, name string) error {
	if err := root.Remove(name); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return SyncDir(root, path.Dir(name))
}

// RemoveTemps deletes the files that an interrupted [Replace] left in dir. A missing
// dir is no error.
func RemoveTemps(root *os.Root, dir string) error {
	entries, err := fs.ReadDir(root.FS(), dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), TempSuffix) && e.Type().IsRegular() {
			if err := root.Remove(path.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
