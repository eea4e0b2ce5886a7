package fault

import (
	"context"
	"slices"

	"preship/adb/handset"
	"preship/adb/handset/health"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

const basebandKey = "gsm.version.baseband"

// stateNames are the states of android.telephony.ServiceState. One that is not printed
// counts as no service.
var stateNames = map[string]message.ID{
	"": "fault.state.out-of-service", "IN_SERVICE": "fault.state.in-service", "OUT_OF_SERVICE": "fault.state.out-of-service",
	"EMERGENCY_ONLY": "fault.state.emergency", "POWER_OFF": "fault.state.off",
}

func askRadio(ctx context.Context, c *collection) {
	out := &report.FaultRadio{Networks: []report.FaultModem{}}
	c.out.Radio = out
	for _, s := range c.id.SIMs.Items {
		out.SIMs = append(out.SIMs, report.SIM{Slot: s.Slot + 1, State: s.Raw})
	}
	props := c.properties(ctx)
	if props.Known() {
		if v, _ := props.Items[0].Text(basebandKey); v != "" {
			out.Baseband = &v
		}
	}
	networks := ask(ctx, c, handset.NetworkState.Must(), health.ParseServices)
	for _, s := range networks.Items {
		if networks.Known() {
			out.Networks = append(out.Networks, report.FaultModem{Slot: s.Phone + 1, Voice: s.Voice, Data: s.Data, DBm: s.DBm, Bars: s.Level})
		}
	}
	c.sayNetwork(out, networks.Why, networks.Ref, props.Ref)
	c.sayWiFi(ctx, out)
	c.sayBluetooth(ctx, out)
}

// sayNetwork judges the modem. Without a SIM card no network can be expected.
func (c *collection) sayNetwork(out *report.FaultRadio, why message.Sentence, refs ...string) {
	var seen []message.Sentence
	served, off := false, false
	for _, n := range out.Networks {
		seen = append(seen, message.Say("fault.seen.slot", "slot", n.Slot, "state", message.Say(stateNames[n.Voice])))
		served = served || n.Voice == "IN_SERVICE" || n.Data == "IN_SERVICE"
		off = off || n.Voice == "POWER_OFF"
	}
	observed := message.Join(message.Comma, seen...)
	sim := slices.ContainsFunc(c.id.SIMs.Items, func(s handset.SIM) bool { return s.State == handset.SIMPresent })
	switch {
	case c.id.NoModem():
		c.add(check.FaultNetwork, report.StatusSkipped, message.Say("fault.network.no-modem"), message.Sentence{}, refs...)
	case served:
		c.add(check.FaultNetwork, report.StatusPass, message.Say("fault.network.served"), observed, refs...)
	case out.Baseband == nil && len(refs) > 1 && refs[1] != "" && c.id.ModemSign != "":
		c.add(check.FaultNetwork, report.StatusWarn, message.Say("fault.network.no-baseband"), observed, refs...)
	case len(out.Networks) == 0:
		c.unknown(check.FaultNetwork, "fault.network.unknown", why, refs...)
	case off:
		c.add(check.FaultNetwork, report.StatusUnknown, message.Say("fault.network.off"), observed, refs...)
	case sim:
		c.add(check.FaultNetwork, report.StatusWarn, message.Say("fault.network.none"), observed, refs...)
	default:
		c.add(check.FaultNetwork, report.StatusUnknown, message.Say("fault.network.no-sim"), observed, refs...)
	}
}

func (c *collection) sayWiFi(ctx context.Context, out *report.FaultRadio) {
	list := one(ctx, c, handset.WiFiState.Must(), func(b []byte) (report.FaultLink, error) {
		on, connected, err := health.ParseWiFi(b)
		return report.FaultLink{On: on, Connected: connected}, err
	})
	if !list.Known() {
		c.unknown(check.FaultWiFi, "fault.wifi.unknown", list.Why, list.Ref)
		return
	}
	out.WiFi = &list.Items[0]
	switch w := out.WiFi; {
	case !w.On:
		c.unknown(check.FaultWiFi, "fault.wifi.off", message.Sentence{}, list.Ref)
	case w.Connected != nil && *w.Connected:
		c.add(check.FaultWiFi, report.StatusPass, message.Say("fault.wifi.connected"), message.Sentence{}, list.Ref)
	default:
		c.unknown(check.FaultWiFi, "fault.wifi.alone", message.Sentence{}, list.Ref)
	}
}

func (c *collection) sayBluetooth(ctx context.Context, out *report.FaultRadio) {
	list := one(ctx, c, handset.BluetoothState.Must(), health.ParseBluetooth)
	switch {
	case !list.Known():
		c.unknown(check.FaultBluetooth, "fault.bluetooth.unknown", list.Why, list.Ref)
		return
	case list.Items[0]:
		c.add(check.FaultBluetooth, report.StatusPass, message.Say("fault.bluetooth.on"), message.Sentence{}, list.Ref)
	default:
		c.unknown(check.FaultBluetooth, "fault.bluetooth.off", message.Sentence{}, list.Ref)
	}
	out.Bluetooth = &report.FaultLink{On: list.Items[0]}
}
