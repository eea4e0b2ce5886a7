package fault

import (
	"context"
	"strconv"

	"preship/adb/handset"
	"preship/adb/handset/health"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// Below leastFree bytes, or leastShare of the storage, Android asks its user to make room
// (its own limits are 500 MB and 5 %).
const (
	leastFree  = 1 << 30
	leastShare = 20
)

// lifeOver is the share of a storage chip's life, in percent, from which its wear is a sign
// of a fault.
const lifeOver = 90

func askStorage(ctx context.Context, c *collection) {
	out := &report.FaultStorage{Wear: []report.FaultWear{}}
	c.out.Storage = out
	if d := c.id.Disk; d.Known() && len(d.Items) == 1 {
		out.Total, out.Free = &d.Items[0].Total, &d.Items[0].Free
	}
	speed := one(ctx, c, handset.DiskSpeed.Must(), health.ParseDiskSpeed)
	if speed.Known() {
		out.WriteKBs, out.LatencyMS = speed.Items[0].WriteKBs, speed.Items[0].LatencyMS
	}
	hal := c.healthService(ctx)
	if hal.Known() {
		for _, s := range hal.Items[0].Storages {
			out.Wear = append(out.Wear, wearOf(s))
		}
	}
	c.saySpace(out, c.id.Disk.Unknown, c.id.Disk.Ref)
	c.sayLife(out, hal)
}

// wearOf takes the more worn of the two kinds of memory of a chip.
func wearOf(s health.StorageLife) report.FaultWear {
	w := report.FaultWear{EndOfLife: s.EndOfLife}
	if life := max(s.LifeA, s.LifeB); life > 0 {
		used := min(life*10, 100)
		w.Used = &used
	}
	return w
}

func (c *collection) saySpace(out *report.FaultStorage, why message.Sentence, ref string) {
	if out.Free == nil {
		c.unknown(check.FaultStorageSpace, "fault.storage.space.unknown", why, ref)
		return
	}
	seen := []message.Sentence{message.Say("fault.seen.space", "free", strconv.FormatInt(*out.Free/1e6, 10), "total", strconv.FormatInt(*out.Total/1e6, 10))}
	if out.WriteKBs != nil {
		seen = append(seen, message.Say("fault.seen.speed", "speed", tenths(float64(*out.WriteKBs)/1000)))
	}
	observed := message.Join(message.Comma, seen...)
	if *out.Free < leastFree || *out.Free < *out.Total/leastShare {
		c.add(check.FaultStorageSpace, report.StatusWarn, message.Say("fault.storage.full", "free", tenths(float64(*out.Free)/1e9)), observed, ref)
		return
	}
	c.add(check.FaultStorageSpace, report.StatusPass, message.Say("fault.storage.room", "free", tenths(float64(*out.Free)/1e9)), observed, ref)
}

func (c *collection) sayLife(out *report.FaultStorage, hal answer[health.HAL]) {
	most, urgent := -1, false
	var seen []message.Sentence
	for _, w := range out.Wear {
		urgent = urgent || w.EndOfLife >= 2
		if w.Used != nil {
			most = max(most, *w.Used)
			seen = append(seen, message.Say("fault.seen.used", "percent", strconv.Itoa(*w.Used)))
		}
	}
	observed := message.Join(message.Comma, seen...)
	switch {
	case urgent || most >= lifeOver:
		c.add(check.FaultStorageWear, report.StatusWarn, message.Say("fault.storage.worn"), observed, hal.Ref)
	case most < 0:
		c.unknown(check.FaultStorageWear, "fault.storage.wear.unknown", hal.Why, hal.Ref)
	default:
		c.add(check.FaultStorageWear, report.StatusPass, message.Say("fault.storage.life", "percent", strconv.Itoa(most)), observed, hal.Ref)
	}
}
