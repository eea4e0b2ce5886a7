package doctor

import (
	"context"
	"fmt"
	"strings"

	"preship/adb"
	"preship/cmd/preship/internal/advice"
	"preship/report"
	"preship/report/message"
)

// elsewhere is the advice for systems whose bus preship cannot read.
var elsewhere = map[string][]message.ID{
	"windows": {"doctor.usb.windows", "doctor.usb.windows.driver"},
	"darwin":  {"doctor.usb.darwin", "doctor.usb.darwin.close"},
}

func checkUSB(_ context.Context, f *facts) result {
	switch {
	case f.machine.goos != "linux":
		return result{report.StatusSkipped, message.Say("doctor.usb.not-shown"), next(elsewhere[f.machine.goos]...)}
	case f.busErr != nil:
		return result{report.StatusUnknown, couldNotLook(f.busErr), nil}
	case len(f.bus) == 0 && len(f.infos) > 0:
		return result{report.StatusSkipped, message.Say("doctor.usb.other-way"), nil}
	case len(f.bus) == 0:
		return result{report.StatusWarn, message.Say("doctor.usb.none"), advised(advice.For(adb.StateAbsent))[1:]}
	}
	worst := result{status: report.StatusPass}
	for _, d := range f.bus {
		one := f.checkOnBus(d)
		worst.found = message.Join(message.Semicolon, worst.found, one.found)
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
		return result{report.StatusWarn, message.Say("doctor.usb.fastboot", "device", d), advised(advice.For(adb.StateBootloader))[:1]}
	case !d.has(adbInterface):
		return result{report.StatusWarn, message.Say("doctor.usb.no-adb", "device", d), next("doctor.usb.debugging", "doctor.usb.debugging-on")}
	case ok && listed.State != adb.StateNoPermissions:
	case d.node != "":
		if err := f.machine.openUSB(f.machine.path(d.node)); err != nil {
			return result{report.StatusFail, message.Say("doctor.usb.denied", "device", d, "node", d.node), udevAdvice(d)}
		}
	}
	if d.speed > 0 && d.speed <= fullSpeed {
		return result{report.StatusWarn, message.Say("doctor.usb.slow", "device", d), next("doctor.usb.faster")}
	}
	return result{status: report.StatusPass, found: message.AsIs(d.String())}
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
func udevAdvice(d usbDevice) []message.Sentence {
	return []message.Sentence{
		message.Say("doctor.usb.rule"),
		message.AsIs(fmt.Sprintf(`SUBSYSTEM=="usb", ATTR{idVendor}=="%s", MODE="0660", GROUP="plugdev", TAG+="uaccess"`, d.vendor)),
		message.Say("doctor.usb.reload"),
		message.Say("doctor.usb.group"),
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
		return result{report.StatusSkipped, message.Say("doctor.programs.none-on-bus"), nil}
	}
	var others []message.Sentence
	adbHolds := false
	for _, p := range f.machine.holders(names) {
		if strings.HasPrefix(p.name(), "adb") {
			adbHolds = true
			continue
		}
		others = append(others, p.sentence())
	}
	switch {
	case len(others) > 0 && inUse && !adbHolds:
		return result{report.StatusWarn, message.Join(message.Semicolon, others...), next("doctor.programs.close")}
	case len(others) > 0:
		return result{status: report.StatusPass, found: message.Say("doctor.programs.beside", "programs", message.Join(message.Semicolon, others...))}
	case inUse && !adbHolds && f.server.err != nil:
		return result{report.StatusWarn, message.Say("doctor.programs.other-user"), next("doctor.programs.log-out")}
	}
	return result{status: report.StatusPass, found: message.Say("doctor.programs.only-adb")}
}
