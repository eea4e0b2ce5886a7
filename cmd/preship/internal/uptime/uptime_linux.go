package uptime

import (
	"time"

	"golang.org/x/sys/unix"
)

// Now returns the time since the computer was started.
func Now() (time.Duration, error) {
	var t unix.Timespec
	err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t)
	return time.Duration(t.Nano()), err
}
