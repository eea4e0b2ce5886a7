package safefile

import "errors"

// ErrLocked: another process holds the lock.
var ErrLocked = errors.New("file is locked by another process")
