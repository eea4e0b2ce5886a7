//go:build !linux && !darwin && !windows

package uptime

import (
	"errors"
	"time"
)

// Now returns the time since the computer was started.
func Now() (time.Duration, error) { return 0, errors.ErrUnsupported }
