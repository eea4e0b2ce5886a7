package fault

import (
	"context"
	"math"

	"preship/adb/handset"
	"preship/adb/handset/health"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// zones are the kinds of sensors that are shown, the one a person feels first.
var zones = []string{"skin", "battery", "usb", "cpu", "gpu", "npu", "modem"}

var zoneNames = map[string]message.ID{
	"skin": "fault.zone.skin", "battery": "fault.zone.battery", "usb": "fault.zone.usb", "cpu": "fault.zone.cpu", "gpu": "fault.zone.gpu",
	"npu": "fault.zone.npu", "modem": "fault.zone.modem",
}

func askThermal(ctx context.Context, c *collection) {
	list := one(ctx, c, handset.Temperatures.Must(), health.ParseThermal)
	if !list.Known() {
		c.unknown(check.FaultThermal, "fault.thermal.unknown", list.Why, list.Ref)
		return
	}
	t := list.Items[0]
	out := &report.FaultThermal{Throttling: t.Status, Hottest: []report.FaultZone{}}
	c.out.Thermal = out
	var seen []message.Sentence
	for _, kind := range zones {
		if z, ok := t.Hottest(kind); ok {
			out.Hottest = append(out.Hottest, report.FaultZone{Kind: kind, Name: z.Name, Celsius: z.Celsius, Status: z.Status})
			seen = append(seen, message.Say("fault.seen.zone", "part", message.Say(zoneNames[kind]), "celsius", tenths(z.Celsius)))
		}
	}
	observed := message.Join(message.Comma, seen...)
	switch {
	case t.Status > 0:
		c.add(check.FaultThermal, report.StatusWarn, message.Say("fault.thermal.slowed", "level", message.Say(throttling[t.Status])), observed, list.Ref)
	case len(out.Hottest) == 0:
		c.unknown(check.FaultThermal, "fault.thermal.unknown", message.Sentence{}, list.Ref)
	default:
		c.add(check.FaultThermal, report.StatusPass, message.Say("fault.thermal.cool"), observed, list.Ref)
	}
}

// tenths returns a number with one decimal.
func tenths(x float64) message.Sentence { return message.Decimal(int64(math.Round(x * 10))) }

// throttling are Android's words for the status of the thermal service.
var throttling = []message.ID{
	"", "fault.thermal.light", "fault.thermal.moderate", "fault.thermal.severe", "fault.thermal.critical", "fault.thermal.emergency", "fault.thermal.shutdown",
}
