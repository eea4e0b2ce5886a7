package verify

import (
	"fmt"
	"slices"
	"strings"

	"preship/adb/handset"
	"preship/report"
)

// SourceAttested is the source of an IMEI that a person read off.
const SourceAttested = "attested"

// imeis takes over the IMEIs, judges them, and compares them with the papers.
func (fs *findings) imeis(h *report.Handset, id handset.Identity, claims Claims) {
	given, bad := readClaims(claims.IMEI)
	switch whole := wholeIMEIs(given); {
	case id.IMEIs.Known() && len(id.IMEIs.Items) > 0:
		fs.toldIMEIs(h, id)
	case len(whole) > 0:
		for slot, n := range whole {
			h.IMEI = append(h.IMEI, report.IMEI{Slot: slot + 1, Value: n, Luhn: true, Source: SourceAttested})
		}
		f := fs.add("identity.imei", report.StatusWarn, "the handset does not tell its IMEI; it is given as a person read it off", why(id.IMEIs.Unknown), id.IMEIs.Ref)
		f.Method = report.MethodAttested
		f.Advise(report.Say(""))
	case id.NoModem():
		fs.noModem(h, id)
	case id.PlainEmulator() && len(claims.IMEI) == 0:
		h.IMEI = []report.IMEI{}
		f := fs.add("identity.imei", report.StatusSkipped, "an emulator has no IMEI of its own", id.IMEIs.Unknown, id.IMEIs.Ref)
		f.Method = report.MethodInferred
	default:
		fs.untoldIMEI(id, len(claims.IMEI) > 0)
	}
	for _, n := range id.Notes {
		if n.Warn && n.Field == "imei" {
			fs.add("identity.imei.sources", report.StatusWarn, "the handset gives different IMEIs in different places", n.Text, n.Refs...)
		}
	}
	fs.papers(claims, given, bad, h)
}

// wholeIMEIs are those numbers that may stand as the handset's IMEI on a
// person's word: all 15 digits, the last of which shows that none was mistyped.
func wholeIMEIs(numbers []string) []string {
	return slices.DeleteFunc(slices.Clone(numbers), func(n string) bool { return len(n) != 15 || !handset.LuhnOK(n) })
}

func (fs *findings) toldIMEIs(h *report.Handset, id handset.Identity) {
	known := id.IMEIs.Items
	var told []string
	for _, i := range known {
		h.IMEI = append(h.IMEI, report.IMEI{Slot: i.Slot + 1, Value: i.Value, Luhn: i.Luhn, Source: i.Source})
		told = append(told, fmt.Sprintf("slot %d: %s", i.Slot+1, join(append([]string{i.Source}, i.Agrees...))))
	}
	summary := report.Say("the handset tells its IMEI")
	if len(known) > 1 {
		summary = report.Say("the handset tells its %d IMEIs", len(known))
	}
	fs.tell("identity.imei", report.StatusPass, summary, strings.Join(told, "; "), known[0].Ref, known[len(known)-1].Ref)
	fs.oddIMEIs(known)
}

// noModem: what has no IMEI is known by its serial number. Without that one
// either, nothing ties the handset to its papers.
func (fs *findings) noModem(h *report.Handset, id handset.Identity) {
	h.IMEI = []report.IMEI{}
	status, summary := report.StatusSkipped, "this tablet has no modem, and so no IMEI; its serial number says which one it is"
	if !id.SN.Known() {
		status, summary = report.StatusUnknown, "this tablet has no modem, and so no IMEI, and it does not tell its serial number"
	}
	f := fs.add("identity.imei", status, summary, id.IMEIs.Source, id.IMEIs.Ref)
	f.Method = report.MethodInferred
	if f.Remedy != "" {
		f.Advise(report.Say("write the serial number from the box on the form; if there is an IMEI on the back or the box, give it with --imei"))
	}
}

func (fs *findings) untoldIMEI(id handset.Identity, given bool) {
	f := fs.untold("identity.imei", "its IMEI to a computer", id.IMEIs.Unknown, id.IMEIs.Ref)
	if id.Vendor != nil && id.Vendor.WhereIMEI != "" {
		f.Advise(report.Say("read it off: %s; then give it with --imei", report.Say(id.Vendor.WhereIMEI)))
	}
	if given {
		f.Tell(report.Say("the handset does not tell its IMEI, and what was given is not one: a digit is wrong or missing"))
		f.Advise(report.Join("; ", report.Say("compare all 15 digits"), f.Advised()))
	}
}

// oddIMEIs tells of numbers that are unusual. None of them is refused: real
// handsets are known to give two slots one number, and numbers that fail Luhn.
func (fs *findings) oddIMEIs(items []handset.IMEI) {
	for _, i := range items {
		if !i.Luhn {
			fs.tell("identity.imei.luhn", report.StatusWarn, report.Say("the last digit of IMEI %d does not fit the others", i.Slot+1), i.Value, i.Ref)
		}
	}
	for n, i := range items {
		if slices.ContainsFunc(items[:n], func(o handset.IMEI) bool { return o.Value == i.Value }) {
			fs.add("identity.imei.pair", report.StatusPass, "both slots have the same IMEI, as some models do", i.Value, i.Ref)
		}
	}
}
