package handset

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sort"
	"strconv"
	"strings"

	"preship/adb/handset/dump"
	"preship/report/imei"
	"preship/report/message"
)

// IMEI is the number of one SIM slot.
type IMEI struct {
	Slot   int    // from 0
	Value  string // 15 digits
	Luhn   bool   // the check digit is right
	Source string // property or command
	Ref    string // evidence of the raw answer
	Agrees []string
}

// reading is a number found in one place.
type reading struct {
	slot   int
	source string
	kind   imei.Form
	number string
	ref    string
}

// imeisOf reads the IMEIs by the vendor's chain: properties first, and the
// telephony service beside them, because two sources that agree are worth more
// than one. Sources that contradict each other leave the slot out, with a note
// saying who says what. A handset that shows no sign of a modem has no IMEI: the
// list is then known and empty, and its Source is what shows it. Where the service
// refuses, or its number on this Android is not known, the features decide.
func imeisOf(ctx context.Context, r Reader, p dump.Properties, ref string, v *VendorRow) (List[IMEI], []Note) {
	readings, notes := propertyReadings(p, ref, v)
	call := serviceReadings(ctx, r, p, v)
	nothing := len(readings)+len(notes)+len(call.found) == 0
	if !slices.ContainsFunc(readings, func(x reading) bool { return x.kind == imei.Full }) {
		notes = append(notes, call.notes...)
	}
	items, conflicts := settle(append(readings, call.found...))
	notes = append(notes, conflicts...)
	switch {
	case len(items) > 0:
		return List[IMEI]{Items: items, Source: items[0].Source, Ref: items[0].Ref}, notes
	case nothing && modemless(p) && call.silent:
		return List[IMEI]{Source: characteristics, Saw: message.Say("identity.saw.no-modem-service", "property", characteristics+"="+tablet, "service", IMEIService.Name), Ref: ref}, notes
	case nothing && modemless(p):
		features := AskList(ctx, r, ListFeatures.Must(), dump.ParseFeatures)
		if features.Known() && !slices.ContainsFunc(features.Items, isTelephony) {
			return List[IMEI]{Source: characteristics, Saw: message.Say("identity.saw.no-modem-features", "property", characteristics+"="+tablet, "features", ListFeatures.Name), Ref: features.Ref}, notes
		}
		if !features.Known() {
			notes = append(notes, Note{Field: "imei", Text: features.Unknown})
		}
	}
	return List[IMEI]{Unknown: noIMEI(notes), Ref: ref}, notes
}

// NoModem reports whether the handset was seen to have no modem, and so no IMEI
// and no SIM slot.
func (id Identity) NoModem() bool {
	return id.IMEIs.Known() && len(id.IMEIs.Items) == 0 && id.IMEIs.Source != ""
}

// AttestedNoModem is the Source of the IMEIs of a handset that has no modem by its owner's
// word.
const AttestedNoModem = "the owner's word"

// WithoutModem returns the identity of a handset that has no modem by its owner's word. It
// refuses that, and returns the sign, where the handset is not a tablet, or shows an IMEI,
// a MEID, a SIM card or a baseband. An empty SIM slot is no such sign.
func (id Identity) WithoutModem() (same Identity, sign string) {
	switch {
	case id.NoModem():
		return id, ""
	case len(id.IMEIs.Items) > 0:
		return id, id.IMEIs.Source
	case id.ModemSign != "":
		return id, id.ModemSign
	case id.MEID.Known():
		return id, id.MEID.Source
	case slices.ContainsFunc(id.SIMs.Items, func(s SIM) bool { return s.State == SIMPresent }):
		return id, id.SIMs.Source
	}
	id.IMEIs = List[IMEI]{Source: AttestedNoModem, Saw: message.Say("identity.saw.owners-word"), Ref: id.IMEIs.Ref}
	id.SIMs = List[SIM]{Source: AttestedNoModem, Saw: message.Say("identity.saw.owners-word"), Ref: id.SIMs.Ref}
	return id, ""
}

