package handset

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// IMEI is the number of one SIM slot.
type IMEI struct {
	Slot   int    // from 0
	Value  string // 15 digits
	Luhn   bool   // the check digit is right
	Source string // property or command
	Raw    string // what the source held, before trimming
	Ref    string // evidence of the raw answer
	Agrees []string
}

// TAC returns the type allocation code, the 8 digits that name the model.
func (i IMEI) TAC() string { return i.Value[:min(8, len(i.Value))] }

// reading is a number found in one place.
type reading struct {
	slot   int
	source string
	raw    string
	kind   numberKind
	number string
}

// imeisOf reads the IMEIs by the vendor's chain: properties, and only where
// those hold none the telephony service. Sources that contradict each other
// leave the slot out, with a note saying who says what.
func imeisOf(ctx context.Context, r Reader, p Properties, ref string, v *VendorRow) (List[IMEI], []Note) {
	readings, notes := propertyReadings(p, v)
	if !slices.ContainsFunc(readings, func(x reading) bool { return x.kind == fullIMEI }) {
		more, why, callRef := serviceReadings(ctx, r, p, v)
		if len(more) > 0 {
			readings, ref = append(readings, more...), callRef
		}
		notes = append(notes, why...)
	}
	items, conflicts := settle(readings)
	notes = append(notes, conflicts...)
	list := List[IMEI]{Items: items, Ref: ref}
	for i := range list.Items {
		list.Items[i].Ref = ref
	}
	if len(items) == 0 {
		list.Unknown = noIMEI(p, notes)
	} else {
		list.Source = items[0].Source
	}
	return list, notes
}

// propertyReadings collects what the vendor's IMEI properties hold, best source first.
func propertyReadings(p Properties, v *VendorRow) (found []reading, notes []Note) {
	for _, source := range v.IMEIProperties {
		for slot, key := range source {
			raw, ok := p[key]
			if !ok || strings.TrimSpace(raw) == "" {
				continue
			}
			kind, number, why := readNumber(raw)
			if why != "" {
				notes = append(notes, Note{Field: "imei", Text: key + " " + why})
			}
			if kind != notNumber {
				found = append(found, reading{slot, key, raw, kind, number})
			}
		}
	}
	return found, notes
}

// settle takes the first full number of every slot and compares everything else with it.
func settle(readings []reading) (items []IMEI, notes []Note) {
	first := map[int]reading{}
	for _, x := range readings {
		if _, have := first[x.slot]; x.kind == fullIMEI && !have {
			first[x.slot] = x
		}
	}
	agrees := map[int][]string{}
	against := map[int][]string{}
	for _, x := range readings {
		slot, same := matching(first, x)
		mine, have := first[x.slot]
		switch {
		case same && first[slot].source != x.source:
			agrees[slot] = append(agrees[slot], x.source)
		case !same && have && mine.source != x.source:
			against[x.slot] = append(against[x.slot], x.source+" says "+x.number)
		}
	}
	for slot, x := range first {
		if len(against[slot]) > 0 {
			notes = append(notes, Note{Field: "imei", Warn: true, Text: fmt.Sprintf("slot %d: sources contradict each other: %s says %s, %s", slot+1, x.source, x.number, strings.Join(against[slot], ", "))})
			continue
		}
		items = append(items, IMEI{Slot: slot, Value: x.number, Luhn: LuhnOK(x.number), Source: x.source, Raw: x.raw, Agrees: agrees[slot]})
	}
	slices.SortFunc(items, func(a, b IMEI) int { return a.Slot - b.Slot })
	slices.SortFunc(notes, func(a, b Note) int { return strings.Compare(a.Text, b.Text) })
	return items, notes
}

// matching returns the slot whose number x gives too. Its own slot comes first,
// because two slots may have the same number.
func matching(first map[int]reading, x reading) (slot int, ok bool) {
	same := func(slot int) bool {
		f, have := first[slot]
		return have && (f.number == x.number || x.kind != fullIMEI && strings.HasPrefix(f.number, x.number))
	}
	for _, slot := range []int{x.slot, 0, 1} {
		if same(slot) {
			return slot, true
		}
	}
	return 0, false
}

// serviceReadings asks the telephony service, by the transaction number that
// this Android version is known to have for "device id of a slot".
func serviceReadings(ctx context.Context, r Reader, p Properties, v *VendorRow) (found []reading, notes []Note, ref string) {
	code, why := imeiTransaction(p, v)
	if why != "" {
		return nil, []Note{{Field: "imei", Text: why}}, ""
	}
	for slot := range 2 {
		line := IMEIService.Must(code, strconv.Itoa(slot))
		a, err := ask(ctx, r, line)
		if err != nil {
			return found, append(notes, Note{Field: "imei", Text: Printable([]byte(err.Error()), 200)}), ref
		}
		raw, err := ParseParcelString(a.Stdout)
		if err != nil {
			notes = append(notes, Note{Field: "imei", Text: reasonOf(line, a, err)})
			continue
		}
		kind, number, why := readNumber(raw)
		if why != "" {
			notes = append(notes, Note{Field: "imei", Text: fmt.Sprintf("%q: answer %s", line, why)})
		}
		if kind != notNumber {
			found, ref = append(found, reading{slot, line.String(), raw, kind, number}), a.Ref
		}
	}
	return found, notes, ref
}

// imeiTransaction returns the number of getDeviceIdForPhone in IPhoneSubInfo:
// 3 on Android 5.1 to 10, 4 on 11 to 16 (AIDL of the branches). A number is
// never tried out: on some ROMs its neighbour is a setter.
func imeiTransaction(p Properties, v *VendorRow) (code, why string) {
	sdk, err := strconv.Atoi(strings.TrimSpace(p["ro.build.version.sdk"]))
	switch {
	case !v.IMEIService:
		return "", "this vendor's numbering of the telephony service is not known, so it is not called"
	case err != nil:
		return "", "the Android version is not known, so the telephony service is not called"
	case sdk >= 22 && sdk <= 29:
		return "3", ""
	case sdk >= 30 && sdk <= 36:
		return "4", ""
	}
	return "", fmt.Sprintf("no number of the telephony service is known for API level %d", sdk)
}

// noIMEI says why no IMEI is known.
func noIMEI(p Properties, notes []Note) string {
	reason := "no property holds an IMEI"
	for _, n := range notes {
		if n.Field == "imei" {
			reason += "; " + n.Text
		}
	}
	if strings.Contains(p["ro.build.characteristics"], "tablet") {
		reason += "; this is a tablet, and one without mobile data has no IMEI"
	}
	return Printable([]byte(reason), 600)
}
