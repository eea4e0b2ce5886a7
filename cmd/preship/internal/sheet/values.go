package sheet

import (
	"fmt"
	"strings"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/cmd/preship/internal/amount"
	"preship/report"
	"preship/report/message"
)

// Each function here returns one value of the table.

// text returns what a handset said; nil and an empty text are unknown.
func text(s *string) message.Sentence {
	if s == nil || *s == "" {
		return message.Say("sheet.unknown")
	}
	return message.AsIs(*s)
}

func known(f handset.Fact) message.Sentence { return text(&f.Value) }

// words are the messages of values of which there are few.
var words = map[string]message.ID{
	"absent": "page.sim.absent", "loaded": "page.sim.loaded", "ready": "page.sim.ready",
	report.BootloaderLocked: "page.bootloader.locked", report.BootloaderUnlocked: "page.bootloader.unlocked",
	report.EncryptionFile: "page.encryption.file", report.EncryptionBlock: "page.encryption.block", report.EncryptionNone: "page.encryption.off",
	dump.UserOwner: "sheet.user.owner", dump.UserSecondSpace: "sheet.user.second-space", dump.UserDualApps: "sheet.user.dual-apps",
	dump.UserWorkProfile: "sheet.user.work-profile", dump.UserSecondary: "sheet.user.secondary",
	"good": "sheet.health.good", "overheat": "sheet.health.overheat", "dead": "sheet.health.dead", "over voltage": "sheet.health.over-voltage",
	"failure": "sheet.health.failure", "cold": "sheet.health.cold",
	"used": "identity.saw.esim-used", "never used": "identity.saw.esim-unused", "on": "sheet.on", "off": "sheet.off", "mounted": "sheet.mounted",
}

// word returns the message of a value, or a value without one as the handset gave it.
func word(value string) message.Sentence {
	if id, ok := words[value]; ok {
		return message.Say(id)
	}
	return text(&value)
}

// root returns the sign of root that was seen.
func root(f handset.Fact) message.Sentence {
	if f.Value == handset.NoRootSeen {
		return message.Say("sheet.root.none")
	}
	if !f.Saw.Empty() {
		return f.Saw
	}
	return text(&f.Value)
}

// joined returns two texts with a space between them, and the one that is known if the
// other is not.
func joined(a, b *string) message.Sentence {
	var known []string
	for _, s := range []*string{a, b} {
		if s != nil {
			known = append(known, *s)
		}
	}
	s := strings.Join(known, " ")
	return text(&s)
}

func serialNumber(h report.Handset) message.Sentence {
	if h.SN == nil {
		return text(nil)
	}
	return text(&h.SN.Value)
}

// region returns the region of the system, and that of the hardware as the handset
// writes it.
func region(h report.Handset) message.Sentence {
	if h.Region == nil || h.HWC == nil {
		return text(h.Region)
	}
	return message.Say("sheet.region.hardware", "region", *h.Region, "hardware", *h.HWC)
}

func battery(b report.Battery) message.Sentence {
	if b.Level == nil {
		return text(nil)
	}
	parts := []message.Sentence{message.AsIs(fmt.Sprintf("%d %%", *b.Level))}
	if b.Health != nil {
		parts = append(parts, message.Say("sheet.battery.health", "health", word(*b.Health)))
	}
	if b.TemperatureC != nil {
		parts = append(parts, message.AsIs(fmt.Sprintf("%.0f °C", *b.TemperatureC)))
	}
	return message.Join(message.Comma, parts...)
}

func storage(st report.Storage) message.Sentence {
	if st.Used == nil || st.Free == nil {
		return text(nil)
	}
	return message.Say("sheet.storage.used", "used", amount.Bytes(*st.Used), "free", amount.Bytes(*st.Free))
}

func simSlots(h report.Handset) message.Sentence {
	if h.SIMs == nil {
		return text(nil)
	}
	if len(h.SIMs) == 0 {
		return message.Say("sheet.none")
	}
	var states []message.Sentence
	for _, sim := range h.SIMs {
		states = append(states, message.Say("sheet.slot", "slot", sim.Slot, "state", word(strings.ToLower(sim.State))))
	}
	return message.Join(message.Comma, states...)
}

func sdCard(volumes handset.List[dump.Volume]) message.Sentence {
	if !volumes.Known() {
		return text(nil)
	}
	s := message.Say("sheet.none")
	for _, v := range volumes.Items {
		if v.Removable && v.Inside {
			s = word(v.State)
		}
	}
	return s
}

func users(h report.Handset) message.Sentence {
	if h.Users == nil {
		return text(nil)
	}
	var kinds []message.Sentence
	for _, u := range h.Users {
		kinds = append(kinds, message.Say("sheet.user", "kind", word(u.Kind), "id", fmt.Sprint(u.ID)))
	}
	return message.Join(message.Comma, kinds...)
}