// modemSign returns the property that shows a modem, "" if no property does: the baseband's,
// an IMEI's, also if its value is not one, or the kind of a handset that is no tablet.
func modemSign(p dump.Properties, v *VendorRow) string {
	for _, key := range slices.Concat(append(slices.Clone(v.IMEIProperties), []string{baseband})...) {
		if value := strings.TrimSpace(p[key]); strings.Trim(value, ", 0") != "" {
			return key
		}
	}
	if kind := strings.TrimSpace(p[characteristics]); kind != "" && !isTablet(kind) {
		return characteristics
	}
	return ""
}

func isTablet(kind string) bool { return slices.Contains(strings.Split(kind, ","), tablet) }

const (
	characteristics = "ro.build.characteristics"
	tablet          = "tablet"
)

// isTelephony reports whether a feature is that of a handset with a modem:
// android.hardware.telephony or one of its parts (AOSP, PackageManager).
func isTelephony(feature string) bool {
	return strings.HasPrefix(feature+".", "android.hardware.telephony.")
}

// modemSigns are properties that every handset with a modem has, also with no
// SIM card in it (in all captures but that of the tablet without one).
var modemSigns = []string{"gsm.sim.state", baseband}

const baseband = "gsm.version.baseband"

// modemless: only a tablet is sold without a modem, so a phone that shows no sign of one
// has one that is broken, and its IMEI is unknown.
func modemless(p dump.Properties) bool {
	return isTablet(strings.TrimSpace(p[characteristics])) &&
		!slices.ContainsFunc(modemSigns, func(key string) bool { return strings.TrimSpace(p[key]) != "" })
}

// propertyReadings collects what the vendor's IMEI properties hold, best source first.
func propertyReadings(p dump.Properties, ref string, v *VendorRow) (found []reading, notes []Note) {
	for _, source := range v.IMEIProperties {
		for slot, key := range source {
			raw, ok := p[key]
			if !ok || strings.TrimSpace(raw) == "" {
				continue
			}
			kind, number, why := imei.Read(raw)
			if !why.Empty() {
				notes = append(notes, Note{Field: "imei", Text: message.Join(message.Colon, message.AsIs(key), why)})
			}
			if kind != imei.Other {
				found = append(found, reading{slot, key, kind, number, ref})
			}
		}
	}
	return found, notes
}

// settle takes the first full number of every slot and compares everything else with it.
func settle(readings []reading) (items []IMEI, notes []Note) {
	first := map[int]reading{}
	for _, x := range readings {
		if _, have := first[x.slot]; x.kind == imei.Full && !have {
			first[x.slot] = x
		}
	}
	agrees := map[int][]string{}
	against := map[int][]message.Sentence{}
	refs := map[int][]string{}
	for _, x := range readings {
		slot, same := matching(first, x)
		mine, have := first[x.slot]
		switch {
		case same && first[slot].source != x.source:
			agrees[slot] = append(agrees[slot], x.source)
		case !same && have && mine.source != x.source:
			against[x.slot] = append(against[x.slot], message.Say("identity.why.says", "name", x.source, "value", x.number))
			refs[x.slot] = append(refs[x.slot], x.ref)
		}
	}
	for slot, x := range first {
		if len(against[slot]) > 0 {
			notes = append(notes, Note{
				Field: "imei", Warn: true, Refs: append(refs[slot], x.ref),
				Text: message.Say("identity.why.sources", "slot", strconv.Itoa(slot+1), "values", append([]message.Sentence{message.Say("identity.why.says", "name", x.source, "value", x.number)}, against[slot]...)),
			})
			continue
		}
		items = append(items, IMEI{Slot: slot, Value: x.number, Luhn: imei.LuhnOK(x.number), Source: x.source, Ref: x.ref, Agrees: agrees[slot]})
	}
	sort.Slice(items, func(i, j int) bool { return items[i].Slot < items[j].Slot })
	sort.Slice(notes, func(i, j int) bool { return notes[i].Text.String() < notes[j].Text.String() })
	return items, notes
}

