package safefile

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockedByte is far behind whatever a file holds: a locked byte cannot be read by
// another process.
const lockedByte = 1 << 30

// Lock takes the exclusive lock of an open file without waiting; ErrLocked if it is
// taken. The lock ends with the process, however that ends. Its bytes stay readable
// to others.
func Lock(f *os.File) error {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &windows.Overlapped{Offset: lockedByte})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return ErrLocked
	}
	return err
}

// Unlock gives the lock back at once; Windows promises no moment for it after the
// handle is closed.
func Unlock(f *os.File) error {
	return windows.UnlockFileEx(windows.Handle(f.Fd()), 0, 1, 0, &windows.Overlapped{Offset: lockedByte})
}
