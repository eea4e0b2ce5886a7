//go:build unix && !linux

package backup

import (
	"errors"
	"os"
	"path"

	"golang.org/x/sys/unix"
)

// durable puts what was written to the files at hosts on disk, with their names.
// Plain fsync hands a file to the drive; the drive's own cache is written out
// once for all of them by the Sync of the journal that follows, which is
// F_FULLFSYNC on macOS.
func durable(root *os.Root, hosts []string) error {
	dirs := map[string]bool{}
	for _, host := range hosts {
		if err := fsync(root, host); err != nil {
			return err
		}
		// A folder may be as new as the file: its own name lies in the one above.
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
