package uptime

import (
	"time"

	"golang.org/x/sys/unix"
)

// Now returns the time since the computer was started: macOS moves the date of that start
// when its clock is set.
func Now() (time.Duration, error) {
	t, err := unix.SysctlTimeval("kern.boottime")
	if err != nil {
		return 0, err
	}
	return time.Since(time.Unix(t.Unix())), nil
}
