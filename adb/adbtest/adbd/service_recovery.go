package adbd

import (
	"cmp"
	"context"
	"io"

	"preship/adb/adbtest/stream"
	"preship/adb/adbtest/trouble"
)

// assistantServices are those of a stock Mi Recovery after "Connect with
// MIAssistant" that preship's table of commands has: lower layers of adb, no shell and
// no login, and answers of one line. Services that write to more than user data are
// left out: an emulation of wipe-efs: or format-frp: would teach people to send them.
var assistantServices = []serviceRow{
	{prefix: "getdevice:", run: answerProp("ro.product.mod_device", "ro.product.device")},
	{prefix: "getversion:", run: answerProp("ro.build.version.incremental")},
	{prefix: "getsn:", run: answerWith((*Services).recoverySN)},
	{prefix: "format-data:", run: answerWith((*Services).formatData)},
	{prefix: "reboot:recovery", whole: true, run: leaveAnswering("reboot-recovery.", "recovery")},
	{prefix: "reboot:", run: leaveAnswering("reboot.", "")},
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
	if _, ok := d.Troubles.Happens(trouble.Swapped); ok {
		return "0x0badcafe"
	}
	return cmp.Or(d.Profile.CPU, d.Prop("ro.boot.cpuid"), "unknown")
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

func leaveAnswering(text, target string) service {
	return func(_ context.Context, d *Services, _ string, s stream.Stream) func() {
		_, _ = io.WriteString(s, text+"\n")
		return func() { d.Reboot(target) }
	}
}
