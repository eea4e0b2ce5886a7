package verify

import (
	"fmt"
	"slices"
	"strings"

	"preship/adb/handset"
	"preship/report"
)

// readClaims reads claimed IMEIs, and tells which are none.
func readClaims(claimed []string) (numbers, bad []string) {
	for _, s := range claimed {
		found, err := claimedIMEIs(s)
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
		fs.paper("identity.imei.given", "what a person read off", given, bad, h.IMEI)
	}
	for _, p := range []struct {
		id, name string
		claimed  []string
	}{
		{"identity.imei.box", "the box", claims.Box},
		{"identity.imei.sticker", "the sticker", claims.Sticker},
		{"identity.imei.receipt", "the receipt", claims.Receipt},
	} {
		if len(p.claimed) > 0 {
			numbers, bad := readClaims(p.claimed)
			fs.paper(p.id, p.name, numbers, bad, h.IMEI)
		}
	}
}

// attested reports whether the numbers are a person's word, not the handset's.
func attested(have []report.IMEI) bool { return len(have) > 0 && have[0].Source == SourceAttested }

// paper compares as sets: a paper may list the slots in any order, or only one.
// A number beyond those the handset tells can be neither confirmed nor refuted.
// have is nil when the handset does not tell, and empty when it has none.
func (fs *findings) paper(id, name string, claimed, bad []string, have []report.IMEI) {
	told := make([]string, len(have))
	for i, imei := range have {
		told[i] = imei.Value
	}
	matched := 0
	for _, n := range claimed {
		if slices.ContainsFunc(told, func(known string) bool { return sameIMEI(known, n) }) {
			matched++
		}
	}
	observed := fmt.Sprintf("%s: %s; handset: %s", name, join(append(claimed, bad...)), join(told))
	add := func(status report.Status, summary string) {
		if f := fs.tell(id, status, report.Say(summary, report.Say(name)), observed); attested(have) {
			f.Method = report.MethodAttested
		}
	}
	switch {
	case len(bad) > 0:
		add(report.StatusUnknown, "what was given for %s is no IMEI: a digit is wrong or missing")
	case have != nil && len(have) == 0:
		add(report.StatusFail, "%s names an IMEI, and this handset has none: cover is refused when the handset is not the one on the papers")
	case len(have) == 0:
		add(report.StatusUnknown, "%s could not be compared: the handset does not tell its IMEI")
	case matched == len(claimed) && attested(have):
		add(report.StatusWarn, "the IMEI on %s is the one a person read off; the handset does not tell its own")
	case matched == len(claimed):
		add(report.StatusPass, "the IMEI on %s is the handset's")
	case matched > 0 && len(have) < len(claimed):
		add(report.StatusWarn, "one IMEI on %s is the handset's; it does not tell the other")
	default:
		add(report.StatusFail, "the IMEI on %s is not the handset's: cover is refused when the handset is not the one on the papers")
	}
}

// claimedSN compares the serial number on the box.
func (fs *findings) claimedSN(known handset.Fact, claimed string) {
	if strings.TrimSpace(claimed) == "" {
		return
	}
	observed := fmt.Sprintf("box: %s; handset: %s", handset.Printable([]byte(strings.TrimSpace(claimed)), 60), known.Value)
	switch {
	case !known.Known():
		fs.add("identity.sn.box", report.StatusUnknown, "the serial number on the box could not be compared: the handset does not tell its own", observed, known.Ref)
	case sameSN(claimed, known.Value):
		fs.add("identity.sn.box", report.StatusPass, "the serial number on the box is the handset's", observed, known.Ref)
	default:
		fs.add("identity.sn.box", report.StatusFail, "the serial number on the box is not the handset's: cover is refused when the handset is not the one on the papers", observed, known.Ref)
	}
}
