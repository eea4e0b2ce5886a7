package safefile

import (
	"preship/report/message"
)

// ErrLocked: another process holds the lock.
var ErrLocked = message.Error(message.Say("error.file-locked"), nil)