// matching returns the slot whose number x gives too. Its own slot comes first,
// because two slots may have the same number.
func matching(first map[int]reading, x reading) (slot int, ok bool) {
	same := func(slot int) bool {
		f, have := first[slot]
		return have && (f.number == x.number || x.kind != imei.Full && strings.HasPrefix(f.number, x.number))
	}
	for _, slot := range []int{x.slot, 0, 1} {
		if same(slot) {
			return slot, true
		}
	}
	return 0, false
}

// phoneCall is what the telephony service answered.
type phoneCall struct {
	found  []reading
	notes  []Note
	silent bool // there is no such service, or it knows no number of the first slot
}

// serviceReadings asks the telephony service, by the transaction number that
// this Android version is known to have for "device id of a slot".
func serviceReadings(ctx context.Context, r Reader, p dump.Properties, v *VendorRow) (call phoneCall) {
	note := func(text message.Sentence) { call.notes = append(call.notes, Note{Field: "imei", Text: text}) }
	code, why := imeiTransaction(p, v)
	if !why.Empty() {
		note(why)
		return call
	}
	for slot := range 2 {
		line := IMEIService.Must(code, strconv.Itoa(slot))
		a, err := ask(ctx, r, line)
		if err != nil {
			note(Because(err))
			return call
		}
		raw, err := parcelAnswer(a)
		if err != nil {
			note(Reason(line, a, err))
			call.silent = call.silent || slot == 0 && (errors.Is(err, dump.ErrNoService) || errors.Is(err, dump.ErrNullString))
			continue
		}
		kind, number, why := imei.Read(raw)
		if !why.Empty() {
			note(message.Join(message.Colon, message.AsIs(strconv.Quote(line.String())), why))
		}
		// Asked for a slot that is not there, the service answers for the first one.
		if again := len(call.found) > 0 && call.found[0].number == number; kind != imei.Other && !again {
			call.found = append(call.found, reading{slot, line.String(), kind, number, a.Ref})
		}
	}
	return call
}

// parcelAnswer reads the string in an answer. That there is no such service
// is on either stream.
func parcelAnswer(a Answer) (string, error) {
	text := a.Stdout
	if len(bytes.TrimSpace(text)) == 0 {
		text = a.Stderr
	}
	return dump.ParseParcelString(text)
}

// NewestSDK is the newest API level whose facts are known: Android 16.
const NewestSDK = 36

// imeiTransaction returns the number of getDeviceIdForPhone in IPhoneSubInfo:
// 3 on Android 5.1 to 10, 4 on 11 to 16 (AIDL of the branches). A number is
// never tried out: on some ROMs its neighbour is a setter.
func imeiTransaction(p dump.Properties, v *VendorRow) (code string, why message.Sentence) {
	sdk, err := strconv.Atoi(strings.TrimSpace(p["ro.build.version.sdk"]))
	switch {
	case !v.IMEIService:
		return "", message.Say("identity.why.service-vendor")
	case err != nil:
		return "", message.Say("identity.why.service-android")
	case sdk >= 22 && sdk <= 29:
		return "3", message.Sentence{}
	case sdk >= 30 && sdk <= NewestSDK:
		return "4", message.Sentence{}
	}
	return "", message.Say("identity.why.service-level", "level", strconv.Itoa(sdk))
}

// noIMEI returns why no IMEI is known.
func noIMEI(notes []Note) message.Sentence {
	reasons := []message.Sentence{message.Say("identity.why.no-imei")}
	for _, n := range notes {
		if n.Field == "imei" {
			reasons = append(reasons, n.Text)
		}
	}
	return inPrint(reasons)
}
