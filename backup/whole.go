package backup

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// readSmall reads a file of our own that is short.
func readSmall(root *os.Root, name string) ([]byte, error) {
	f, err := openRegular(root, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if err == nil && len(data) > maxKeyFile {
		err = fmt.Errorf("%s: longer than %d bytes", name, maxKeyFile)
	}
	return data, err
}

// writeWhole replaces a file, so that after a power cut it is the old or the new.
func writeWhole(root *os.Root, name string, data []byte) error {
	temp := name + ".preship-tmp"
	if err := root.MkdirAll(storageDir, 0o700); err != nil {
		return err
	}
	if err := root.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", name, err), root.Remove(temp))
	}
	if err := root.Rename(temp, name); err != nil {
		return err
	}
	return syncDir(root, storageDir)
}
