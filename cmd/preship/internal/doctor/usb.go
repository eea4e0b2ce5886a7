package doctor

import (
	"context"
	"fmt"
	"strings"

	"preship/adb"
	"preship/cmd/preship/internal/advice"
	"preship/report"
)

// elsewhere is the advice for systems whose bus preship cannot read.
var elsewhere = map[string][]string{
	"windows": {
		"if a handset is plugged in and not listed: device manager; a yellow mark, or \"portable devices\" without \"ADB interface\", asks for a driver",
		"Windows 10 and later mostly need none; else the maker's USB driver, or Google's (developer.android.com/studio/run/win-usb)",
	},
	"darwin": {
		"no driver is needed. if a handset is plugged in and not listed: system information, USB; allow the accessory when macOS asks",
		"close Android File Transfer and its Kind: they hold the handset",
	},
}

func checkUSB(_ context.Context, f *facts) result {
	switch {
	case f.machine.goos != "linux":
		return result{report.StatusSkipped, "this system does not show its USB bus to preship", elsewhere[f.machine.goos]}
	case f.busErr != nil:
		return result{report.StatusUnknown, fmt.Sprintf("could not look: %v", f.busErr), nil}
	case len(f.bus) == 0 && len(f.infos) > 0:
		return result{report.StatusSkipped, "no handset on the bus; adb reaches one another way", nil}
	case len(f.bus) == 0:
		none := advice.For(adb.StateAbsent)
		return result{report.StatusWarn, "no handset on the bus: a cable that only charges, a port or hub that does not work, or none plugged in", none.Then}
	}
	worst := result{status: report.StatusPass}
	for i, d := range f.bus {
		one := f.checkOnBus(d)
		if i > 0 {
			worst.found += "; "
		}
		worst.found += one.found
		worst.next = append(worst.next, one.next...)
		if worse(one.status, worst.status) {
			worst.status = one.status
		}
	}
	return worst
}

func worse(a, b report.Status) bool {
	rank := map[report.Status]int{report.StatusPass: 0, report.StatusWarn: 1, report.StatusFail: 2}
	return rank[a] > rank[b]
}

// fullSpeed is USB 1: a bad cable or an old hub makes a handset fall back to it.
const fullSpeed = 12

// checkOnBus checks one handset on the bus. An adb server may have rights that this user
// has not, so its list counts for more than the node.
func (f *facts) checkOnBus(d usbDevice) result {
	listed, ok := f.listed(d)
	switch {
	case d.has(fastbootInterface):
		next := advice.For(adb.StateBootloader)
		return result{report.StatusWarn, d.String() + ", in fastboot", []string{next.First}}
	case !d.has(adbInterface):
		return result{report.StatusWarn, d.String() + ", without adb: it only charges or shows files", []string{
			"switch USB debugging on: settings, about phone, tap the OS version seven times; then additional settings, developer options",
			"it is on already: pull the notifications down, choose \"file transfer\", and switch USB debugging off and on",
		}}
	case ok && listed.State != adb.StateNoPermissions:
	case d.node != "":
		if err := f.machine.openUSB(f.machine.path(d.node)); err != nil {
			return result{report.StatusFail, fmt.Sprintf("%s, which this user may not open (%s)", d, d.node), udevAdvice(d)}
		}
	}
	if d.speed > 0 && d.speed <= fullSpeed {
		return result{report.StatusWarn, d.String() + ", which is very slow", []string{"use another cable, another port, no hub"}}
	}
	return result{status: report.StatusPass, found: d.String()}
}

func (f *facts) listed(d usbDevice) (adb.DeviceInfo, bool) {
	for _, info := range f.infos {
		if info.Serial == d.serial && d.serial != "" {
			return info, true
		}
	}
	return adb.DeviceInfo{}, false
}

// udevAdvice is the rule for one vendor, as systemd and Android's own rules have
// it: the group for those without a seat, the tag for whoever sits there.
func udevAdvice(d usbDevice) []string {
	return []string{
		`add this line to /etc/udev/rules.d/51-android.rules, as root:`,
		fmt.Sprintf(`SUBSYSTEM=="usb", ATTR{idVendor}=="%s", MODE="0660", GROUP="plugdev", TAG+="uaccess"`, d.vendor),
		"then: sudo udevadm control --reload, and plug the handset in again",
		"over ssh, or without a desktop: sudo usermod -aG plugdev $USER, and log in anew",
	}
}

// checkUSBPrograms looks for programs that hold a handset. Only one can have its
// adb interface at a time.
func checkUSBPrograms(_ context.Context, f *facts) result {
	names := map[string]bool{}
	inUse := false
	for _, d := range f.bus {
		if d.node != "" {
			names[f.machine.path(d.node)] = true
		}
		for _, i := range d.interfaces {
			inUse = inUse || i.class == adbInterface && i.driver == "usbfs"
		}
	}
	if len(names) == 0 {
		return result{report.StatusSkipped, "no handset on the bus that could be looked at", nil}
	}
	var others []string
	adbHolds := false
	for _, p := range f.machine.holders(names) {
		if strings.HasPrefix(p.name(), "adb") {
			adbHolds = true
			continue
		}
		others = append(others, p.String())
	}
	switch {
	case len(others) > 0 && inUse && !adbHolds:
		return result{report.StatusWarn, strings.Join(others, "; "), []string{"close it, and plug the handset in again: adb cannot have the handset meanwhile"}}
	case len(others) > 0:
		return result{status: report.StatusPass, found: strings.Join(others, "; ") + ": beside adb, and not in its way"}
	case inUse && !adbHolds && f.server.err != nil:
		return result{report.StatusWarn, "a program of another user holds the handset", []string{"log the other user out, or end their adb server"}}
	}
	return result{status: report.StatusPass, found: "none but adb"}
}
