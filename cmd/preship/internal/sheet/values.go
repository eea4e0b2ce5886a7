package sheet

import (
	"fmt"
	"strings"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report"
)

// The functions here make one value of the table a person reads; nil is unknown.

// seenRows are what a report does not hold.
func seenRows(id *handset.Identity) []row {
	if id == nil {
		return nil
	}
	return []row{
		{"processor", known(id.CPUID)},
		{"SD card", sdCard(id.Volumes)},
		{"eSIM", known(id.ESIM)},
		{"signs of root", known(id.RootSign)},
		{"USB debugging (Security settings)", known(id.AdbInput)},
	}
}

func known(f handset.Fact) *string {
	if !f.Known() {
		return nil
	}
	return &f.Value
}

func serialNumber(h report.Handset) *string {
	if h.SN == nil {
		return nil
	}
	return &h.SN.Value
}

// region is what the system was made for, and the hardware where that differs
// in the handset's own words.
func region(h report.Handset) *string {
	if h.Region == nil || h.HWC == nil {
		return h.Region
	}
	s := fmt.Sprintf("%s (hardware %s)", *h.Region, *h.HWC)
	return &s
}

func battery(b report.Battery) *string {
	if b.Level == nil {
		return nil
	}
	s := fmt.Sprintf("%d %%", *b.Level)
	if b.Health != nil {
		s += ", health " + *b.Health
	}
	if b.TemperatureC != nil {
		s += fmt.Sprintf(", %.0f °C", *b.TemperatureC)
	}
	return &s
}

func storage(st report.Storage) *string {
	if st.Used == nil || st.Free == nil {
		return nil
	}
	s := fmt.Sprintf("%.1f GB used, %.1f GB free", float64(*st.Used)/1e9, float64(*st.Free)/1e9)
	return &s
}

func simSlots(h report.Handset) *string {
	if h.SIMs == nil {
		return nil
	}
	s := "none"
	if len(h.SIMs) > 0 {
		states := make([]string, len(h.SIMs))
		for i, sim := range h.SIMs {
			states[i] = fmt.Sprintf("%d %s", sim.Slot, strings.ToLower(sim.State))
		}
		s = strings.Join(states, ", ")
	}
	return &s
}

func sdCard(volumes handset.List[dump.Volume]) *string {
	if !volumes.Known() {
		return nil
	}
	s := "none"
	for _, v := range volumes.Items {
		if v.Removable && v.Inside {
			s = v.State
		}
	}
	return &s
}

func users(h report.Handset) *string {
	if h.Users == nil {
		return nil
	}
	kinds := make([]string, len(h.Users))
	for i, u := range h.Users {
		kinds[i] = fmt.Sprintf("%s (%d)", u.Kind, u.ID)
	}
	s := strings.Join(kinds, ", ")
	return &s
}
