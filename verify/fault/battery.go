package fault

import (
	"context"
	"fmt"
	"strconv"

	"preship/adb/handset"
	"preship/adb/handset/health"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

const (
	// worn is the state of health, in percent, below which a battery is called worn. EU
	// regulation 2023/1670 asks for 80 % after 800 cycles.
	worn = 80
	// warm is the temperature in degrees Celsius from which a battery is not well.
	warm = 45
)

// nodes are the files of the battery's chip. They hold µAh.
const nodes = "/sys/class/power_supply/battery/"

func askBattery(ctx context.Context, c *collection) {
	b := &report.FaultBattery{}
	c.out.Battery = b
	now := c.id.Battery
	if now.Known() && len(now.Items) == 1 {
		v := now.Items[0]
		b.Level, b.TemperatureC, b.Charging = &v.Level, &v.Celsius, &v.Charging
		if v.Health != "" {
			b.Health = &v.Health
		}
	}
	refs := c.capacity(ctx, b)
	judge(b)
	c.sayState(b, now.Unknown, now.Ref)
	c.sayWear(b, refs)
}

// capacity fills in what health service, chip and Android know of the capacity.
func (c *collection) capacity(ctx context.Context, b *report.FaultBattery) (refs []string) {
	if hal := c.healthService(ctx); hal.Known() {
		h := hal.Items[0]
		b.Cycles, b.Full, b.Design, b.Wear = h.Cycles, milli(h.FullMicroAh), milli(h.DesignMicroAh), h.StateOfHealth
		if b.Wear != nil {
			b.WearSource = "health service"
		}
		refs = append(refs, hal.Ref)
	}
	for _, node := range []struct {
		name string
		to   **int
		of   func(*int) *int
	}{{"cycle_count", &b.Cycles, positive}, {"charge_full", &b.Full, milli}, {"charge_full_design", &b.Design, milli}} {
		if *node.to != nil {
			continue
		}
		if list := one(ctx, c, handset.BatteryNode.Must(nodes+node.name), health.ParseNode); list.Known() {
			*node.to = node.of(&list.Items[0])
			refs = append(refs, list.Ref)
		}
	}
	if list := one(ctx, c, handset.BatteryStats.Must(), health.ParseCapacity); list.Known() {
		learned := list.Items[0]
		b.Learned, b.Used = learned.Learned, learned.Used
		if learned.OnBattery != nil {
			seconds := int64(learned.OnBattery.Seconds())
			b.OnBattery = &seconds
		}
		if b.Design == nil {
			b.Design = learned.Estimated
		}
		refs = append(refs, list.Ref)
	}
	return refs
}

// judge sets the state of health where the handset itself does not state it. A chip or
// Android that has not measured yet repeats the capacity when new, which says nothing.
func judge(b *report.FaultBattery) {
	if b.Wear != nil || b.Design == nil {
		return
	}
	for _, measured := range []struct {
		mAh    *int
		source string
	}{{b.Full, "battery chip"}, {b.Learned, "Android"}} {
		if measured.mAh == nil || *measured.mAh == *b.Design {
			continue
		}
		if p := (*measured.mAh*100 + *b.Design/2) / *b.Design; p >= 5 && p <= 130 {
			p = min(p, 100)
			b.Wear, b.WearSource = &p, measured.source
			return
		}
	}
}

func milli(micro *int) *int {
	if micro == nil || *micro < 100_000 || *micro > 100_000_000 {
		return nil // AIDL's own limits of a known value
	}
	mAh := *micro / 1000
	return &mAh
}

func positive(n *int) *int {
	if *n <= 0 || *n > 100_000 {
		return nil
	}
	return n
}

// sayState says how the battery is now.
func (c *collection) sayState(b *report.FaultBattery, why message.Sentence, ref string) {
	if b.Level == nil {
		c.unknown(check.FaultBattery, "fault.battery.unknown", why, ref)
		return
	}
	observed := message.Say("fault.seen.battery", "percent", strconv.Itoa(*b.Level), "celsius", tenths(*b.TemperatureC))
	switch {
	case b.Health != nil && *b.Health != "good":
		c.add(check.FaultBattery, report.StatusWarn, message.Say("fault.battery.bad", "health", *b.Health), observed, ref)
	case *b.TemperatureC >= warm:
		c.add(check.FaultBattery, report.StatusWarn, message.Say("fault.battery.hot", "celsius", fmt.Sprintf("%.0f", *b.TemperatureC)), observed, ref)
	case b.Health == nil:
		c.add(check.FaultBattery, report.StatusUnknown, message.Say("fault.battery.unknown"), observed, ref)
	default:
		c.add(check.FaultBattery, report.StatusPass, message.Say("fault.battery.good"), observed, ref)
	}
}

// sayWear says how worn the battery is.
func (c *collection) sayWear(b *report.FaultBattery, refs []string) {
	var seen []message.Sentence
	if b.Cycles != nil {
		seen = append(seen, message.Say("fault.seen.cycles", "count", *b.Cycles))
	}
	if b.Design != nil {
		seen = append(seen, message.Say("fault.seen.new", "mah", strconv.Itoa(*b.Design)))
	}
	if b.Full != nil {
		seen = append(seen, message.Say("fault.seen.now", "mah", strconv.Itoa(*b.Full)))
	}
	if b.Learned != nil {
		seen = append(seen, message.Say("fault.seen.learned", "mah", strconv.Itoa(*b.Learned)))
	}
	if b.Used != nil && b.OnBattery != nil {
		hours := message.Say("fault.seen.hours", "hours", strconv.FormatInt(*b.OnBattery/3600, 10), "minutes", strconv.FormatInt(*b.OnBattery/60%60, 10))
		seen = append(seen, message.Say("fault.seen.drain", "mah", strconv.Itoa(*b.Used), "time", hours))
	}
	observed := message.Join(message.Comma, seen...)
	switch {
	case b.Wear == nil:
		c.add(check.FaultBatteryWear, report.StatusUnknown, message.Say("fault.battery.wear.unknown"), observed, refs...)
	case *b.Wear < worn:
		c.add(check.FaultBatteryWear, report.StatusWarn, message.Say("fault.battery.worn", "percent", strconv.Itoa(*b.Wear)), observed, refs...)
	default:
		c.add(check.FaultBatteryWear, report.StatusPass, message.Say("fault.battery.holds", "percent", strconv.Itoa(*b.Wear)), observed, refs...)
	}
}
