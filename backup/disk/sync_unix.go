//go:build unix && !linux

package disk

import (
	"errors"
	"os"
	"path"

	"golang.org/x/sys/unix"
)

// Sync puts the files at hosts and their names on the disk. A plain fsync hands a file
// to the drive; the sync of the journal that follows empties the drive's own cache for
// all of them (F_FULLFSYNC on macOS).
func Sync(root *os.Root, hosts []string) error {
	dirs := map[string]bool{}
	for _, host := range hosts {
		if err := fsync(root, host); err != nil {
			return err
		}
		// A folder may be as new as the file; its name is in the folder above.
		for dir := path.Dir(host); !dirs[dir]; dir = path.Dir(dir) {
			dirs[dir] = true
		}
	}
	for dir := range dirs {
		if err := fsync(root, dir); err != nil {
			return err
		}
	}
	return nil
}

func fsync(root *os.Root, name string) error {
	f, err := root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(os.NewSyscallError("fsync", unix.Fsync(int(f.Fd()))), f.Close())
}
