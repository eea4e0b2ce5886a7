package verify

import (
	"slices"
	"strconv"

	"preship/adb/handset"
	"preship/report"
	"preship/report/check"
	"preship/report/imei"
	"preship/report/message"
)

// Identity makes the object that scripts read of the known facts of a handset, and
// compares it with what the papers claim. Every value that is not known is null
// and has a finding with the reason. The handset's serial is the one it gives
// itself; a caller that reached it under another one sets that.
func Identity(id handset.Identity, claims Claims) (report.Handset, []report.Finding) {
	fs := newFindings()
	h := report.Handset{Serial: id.Serial.Value, Kind: report.KindDevice}
	if id.Kind != handset.KindDevice {
		h.Kind = report.KindEmulator
		fs.add(check.IdentityKind, report.StatusWarn, "identity.kind.emulated", words(id.Kind))
	}
	if !id.Serial.Known() {
		fs.untold(check.IdentitySerial, "identity.fact.serial", id.Serial.Unknown, id.Serial.Ref)
	}
	fs.imeis(&h, id, claims)
	fs.fill(&h, id)
	fs.newer(id)
	fs.claimedSN(id.SN, claims.SN)
	fs.protection(&h, id)
	fs.notes(id)
	fs.parts(&h, id)
	return h, fs.list
}

// imeis takes over the IMEIs, judges them, and compares them with the papers.
func (fs *findings) imeis(h *report.Handset, id handset.Identity, claims Claims) {
	given, bad := readClaims(claims.IMEI)
	switch whole := wholeIMEIs(given); {
	case id.IMEIs.Known() && len(id.IMEIs.Items) > 0:
		fs.toldIMEIs(h, id)
	case len(whole) > 0:
		for slot, n := range whole {
			h.IMEI = append(h.IMEI, report.IMEI{Slot: slot + 1, Value: n, Luhn: true, Source: report.SourceAttested})
		}
		f := fs.add(check.IdentityIMEI, report.StatusWarn, "identity.imei.given", why(id.IMEIs.Unknown), id.IMEIs.Ref)
		f.Method = report.MethodAttested
		f.Advise(message.Sentence{})
	case id.NoModem():
		fs.noModem(h, id)
	case id.PlainEmulator() && len(claims.IMEI) == 0:
		h.IMEI = []report.IMEI{}
		f := fs.add(check.IdentityIMEI, report.StatusSkipped, "identity.imei.emulator", id.IMEIs.Unknown, id.IMEIs.Ref)
		f.Method = report.MethodInferred
	default:
		fs.untoldIMEI(id, len(claims.IMEI) > 0)
	}
	for _, n := range id.Notes {
		if n.Warn && n.Field == "imei" {
			fs.add(check.IdentityIMEISources, report.StatusWarn, "identity.imei.differ", n.Text, n.Refs...)
		}
	}
	fs.papers(claims, given, bad, h)
}

// wholeIMEIs are those numbers that may stand as the handset's IMEI on a
// person's word: all 15 digits, with the right check digit.
func wholeIMEIs(numbers []string) []string {
	return slices.DeleteFunc(slices.Clone(numbers), func(n string) bool { return len(n) != 15 || !imei.LuhnOK(n) })
}

func (fs *findings) toldIMEIs(h *report.Handset, id handset.Identity) {
	known := id.IMEIs.Items
	var told []message.Sentence
	for _, i := range known {
		h.IMEI = append(h.IMEI, report.IMEI{Slot: i.Slot + 1, Value: i.Value, Luhn: i.Luhn, Source: i.Source})
		told = append(told, message.Say("identity.saw.slot", "slot", strconv.Itoa(i.Slot+1), "sources", append([]string{i.Source}, i.Agrees...)))
	}
	fs.see(check.IdentityIMEI, report.StatusPass, message.Say("identity.imei.read", "count", len(known)), message.Join(message.Semicolon, told...), known[0].Ref, known[len(known)-1].Ref)
	fs.oddIMEIs(known)
}

// noModemWords is what an owner's word for identity.imei says.
const noModemWords message.ID = "identity.imei.no-modem.clear"

// noModem: anything without IMEI is known by its serial number. Without that one
// either, nothing ties the handset to its papers.
func (fs *findings) noModem(h *report.Handset, id handset.Identity) {
	h.IMEI = []report.IMEI{}
	status, summary := report.StatusSkipped, message.ID("identity.imei.no-modem")
	if !id.SN.Known() {
		status, summary = report.StatusUnknown, "identity.imei.no-modem-no-serial"
	}
	attested := id.IMEIs.Source == handset.AttestedNoModem
	if attested && status == report.StatusSkipped {
		status = report.StatusWarn
	}
	f := fs.add(check.IdentityIMEI, status, summary, id.IMEIs.Saw, id.IMEIs.Ref)
	f.Method = report.MethodInferred
	if attested {
		f.Method = report.MethodAttested
	}
	if status == report.StatusWarn {
		f.Tell(message.Say("finding.attested", "words", message.Say(noModemWords)))
		f.Advise(message.Sentence{})
	}
	if f.Remedy != "" {
		f.Advise(message.Say("identity.imei.remedy.serial"))
	}
}

func (fs *findings) untoldIMEI(id handset.Identity, given bool) {
	f := fs.untold(check.IdentityIMEI, "identity.fact.imei", id.IMEIs.Unknown, id.IMEIs.Ref)
	if id.Vendor != nil && id.Vendor.WhereIMEI != "" {
		f.Advise(message.Say("identity.imei.remedy.where", "where", message.Say(id.Vendor.WhereIMEI)))
	}
	if _, sign := id.WithoutModem(); sign == "" && id.SN.Known() {
		f.Advise(message.Join(message.Stop, f.Advised(), message.Say("identity.imei.remedy.no-modem", "check", check.IdentityIMEI)))
	}
	if given {
		f.Tell(message.Say("identity.imei.given-wrong"))
		f.Advise(message.Join(message.Stop, message.Say("identity.imei.remedy.compare"), f.Advised()))
	}
}

// oddIMEIs adds findings on unusual numbers. They are not refused: real
// handsets are known to give two slots one number, and numbers that fail Luhn.
func (fs *findings) oddIMEIs(items []handset.IMEI) {
	for _, i := range items {
		if !i.Luhn {
			fs.see(check.IdentityIMEILuhn, report.StatusWarn, message.Say("identity.imei.luhn.wrong", "slot", i.Slot+1), words(i.Value), i.Ref)
		}
	}
	for n, i := range items {
		if slices.ContainsFunc(items[:n], func(o handset.IMEI) bool { return o.Value == i.Value }) {
			fs.add(check.IdentityIMEIPair, report.StatusPass, "identity.imei.pair.same", words(i.Value), i.Ref)
		}
	}
}
