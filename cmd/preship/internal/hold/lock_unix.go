//go:build !windows

package hold

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// lockWhole takes the lock of a file without waiting; ErrBusy when it is taken.
func lockWhole(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return ErrBusy
	}
	return err
}

// unlockWhole gives it back at once, also where a child process that is just
// being started has a copy of the file.
func unlockWhole(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_UN) }
