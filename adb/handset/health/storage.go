package health

import (
	"fmt"
	"regexp"
	"strconv"

	"preship/report/pattern"

	"preship/adb/handset/dump"
)

// DiskSpeed is what Android measured of the storage. A value that it does not print is nil.
type DiskSpeed struct {
	WriteKBs  *int // kB/s, when the handset was last idle and charging
	LatencyMS *int // of writing 512 bytes
}

var (
	diskLatency = pattern.New(`^Latency: (\d{1,9})ms \[512B Data Write\]$`)
	diskWrite   = pattern.New(`^Recent Disk Write Speed \(kB/s\) = (\d{1,9})$`)
)

// ParseDiskSpeed parses "dumpsys diskstats", and leaves out its list of apps.
// The error is dump.ErrNoHeading.
func ParseDiskSpeed(b []byte) (DiskSpeed, error) {
	var d DiskSpeed
	for line := range lines(b) {
		for re, to := range map[*regexp.Regexp]**int{diskLatency(): &d.LatencyMS, diskWrite(): &d.WriteKBs} {
			if m := re.FindStringSubmatch(line); m != nil && *to == nil {
				n, _ := strconv.Atoi(m[1]) // at most nine digits
				*to = &n
			}
		}
	}
	if d.LatencyMS == nil {
		return DiskSpeed{}, fmt.Errorf("diskstats: %w", dump.ErrNoHeading)
	}
	return d, nil
}
