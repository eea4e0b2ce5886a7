package adbd

import (
	"cmp"

	"preship/adb/adbtest/trouble"
)

// assistantServices are those of a stock Mi Recovery after "Connect with
// MIAssistant" that preship's table of commands has: lower layers of adb, no shell and
// no login, and answers of one line. Services that write to more than user data are
// left out: an emulation of wipe-efs: or format-frp: would teach people to send them.
var assistantServices = []serviceRow{
	{prefix: "getdevice:", run: line(func(d *Services) string { return cmp.Or(d.Prop("ro.product.mod_device"), d.Prop("ro.product.device")) })},
	{prefix: "getversion:", run: line(func(d *Services) string { return d.Prop("ro.build.version.incremental") })},
	{prefix: "getsn:", run: line((*Services).recoverySN)},
	{prefix: "format-data:", run: line((*Services).formatData)},
	{prefix: "reboot:recovery", whole: true, run: leave("reboot-recovery.\n", "recovery")},
	{prefix: "reboot:", run: leave("reboot.\n", "")},
}

// line answers with a line, or with "unknown" where the text is empty. Mi Recovery ends
// every answer with a newline.
func line(text func(*Services) string) service {
	return answers(func(d *Services, _ string) (string, func()) { return cmp.Or(text(d), "unknown") + "\n", nil })
}

func leave(text, target string) service {
	return answers(func(d *Services, _ string) (string, func()) { return text, func() { d.Reboot(target) } })
}

// recoverySN returns the number of the processor. It is another one if the handset
// was swapped for one of the same model.
func (d *Services) recoverySN() string {
	if _, ok := d.Troubles.Happens(trouble.Swapped); ok {
		return "0x0badcafe"
	}
	return cmp.Or(d.Profile.CPU, d.Prop("ro.boot.cpuid"))
}

// formatData wipes user data, asks for no confirmation, and stays in recovery. It
// clears neither Find Device's lock nor factory reset protection. A trouble of kind
// format names its refusal.
func (d *Services) formatData() string {
	switch t, _ := d.Troubles.Happens(trouble.Format); t.Answer {
	case "failed":
		return "Format_data_failed."
	case "disabled":
		return "Format_data_is_already_disable."
	}
	d.FactoryReset(false)
	return "Format_data_success."
}
