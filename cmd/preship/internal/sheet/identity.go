package sheet

import (
	"preship/adb/handset"
	"preship/cmd/preship/internal/console"
	"preship/report"
	"preship/report/message"
)

// Identity prints who a handset is. seen adds what a report does not hold; nil adds
// nothing.
func Identity(c *console.Console, h report.Handset, seen *handset.Identity) {
	rows := imeiRows(h.IMEI)
	put := func(name message.ID, value any) { rows = append(rows, []any{message.Say(name), value}) }
	put("page.fact.sn", serialNumber(h))
	put("sheet.meid", text(h.MEID))
	put("sheet.name", text(h.MarketName))
	put("page.fact.model", text(h.Model))
	put("page.fact.codename", text(h.Codename))
	put("page.fact.system", joined(h.OS.Name, h.OS.Version))
	put("page.fact.android", text(h.Android.Release))
	put("page.fact.security-patch", text(h.Android.SecurityPatch))
	put("sheet.region", region(h))
	put("page.fact.bootloader", word(h.Bootloader))
	put("page.fact.verified-boot", text(h.VerifiedBoot))
	put("page.fact.encryption", word(h.Encryption))
	put("page.fact.battery", battery(h.Battery))
	put("sheet.storage", storage(h.Storage))
	put("sheet.sim", simSlots(h))
	put("sheet.users", users(h))
	put("sheet.board-sn", text(h.BoardSN))
	if seen != nil {
		put("sheet.processor", known(seen.CPUID))
		put("sheet.sd-card", sdCard(seen.Volumes))
		put("sheet.esim", word(seen.ESIM.Value))
		put("sheet.root", root(seen.RootSign))
		put("sheet.adb-input", word(seen.AdbInput.Value))
	}
	put("page.fact.adb-serial", h.Serial)
	if h.Kind == report.KindEmulator {
		put("sheet.kind", message.Say("sheet.emulated"))
	}
	c.Table(rows)
}

// imeiRows are the rows of a list that is nil if it is not known.
func imeiRows(list []report.IMEI) (rows [][]any) {
	for _, imei := range list {
		rows = append(rows, []any{
			message.Say("page.fact.imei-slot", "slot", imei.Slot),
			message.Say("sheet.imei", "imei", imei.Value, "type", imei.Value[:8], "source", imei.Source),
		})
	}
	switch {
	case list == nil:
		rows = append(rows, []any{message.Say("page.fact.imei"), message.Say("sheet.unknown")})
	case len(list) == 0:
		rows = append(rows, []any{message.Say("page.fact.imei"), message.Say("sheet.no-imei")})
	}
	return rows
}
