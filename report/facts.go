package report

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// fact is one line of a table for people.
type fact struct {
	Name, Value string
	Unknown     bool
}

// displayName is what its owner would call the handset.
func displayName(l lang, h *Handset) string {
	if h == nil {
		return l.text("Unknown handset")
	}
	for _, name := range []*string{h.MarketName, h.Model, h.Codename} {
		if name != nil && *name != "" {
			return clipTo(*name, 60)
		}
	}
	return "Handset " + clipTo(h.Serial, 60)
}

func handsetFacts(l lang, h *Handset) []fact {
	if h == nil {
		return nil
	}
	facts := imeiFacts(l, h.IMEI)
	return append(facts,
		snFact(h.SN),
		textFact("Maker", h.Manufacturer), textFact("Model", h.Model), textFact("Codename", h.Codename),
		fact{Name: "adb serial", Value: h.Serial},
		pairFact(l, "System", h.OS.Name, h.OS.Version),
		textFact("Android", h.Android.Release), textFact("Security patch", h.Android.SecurityPatch),
		textFact("ROM region", h.Region), textFact("Hardware region", h.HWC),
		wordFact(l, "Bootloader", h.Bootloader), textFact("Verified boot", h.VerifiedBoot),
		wordFact(l, "Encryption", h.Encryption),
		numberFact("Battery", h.Battery.Level, " %"),
		bytesFact("Storage used", h.Storage.Used),
		simFact(l, h.SIMs),
	)
}

func ticketFacts(t *Ticket) (facts []fact) {
	if t == nil {
		return nil
	}
	var photos []string
	for _, p := range t.Photos {
		photos = append(photos, path.Base(p.File))
	}
	for _, f := range []fact{
		{Name: "Ticket", Value: t.ID},
		{Name: "RMA number", Value: t.RMA},
		{Name: "Post by", Value: t.ShipBy},
		{Name: "Photos", Value: strings.Join(photos, ", ")},
	} {
		if f.Value != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

func imeiFacts(l lang, imeis []IMEI) []fact {
	if imeis == nil {
		return []fact{{Name: "IMEI", Unknown: true}}
	}
	if len(imeis) == 0 {
		return []fact{{Name: "IMEI", Value: l.text("none: not a phone")}}
	}
	var facts []fact
	for _, i := range imeis {
		f := fact{Name: "IMEI", Value: i.Value}
		if i.Slot > 0 {
			f.Name = fmt.Sprintf("IMEI %d", i.Slot)
		}
		if !i.Luhn {
			f.Value = l.text("%s (wrong check digit)", f.Value)
		}
		facts = append(facts, f)
	}
	return facts
}

func snFact(sn *SN) fact {
	if sn == nil {
		return fact{Name: "S/N", Unknown: true}
	}
	return fact{Name: "S/N", Value: sn.Value}
}

func simFact(l lang, sims []SIM) fact {
	if sims == nil {
		return fact{Name: "SIM", Unknown: true}
	}
	var states []string
	for _, s := range sims {
		states = append(states, l.text("slot %d: %s", s.Slot, l.text(strings.ToLower(s.State))))
	}
	if states == nil {
		return fact{Name: "SIM", Value: l.text("no slot")}
	}
	return fact{Name: "SIM", Value: strings.Join(states, comma[l.tag])}
}

func backupFacts(l lang, b *Backup) []fact {
	if b == nil {
		return nil
	}
	count := func(name string, files, bytes int64) fact {
		return fact{Name: name, Value: l.text("%s, %s", l.files(files), byteSize(bytes))}
	}
	facts := []fact{
		count("On the handset", b.Files.Listed, b.Bytes.Listed),
		count("Saved", b.Files.Saved, b.Bytes.Saved),
		count("Proved the same", b.Files.Proved, b.Bytes.Proved),
		count("Changed while read", b.Files.Changed, b.Bytes.Changed),
		count("Could not be read", b.Files.Unreadable, b.Bytes.Unreadable),
	}
	if b.Files.Kept > 0 {
		facts = append(facts, count("Kept from an earlier run", b.Files.Kept, b.Bytes.Kept))
	}
	for _, name := range slices.Sorted(maps.Keys(b.Items)) {
		f := fact{Name: name}
		if n := b.Items[name]; n == nil {
			f.Unknown = true
		} else {
			f.Value = strconv.FormatInt(*n, 10)
		}
		facts = append(facts, f)
	}
	return facts
}

func resetFacts(l lang, r *Reset) []fact {
	if r == nil {
		return nil
	}
	seen := func(name string, at *time.Time) fact {
		if at == nil {
			return fact{Name: name, Value: l.text("not seen")}
		}
		return fact{Name: name, Value: when(*at)}
	}
	facts := []fact{
		wordFact(l, "Way", r.Way), seen("Triggered", r.TriggeredAt), seen("Left", r.LeftAt), seen("Came back", r.ReturnedAt),
	}
	if r.ReturnedState != nil {
		facts = append(facts, textFact("Came back as", r.ReturnedState))
	}
	if r.Answer != nil {
		facts = append(facts, textFact("It answered", r.Answer))
	}
	return facts
}

func textFact(name string, v *string) fact {
	if v == nil || *v == "" {
		return fact{Name: name, Unknown: true}
	}
	return fact{Name: name, Value: *v}
}

// wordFact is a value that is one of few words.
func wordFact(l lang, name, v string) fact {
	return fact{Name: name, Value: l.text(v), Unknown: v == "" || v == Unknown}
}

func pairFact(l lang, name string, a, b *string) fact {
	switch {
	case a == nil:
		return fact{Name: name, Unknown: true}
	case b == nil:
		return fact{Name: name, Value: l.text("%s, version unknown", *a)}
	default:
		return fact{Name: name, Value: *a + " " + *b}
	}
}

func numberFact(name string, v *int, unit string) fact {
	if v == nil {
		return fact{Name: name, Unknown: true}
	}
	return fact{Name: name, Value: strconv.Itoa(*v) + unit}
}

func bytesFact(name string, v *int64) fact {
	if v == nil {
		return fact{Name: name, Unknown: true}
	}
	return fact{Name: name, Value: byteSize(*v)}
}

// byteSize uses decimal units, as the box of a handset does.
func byteSize(n int64) string {
	const units = "kMGTPE"
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	v, i := float64(n)/1000, 0
	for v >= 999.95 && i < len(units)-1 {
		v, i = v/1000, i+1
	}
	return fmt.Sprintf("%.1f %cB", v, units[i])
}
