package verify

import (
	"fmt"
	"slices"
	"strings"

	"preship/adb/handset"
	"preship/report"
)

// refused is why a number on the papers matters.
const refused = "cover is refused when the handset is not the one on the papers"

// readClaims reads claimed IMEIs, and tells which are none.
func readClaims(claimed []string) (numbers, bad []string) {
	for _, s := range claimed {
		n, err := claimedIMEI(s)
		if err != nil {
			bad = append(bad, err.Error())
			continue
		}
		numbers = append(numbers, n)
	}
	return numbers, bad
}

// papers compares what each paper says with what the handset says.
func (fs *findings) papers(claims Claims, given, bad []string, have []report.IMEI) {
	if len(claims.IMEI) > 0 {
		fs.paper("identity.imei.given", "what a person read off", given, bad, have)
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
			fs.paper(p.id, p.name, numbers, bad, have)
		}
	}
}

// paper compares as sets: a paper may list the slots in any order, or only one.
// A number beyond those the handset tells can be neither confirmed nor refuted.
func (fs *findings) paper(id, name string, claimed, bad []string, have []report.IMEI) {
	var missing []string
	matched := 0
	for _, n := range claimed {
		if slices.ContainsFunc(have, func(i report.IMEI) bool { return sameIMEI(i.Value, n) }) {
			matched++
			continue
		}
		missing = append(missing, n)
	}
	told := make([]string, len(have))
	for i, imei := range have {
		told[i] = imei.Value
	}
	observed := fmt.Sprintf("%s: %s; handset: %s", name, strings.Join(append(claimed, bad...), ", "), strings.Join(told, ", "))
	switch {
	case len(bad) > 0:
		fs.add(id, report.StatusUnknown, name+" could not be compared: "+strings.Join(bad, ", "), observed)
	case len(have) == 0:
		fs.add(id, report.StatusUnknown, name+" could not be compared: the handset does not tell its IMEI", observed)
	case len(missing) == 0:
		fs.add(id, report.StatusPass, "the IMEI on "+name+" is the handset's", observed)
	case matched > 0 && len(have) < len(claimed):
		fs.add(id, report.StatusWarn, "one IMEI on "+name+" is the handset's; it does not tell the other", observed)
	default:
		fs.add(id, report.StatusFail, "the IMEI on "+name+" is not the handset's: "+refused, observed)
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
		fs.add("identity.sn.box", report.StatusUnknown, "the serial number on the box could not be compared: "+why(known.Unknown), observed, known.Ref)
	case sameSN(claimed, known.Value):
		fs.add("identity.sn.box", report.StatusPass, "the serial number on the box is the handset's", observed, known.Ref)
	default:
		fs.add("identity.sn.box", report.StatusFail, "the serial number on the box is not the handset's: "+refused, observed, known.Ref)
	}
}
