package health

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"preship/report/pattern"

	"preship/adb/handset/dump"
)

var kernelVersion = pattern.New(`^Linux version (\S{1,100}) \([^\n]{1,400}\) (#[^\n]{1,120})\n?$`)

// ParseKernel parses /proc/version and returns version and build of the kernel, without the
// computer and the compiler that made it. The error is dump.ErrNoHeading.
func ParseKernel(b []byte) (string, error) {
	m := kernelVersion().FindSubmatch(b[:min(len(b), 1024)])
	if m == nil {
		return "", fmt.Errorf("kernel: %w", dump.ErrNoHeading)
	}
	return dump.Printable([]byte(string(m[1])+" "+string(m[2])), 200), nil
}

// KernelLog is what the kernel wrote before the handset started last.
type KernelLog struct {
	Stop  string         // what the kernel stopped with; empty: it names nothing
	Signs map[string]int // how often each sign of a fault is there
}

// The signs of a [KernelLog].
const (
	SignPanic    = "panic"    // the kernel stopped itself
	SignOops     = "oops"     // a part of it failed
	SignWatchdog = "watchdog" // a processor hung
	SignPower    = "power"    // the supply failed
	SignHeat     = "heat"     // too hot to run
	SignStorage  = "storage"  // the storage chip or a file system failed
)

// logTail is how much of a log is read, from its end.
const logTail = 1 << 20

var kernelLine = pattern.New(`^(?:<\d{1,2}>)?\[ *\d{1,7}\.\d{6}\]`)

// kernelSigns are in the order in which a line is looked at: the first that fits counts.
var kernelSigns = []struct {
	sign string
	line func() *regexp.Regexp
}{
	{SignPanic, pattern.New(`Kernel panic - not syncing: ?(.{0,120})`)},
	{SignOops, pattern.New(`(?:Internal error: |Unable to handle kernel )(.{1,100})`)},
	{SignWatchdog, pattern.New(`(?i)(?:watchdog: BUG: (soft lockup.{0,60})|(watchdog bark|causing a watchdog bite|hard lockup))`)},
	{SignPower, pattern.New(`(?i)power-off reason:.{0,40}(UVLO|undervoltage|under-voltage)`)},
	{SignHeat, pattern.New(`(?i)(critical temperature reached.{0,40}|overtemp.{0,20}shutdown|thermal shutdown)`)},
	{SignStorage, pattern.New(`(?:I/O error, dev (?:sd|mmcblk)|EXT4-fs error|F2FS-fs .{0,40}(?:[Cc]orrupt|inconsisten)|mmc\d: (?:error|cache flush error)|ufshcd.{0,60}(?:[Ee]rror recovery|link startup failed))`)},
}

// ParseKernelLog parses a log of the kernel, from pstore or /proc/last_kmsg. It looks at the
// last part of it, and takes no names of programs. The error is dump.ErrNoHeading if no
// line is one of a kernel.
func ParseKernelLog(b []byte) (KernelLog, error) {
	log := KernelLog{Signs: map[string]int{}}
	lines := 0
	for line := range bytes.Lines(b[max(0, len(b)-logTail):]) {
		if !kernelLine().Match(line) {
			continue
		}
		lines++
		for _, s := range kernelSigns {
			m := s.line().FindSubmatch(bytes.TrimRight(line, "\r\n"))
			if m == nil {
				continue
			}
			if s.sign == SignPanic {
				if bytes.Contains(line, []byte("end Kernel panic")) {
					break // the same one again
				}
				log.Stop = dump.Printable(bytes.TrimSpace(m[1]), 120)
			}
			log.Signs[s.sign]++
			break
		}
	}
	if lines == 0 {
		return KernelLog{}, fmt.Errorf("kernel log: %w", dump.ErrNoHeading)
	}
	return log, nil
}

var pendingUpdate = pattern.New(`^ *Pending System Update: SystemUpdateInfo \(receivedTime = (\d{12,14}), `)

// ParsePendingUpdate parses "dumpsys device_policy" and returns since when an update of the
// system waits, as the handset's updater noted it. The time is zero where no update is
// noted, which says nothing: an updater need not note it. The error is dump.ErrNoHeading.
func ParsePendingUpdate(b []byte) (since time.Time, err error) {
	heading := false
	for line := range lines(b) {
		heading = heading || strings.HasPrefix(line, "Current Device Policy Manager state:")
		if m := pendingUpdate().FindStringSubmatch(line); m != nil && heading {
			ms, _ := strconv.ParseInt(m[1], 10, 64) // at most 14 digits
			return time.UnixMilli(ms).UTC().Truncate(time.Second), nil
		}
	}
	if !heading {
		return time.Time{}, fmt.Errorf("device policy: %w", dump.ErrNoHeading)
	}
	return time.Time{}, nil
}
