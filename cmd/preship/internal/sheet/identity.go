package sheet

import (
	"cmp"
	"fmt"
	"slices"
	"text/tabwriter"

	"preship/adb/handset"
	"preship/cmd/preship/internal/console"
	"preship/report"
)

// row is one line of the table; nil is unknown.
type row struct {
	name  string
	value *string
}

// Identity prints who a handset is. seen adds what a report does not hold; nil adds
// nothing.
func Identity(c *console.Console, h report.Handset, seen *handset.Identity) {
	w := tabwriter.NewWriter(c.Out, 0, 0, 2, ' ', 0)
	put := func(name, value string) { fmt.Fprintln(w, console.Sprintf("%s\t%s", name, value)) }
	for _, imei := range h.IMEI {
		put(fmt.Sprintf("IMEI %d", imei.Slot), fmt.Sprintf("%s  (type %s, from %s)", imei.Value, imei.Value[:8], imei.Source))
	}
	switch {
	case h.IMEI == nil:
		put("IMEI", unknownOr(nil))
	case len(h.IMEI) == 0:
		put("IMEI", "none")
	}
	for _, f := range slices.Concat([]row{
		{"S/N", serialNumber(h)},
		{"MEID", h.MEID},
		{"name", h.MarketName},
		{"model", h.Model},
		{"codename", h.Codename},
		{"system", joined(h.OS.Name, h.OS.Version)},
		{"Android", h.Android.Release},
		{"security patch", h.Android.SecurityPatch},
		{"region", region(h)},
		{"bootloader", &h.Bootloader},
		{"verified boot", h.VerifiedBoot},
		{"encryption", &h.Encryption},
		{"battery", battery(h.Battery)},
		{"storage", storage(h.Storage)},
		{"SIM slots", simSlots(h)},
		{"users", users(h)},
		{"mainboard S/N", h.BoardSN},
	}, seenRows(seen)) {
		put(f.name, unknownOr(f.value))
	}
	put("adb serial", h.Serial)
	if h.Kind == report.KindEmulator {
		put("kind", "EMULATED: this is not a real handset")
	}
	_ = w.Flush() // standard output; whoever reads it may stop when they like
}

func joined(a, b *string) *string {
	if a == nil || b == nil {
		return cmp.Or(a, b)
	}
	s := *a + " " + *b
	return &s
}

func unknownOr(s *string) string {
	if s == nil || *s == "" {
		return "unknown"
	}
	return *s
}
