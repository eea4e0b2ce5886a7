package report

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// tempSuffix marks a file that is being written. The name is fixed because the
// case lock allows one writer, so what a crash left behind is simply reused.
const tempSuffix = ".preship-tmp"

// ReplaceFile writes the file name within root by write, so that a reader, or the
// next start after a crash or a power cut, sees the old bytes or the new ones and
// nothing else. Its folder has to be there. One writer at a time may replace a
// name: whoever works on a case holds its lock.
func ReplaceFile(root *os.Root, name string, write func(io.Writer) error) error {
	temp := name + tempSuffix
	if err := root.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
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
	return syncDir(root, path.Dir(name))
}

// writeFile is ReplaceFile of bytes that are there already.
func writeFile(root *os.Root, name string, data []byte) error {
	return ReplaceFile(root, name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// removeFile deletes name for good; a name that is not there is fine.
func removeFile(root *os.Root, name string) error {
	if err := root.Remove(name); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return syncDir(root, path.Dir(name))
}

// removeTemps deletes what an interrupted writeFile left in dir.
func removeTemps(root *os.Root, dir string) error {
	entries, err := fs.ReadDir(root.FS(), dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), tempSuffix) && e.Type().IsRegular() {
			if err := root.Remove(path.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
