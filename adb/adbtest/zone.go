package adbtest

import (
	"time"

	_ "time/tzdata" // a handset has its own zone files, whatever the computer has
)

// zone is the handset's time zone.
func (h *Handset) zone() *time.Location {
	if loc, err := time.LoadLocation(h.prop("persist.sys.timezone")); err == nil {
		return loc
	}
	return time.UTC
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
