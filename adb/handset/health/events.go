package health

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"preship/report/pattern"

	"preship/adb/handset/dump"
)

// Event is an entry of Android's DropBox: a crash, a freeze or a restart that the system
// noted.
type Event struct {
	At      time.Time // by the handset's clock, whose zone it does not print; counted as UTC
	Tag     string    // "data_app_crash", "SYSTEM_LAST_KMSG"
	Process string    // of a crash; empty: not printed
}

// Events are those that are still kept: Android drops old ones.
type Events struct {
	List []Event // oldest first
	Kept int     // as the handset counts them
}

var (
	eventsHeading = pattern.New(`^Drop box contents: (\d{1,6}) entries$`)
	eventLine     = pattern.New(`^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) ([A-Za-z][\w.:-]{0,79}) \((?:contents lost|(?:compressed )?(?:text|data), \d{1,12} bytes)\)$`)
	eventProcess  = pattern.New(`^\s+Process: ([\w.]{1,200})`)
)

// ParseEvents parses "dumpsys dropbox". It reads the list without the contents. The error
// is dump.ErrNoHeading, dump.ErrTruncated if events are missing, or dump.ErrTooLarge.
func ParseEvents(b []byte) (Events, error) {
	events := Events{Kept: -1}
	for line := range lines(b) {
		if events.Kept < 0 {
			if m := eventsHeading().FindStringSubmatch(line); m != nil {
				events.Kept, _ = strconv.Atoi(m[1]) // at most six digits
			}
			continue
		}
		if m := eventLine().FindStringSubmatch(line); m != nil {
			at, err := time.Parse(time.DateTime, m[1])
			if err != nil {
				return Events{}, fmt.Errorf("dropbox: %w: %q", dump.ErrMalformed, m[1])
			}
			if len(events.List) == maxEvents {
				return Events{}, fmt.Errorf("dropbox: %w: more than %d events", dump.ErrTooLarge, maxEvents)
			}
			events.List = append(events.List, Event{At: at, Tag: m[2]})
			continue
		}
		if m := eventProcess().FindStringSubmatch(line); m != nil && len(events.List) > 0 {
			if last := &events.List[len(events.List)-1]; last.Process == "" {
				last.Process = m[1]
			}
		}
	}
	switch {
	case events.Kept < 0:
		return Events{}, fmt.Errorf("dropbox: %w", dump.ErrNoHeading)
	case len(events.List) < events.Kept:
		return Events{}, fmt.Errorf("dropbox: %w: %d of %d events", dump.ErrTruncated, len(events.List), events.Kept)
	}
	return events, nil
}

// maxEvents is above what Android keeps, which is a thousand files.
const maxEvents = 5000

// With returns the events with one of the tags.
func (e Events) With(tags ...string) (list []Event) {
	for _, ev := range e.List {
		if slices.Contains(tags, ev.Tag) {
			list = append(list, ev)
		}
	}
	return list
}

// The tags of what stops the whole system or starts it again, and of crashes of apps. A
// tombstone is kept as text, and once more as data with its own tag, which is left out.
var (
	SystemTags = []string{
		"system_server_crash", "system_server_native_crash", "system_server_watchdog", "system_server_anr", "SYSTEM_RESTART",
		"SYSTEM_LAST_KMSG", "SYSTEM_RECOVERY_KMSG", "APANIC_CONSOLE", "APANIC_THREADS", "SYSTEM_TOMBSTONE", "SYSTEM_AUDIT", "SYSTEM_FSCK",
	}
	AppTags = []string{"data_app_crash", "data_app_native_crash", "data_app_anr", "system_app_crash", "system_app_native_crash", "system_app_anr"}
)

// BootReason is why the handset started once.
type BootReason struct {
	Reason string    // "reboot,userrequested", "kernel_panic", "watchdog"
	At     time.Time // zero: not printed
}

var reasonWord = pattern.New(`^[\w.:-]{1,60}(?:,[\w.:-]{1,60}){0,4}$`)

// ParseBootReason parses a boot reason property. It is false for a value that is not one.
func ParseBootReason(value string) (BootReason, bool) {
	value = strings.TrimSpace(value)
	if !reasonWord().MatchString(value) {
		return BootReason{}, false
	}
	// A history line ends in the seconds since 1970.
	if head, last, ok := cutLast(value); ok {
		if sec, err := strconv.ParseInt(last, 10, 64); err == nil && sec > 1e9 && sec < 1e10 {
			return BootReason{Reason: head, At: time.Unix(sec, 0).UTC()}, true
		}
	}
	return BootReason{Reason: value}, true
}

func cutLast(value string) (head, last string, ok bool) {
	i := strings.LastIndexByte(value, ',')
	if i < 0 {
		return value, "", false
	}
	return value[:i], value[i+1:], true
}

// ParseBootHistory parses the property persist.sys.boot.reason.history, newest first, one
// reason a line. It skips lines that are not reasons.
func ParseBootHistory(value string) (list []BootReason) {
	for line := range strings.Lines(value) {
		if r, ok := ParseBootReason(line); ok && len(list) < 100 {
			list = append(list, r)
		}
	}
	return list
}

// unaskedStarts are the first words of boot reasons that stand for a start that neither a
// person nor an update asked for, as the source of Android's bootstat lists them. "hard" is
// not one: holding the power key down causes it too.
var unaskedStarts = []string{
	"kernel_panic", "watchdog", "reboot,watchdog", "reboot,wdt", "reboot,kernel_panic", "reboot,bootloader_panic", "reboot,memory_protect",
	"cold,undervoltage", "shutdown,undervoltage", "reboot,undervoltage", "reboot,uvlo", "reboot,powerloss", "reboot,smpl", "reboot,smpl_timeout", "reboot,ocp", "reboot,pmic_off_fault",
	"shutdown,thermal", "reboot,thermal", "shutdown,battery",
	"reboot,rescueparty", "reboot,userspace_failed", "reboot,vold-failed", "reboot,apexd-failed", "reboot,mount_userdata_failed", "reboot,dm-verity_device_corrupted", "recovery,rescueparty", "reboot,recovery,rescueparty",
	// what a boot loader says, before Android gives it one of the words above
	"smpl", "reboot_smpl", "uvlo", "pmic_watchdog", "watchdog_apps_bite", "watchdog_apps_bark", "watchdog_rpm", "watchdog_rpm_bite", "watchdog_nonsec", "watchdog_sdi_apps_reset", "oem_thermal_bite_reset", "oem_modem_failed_to_powerup",
}

// Unasked reports whether the reason stands for a start that nobody asked for. An unknown
// reason is not one.
func (r BootReason) Unasked() bool {
	reason := strings.ToLower(r.Reason)
	for _, start := range unaskedStarts {
		if reason == start || strings.HasPrefix(reason, start+",") {
			return true
		}
	}
	return false
}

// ParseUptime parses /proc/uptime. The error is dump.ErrMalformed.
func ParseUptime(b []byte) (time.Duration, error) {
	fields := strings.Fields(string(b[:min(len(b), 128)]))
	if len(fields) == 2 {
		if sec, err := strconv.ParseFloat(fields[0], 64); err == nil && sec >= 0 && sec < 1e9 {
			return time.Duration(sec * float64(time.Second)).Truncate(time.Second), nil
		}
	}
	return 0, fmt.Errorf("uptime: %w: %q", dump.ErrMalformed, short(string(b[:min(len(b), 64)])))
}
