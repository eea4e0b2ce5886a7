package adbd

import (
	"context"
	"io"

	"preship/adb/adbtest/stream"
	"preship/adb/adbtest/trouble"
)

// assistantServices are those of a stock Mi Recovery after "Connect with
// MIAssistant": lower layers of adb, no shell and no login, and answers of one
// line. Services that write to more than user data are left out: an emulation of
// wipe-efs: or format-frp: would teach people to send them.
var assistantServices = []serviceRow{
	{prefix: "getdevice:", run: answerProp("ro.product.mod_device", "ro.product.device")},
	{prefix: "getversion:", run: answerProp("ro.build.version.incremental")},
	{prefix: "getcodebase:", run: answerProp("ro.build.version.release")},
	{prefix: "getlanguage:", run: answerProp("persist.sys.locale", "ro.product.locale")},
	{prefix: "getregion:", run: answerProp("ro.miui.region", "ro.product.locale.region")},
	{prefix: "getcarrier:", run: answerProp("ro.carrier.name")},
	{prefix: "getbranch:", run: answerWith((*Services).recoveryBranch)},
	{prefix: "getsn:", run: answerWith((*Services).recoverySN)},
	{prefix: "getromzone:", run: answerWith((*Services).recoveryZone)},
	{prefix: "getrecoveryversion:", run: answerWith(func(*Services) string { return "2" })},
	{prefix: "format-data:", run: formatAnswering("Format_data")},
	{prefix: "format-storage:", run: formatAnswering("Format_storage")},
	{prefix: "format-data-storage:", run: formatAnswering("Format_data_and_storage")},
	{prefix: "wipe-data-storage:", run: formatAnswering("Wipe_data_and_storage")},
	{prefix: "format-cache:", run: answerWith(func(*Services) string { return "Format_cache_success." })},
	{prefix: "reboot:bootloader", whole: true, run: leaveAnswering("reboot-bootloader.", "bootloader")},
	{prefix: "reboot:fastboot", whole: true, run: leaveAnswering("reboot-fastboot.", "fastboot")},
	{prefix: "reboot:recovery", whole: true, run: leaveAnswering("reboot-recovery.", "recovery")},
	{prefix: "reboot:", run: leaveAnswering("reboot.", "")},
	{prefix: "shutdown:", run: leaveAnswering("shutdown.", "shutdown")},
}

// answerProp answers the first of the properties that is set, or "unknown". Mi
// Recovery ends every answer with a newline.
func answerProp(names ...string) service {
	return answerWith(func(d *Services) string {
		for _, name := range names {
			if v := d.Prop(name); v != "" {
				return v
			}
		}
		return "unknown"
	})
}

func answerWith(text func(*Services) string) service {
	return func(_ context.Context, d *Services, _ string, s stream.Stream) func() {
		_, _ = io.WriteString(s, text(d)+"\n")
		return nil
	}
}

// recoverySN returns the number of the processor. It is another one if the handset
// was swapped for one of the same model.
func (d *Services) recoverySN() string {
	if _, ok := d.Troubles().Happens(trouble.Swapped); ok {
		return "0x0badcafe"
	}
	if d.CPU() == "" {
		return orUnknown(d.Prop("ro.boot.cpuid"))
	}
	return d.CPU()
}

func orUnknown(v string) string {
	if v == "" {
		return "unknown"
	}
	return v
}

// recoveryBranch returns F for a stable user build and X for any other.
func (d *Services) recoveryBranch() string {
	if d.Prop("ro.build.type") == "user" {
		return "F"
	}
	return "X"
}

// recoveryZone returns 2 for a global ROM and 1 for a Chinese one.
func (d *Services) recoveryZone() string {
	if d.Prop("ro.miui.region") == "CN" {
		return "1"
	}
	return "2"
}

// formatRefusals are the answers of a recovery that does not wipe, by the answer of
// a trouble of kind format.
var formatRefusals = map[string]func(what string) string{
	"failed":   func(what string) string { return what + "_failed." },
	"disabled": func(string) string { return "Format_data_is_already_disable." },
}

// formatAnswering wipes user data, asks for no confirmation, and stays in
// recovery. It clears neither Find Device's lock nor factory reset protection.
func formatAnswering(what string) service {
	return answerWith(func(d *Services) string {
		if t, ok := d.Troubles().Happens(trouble.Format); ok {
			return formatRefusals[t.Answer](what)
		}
		d.Wipe()
		return what + "_success."
	})
}

func leaveAnswering(text, target string) service {
	return func(_ context.Context, d *Services, _ string, s stream.Stream) func() {
		_, _ = io.WriteString(s, text+"\n")
		return func() { d.Reboot(target) }
	}
}
