//go:build !windows

package safefile

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// Lock takes the exclusive lock of an open file without waiting; ErrLocked if it is
// taken. The lock ends with the process, however that ends. Its bytes stay readable
// to others.
func Lock(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return ErrLocked
	}
	return err
}

// Unlock gives the lock back at once. Closing alone would leave it with a child
// process that is just being started and has not closed its copy yet.
func Unlock(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_UN) }
