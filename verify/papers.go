package verify

import (
	"cmp"
	"slices"
	"strings"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report"
	"preship/report/check"
	"preship/report/imei"
	"preship/report/message"
)

// Claims is what papers say about the handset, as typed or scanned.
type Claims struct {
	// IMEI are numbers that a person read on the handset (*#06#). They count where the
	// handset does not report its own.
	IMEI                  []string
	Box, Sticker, Receipt []string // IMEIs printed there
	SN                    string   // serial number printed on the box
}

// And returns the claims of both. The serial number is that of c if it has one.
func (c Claims) And(other Claims) Claims {
	return Claims{
		IMEI: slices.Concat(c.IMEI, other.IMEI), Box: slices.Concat(c.Box, other.Box), Sticker: slices.Concat(c.Sticker, other.Sticker),
		Receipt: slices.Concat(c.Receipt, other.Receipt), SN: cmp.Or(c.SN, other.SN),
	}
}

// ReadIMEIs returns the whole IMEIs, with the right last digit, in what a person typed or
// scanned.
func ReadIMEIs(typed string) []string {
	numbers, _ := readClaims([]string{typed})
	return wholeIMEIs(numbers)
}

// readClaims reads claimed IMEIs, and returns which are not IMEIs.
func readClaims(claimed []string) (numbers, bad []string) {
	for _, s := range claimed {
		found, err := imei.Printed(s)
		if err != nil {
			bad = append(bad, err.Error())
			continue
		}
		numbers = append(numbers, found...)
	}
	return numbers, bad
}

// papers compares what each paper says with what the handset says.
func (fs *findings) papers(claims Claims, given, bad []string, h *report.Handset) {
	if len(claims.IMEI) > 0 && !attested(h.IMEI) {
		fs.paper(check.IdentityIMEIGiven, "identity.paper.read-off", given, bad, h.IMEI)
	}
	for _, p := range []struct {
		id      string
		paper   message.ID
		claimed []string
	}{
		{check.IdentityIMEIBox, "identity.paper.box", claims.Box},
		{check.IdentityIMEISticker, "identity.paper.sticker", claims.Sticker},
		{check.IdentityIMEIReceipt, "identity.paper.receipt", claims.Receipt},
	} {
		if len(p.claimed) > 0 {
			numbers, bad := readClaims(p.claimed)
			fs.paper(p.id, p.paper, numbers, bad, h.IMEI)
		}
	}
}

// attested reports whether the numbers are a person's word, not the handset's.
func attested(have []report.IMEI) bool {
	return len(have) > 0 && have[0].Source == report.SourceAttested
}

// paper compares as sets: a paper may list the slots in any order, or only one.
// A number beyond those the handset reports can be neither confirmed nor refuted.
// have is nil if the handset does not report its IMEIs, and empty if it has no IMEI.
func (fs *findings) paper(id string, paper message.ID, claimed, bad []string, have []report.IMEI) {
	told := make([]string, len(have))
	for i, imei := range have {
		told[i] = imei.Value
	}
	matched := 0
	for _, n := range claimed {
		if slices.ContainsFunc(told, func(known string) bool { return imei.Same(known, n) }) {
			matched++
		}
	}
	observed := message.Say("identity.saw.paper", "paper", message.Say(paper), "numbers", join(append(claimed, bad...)), "known", join(told))
	add := func(status report.Status, summary message.ID) {
		if f := fs.see(id, status, message.Say(summary, "paper", message.Say(paper)), observed); attested(have) {
			f.Method = report.MethodAttested
		}
	}
	switch {
	case len(bad) > 0:
		add(report.StatusUnknown, "identity.paper.wrong")
	case have != nil && len(have) == 0:
		add(report.StatusFail, "identity.paper.no-modem")
	case len(have) == 0:
		add(report.StatusUnknown, "identity.paper.not-compared")
	case matched == len(claimed) && attested(have):
		add(report.StatusWarn, "intake.imei.read-off")
	case matched == len(claimed):
		add(report.StatusPass, "identity.paper.same")
	case matched > 0 && len(have) < len(claimed):
		add(report.StatusWarn, "intake.imei.one-of-two")
	default:
		add(report.StatusFail, "identity.paper.differs")
	}
}

// claimedSN compares the serial number on the box.
func (fs *findings) claimedSN(known handset.Fact, claimed string) {
	if strings.TrimSpace(claimed) == "" {
		return
	}
	observed := message.Say("identity.saw.paper", "paper", message.Say("identity.paper.box"), "numbers", dump.Printable([]byte(strings.TrimSpace(claimed)), 60), "known", known.Value)
	switch {
	case !known.Known():
		fs.add(check.IdentitySNBox, report.StatusUnknown, "identity.sn.not-compared", observed, known.Ref)
	case imei.SameSN(claimed, known.Value):
		fs.add(check.IdentitySNBox, report.StatusPass, "identity.sn.same", observed, known.Ref)
	default:
		fs.add(check.IdentitySNBox, report.StatusFail, "identity.sn.differs", observed, known.Ref)
	}
}
