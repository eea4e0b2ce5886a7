package handset

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"preship/adb/handset/dump"
	"preship/report/imei"
)

// parcelOf prints s as "service call" prints a string.
func parcelOf(s string) string {
	units := append(utf16.Encode([]rune(s)), 0)
	words := []uint32{0, uint32(len(units) - 1)}
	for i := 0; i < len(units); i += 2 {
		w := uint32(units[i])
		if i+1 < len(units) {
			w |= uint32(units[i+1]) << 16
		}
		words = append(words, w)
	}
	var b strings.Builder
	b.WriteString("Result: Parcel(")
	for i, w := range words {
		if i%4 == 0 {
			fmt.Fprintf(&b, "\n  0x%08x:", 4*i)
		}
		fmt.Fprintf(&b, " %08x", w)
		if i%4 == 3 || i == len(words)-1 {
			b.WriteString(" '................'")
		}
	}
	return b.String() + ")\n"
}

// asked records the lines a handset was asked.
type asked struct {
	answers
	lines *[]string
}

func (a asked) Ask(ctx context.Context, line Line) (Answer, error) {
	*a.lines = append(*a.lines, line.String())
	return a.answers.Ask(ctx, line)
}

const miPhone = "[ro.product.manufacturer]: [Xiaomi]\n"

func TestIMEIChain(t *testing.T) {
	t.Parallel()
	const one, two = "868732053538038", "868732053538046"
	prop := func(key, value string) string { return "[" + key + "]: [" + value + "]\n" }
	tests := []struct {
		name, props string
		want        string // "slot:value …"
		note        string // part of the notes or the reason
	}{
		{"first source", prop("ro.ril.miui.imei0", one) + prop("ro.ril.miui.imei1", two), "0:" + one + " 1:" + two, ""},
		{"oem counts from 1", prop("ro.ril.oem.imei1", one) + prop("ro.ril.oem.imei2", two), "0:" + one + " 1:" + two, ""},
		{"single", prop("persist.radio.imei", one), "0:" + one, ""},
		{"second slot from another source", prop("ro.ril.miui.imei0", one) + prop("ro.ril.oem.imei2", two), "0:" + one + " 1:" + two, ""},
		{"second slot only", prop("ro.ril.miui.imei1", two), "1:" + two, ""},
		{"both slots contradict", prop("ro.ril.miui.imei0", one) + prop("ro.ril.miui.imei1", two) + prop("ro.ril.oem.imei1", "860661053277073") + prop("ro.ril.oem.imei2", "860661053277073"), "", "slot 1: sources contradict each other"},
		{"spaces", prop("ro.ril.miui.imei0", " "+one+" "), "0:" + one, ""},
		{"same twice", prop("ro.ril.miui.imei0", one) + prop("ro.ril.miui.imei1", one), "0:" + one + " 1:" + one, ""},
		{"swapped slots are the same set", prop("ro.ril.miui.imei0", one) + prop("ro.ril.miui.imei1", two) + prop("ro.ril.oem.imei1", two) + prop("ro.ril.oem.imei2", one), "0:" + one + " 1:" + two, ""},
		{"contradiction", prop("ro.ril.miui.imei0", one) + prop("ro.ril.miui.imei1", two) + prop("ro.ril.oem.imei1", "860661053277073"), "1:" + two, "contradict"},
		{"IMEISV alone", prop("ro.ril.miui.imei0", one[:14]+"01"), "", "IMEISV"},
		{"IMEISV agrees", prop("ro.ril.miui.imei0", one) + prop("ro.ril.oem.imei", one[:14]+"01"), "0:" + one, "IMEISV"},
		{"14 digits alone", prop("ro.ril.miui.imei0", one[:14]), "", "check digit is missing"},
		{"14 digits contradict", prop("ro.ril.miui.imei0", one) + prop("ro.ril.oem.imei", "86066105327707"), "", "contradict"},
		{"cut off number", prop("ro.ril.miui.imei0", one[:11]), "", ": 11 digits"},
		{"cut off, whole elsewhere", prop("ro.ril.miui.imei0", one[:11]) + prop("ro.ril.oem.imei1", one), "0:" + one, ": 11 digits"},
		{"MEID in its place", prop("ro.ril.miui.imei0", "99001814277895"), "", "MEID"},
		{"zeros", prop("ro.ril.miui.imei0", "000000000000000"), "", "one digit repeated"},
		{"unprogrammed", prop("ro.ril.miui.imei0", "004999010640000"), "", "unprogrammed"},
		{"test range", prop("ro.ril.miui.imei0", "001010123456789"), "", "test handsets"},
		{"sequence", prop("ro.ril.miui.imei0", "123456789012347"), "", "placeholder"},
		{"letters", prop("ro.ril.miui.imei0", "86873205353803X"), "", "not a number"},
		{"other digits", prop("ro.ril.miui.imei0", "٨٦٨٧٣٢٠٥٣٥٣٨٠٣٨"), "", "not a number"},
		{"twice, different", prop("ro.ril.miui.imei0", one) + prop("ro.ril.miui.imei0", two), "", "no property"},
		{"escape sequence", prop("ro.ril.miui.imei0", "\x1b[31m"+one), "", "not a number"},
	}
	for _, tt := range tests {
		id, err := Identify(t.Context(), answers{"getprop": stdout(miPhone + tt.props)})
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		var got []string
		for _, i := range id.IMEIs.Items {
			got = append(got, fmt.Sprintf("%d:%s", i.Slot, i.Value))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: IMEIs %v, want %q", tt.name, got, tt.want)
		}
		if told := fmt.Sprint(id.Notes) + id.IMEIs.Unknown.String(); !strings.Contains(told, tt.note) || dump.Printable([]byte(told), 5000) != told {
			t.Errorf("%s: note %q, want %q in it, printable", tt.name, told, tt.note)
		}
	}
}

func TestIMEIServiceIsAskedRight(t *testing.T) {
	t.Parallel()
	const number = "868732053538038"
	tests := []struct {
		name, props string
		want        []string // lines of the service that may be sent
		imei        string
	}{
		{"Android 12", miPhone + "[ro.build.version.sdk]: [31]\n", []string{"4 i32 0", "4 i32 1"}, number},
		{"Android 11", miPhone + "[ro.build.version.sdk]: [30]\n", []string{"4 i32 0", "4 i32 1"}, number},
		{"Android 16", miPhone + "[ro.build.version.sdk]: [36]\n", []string{"4 i32 0", "4 i32 1"}, number},
		{"Android 10", miPhone + "[ro.build.version.sdk]: [29]\n", []string{"3 i32 0", "3 i32 1"}, number},
		{"Android 5.1", miPhone + "[ro.build.version.sdk]: [22]\n", []string{"3 i32 0", "3 i32 1"}, number},
		{"Android 5.0", miPhone + "[ro.build.version.sdk]: [21]\n", nil, ""},
		{"newer than known", miPhone + "[ro.build.version.sdk]: [37]\n", nil, ""},
		{"version unknown", miPhone, nil, ""},
		{"vendor that shifts the numbers", "[ro.product.manufacturer]: [samsung]\n[ro.build.version.sdk]: [31]\n", nil, ""},
		{"compared with the property", miPhone + "[ro.build.version.sdk]: [31]\n[ro.ril.miui.imei0]: [" + number + "]\n", []string{"4 i32 0", "4 i32 1"}, number},
		{"contradicts the property", miPhone + "[ro.build.version.sdk]: [31]\n[ro.ril.miui.imei0]: [868732053538046]\n", []string{"4 i32 0", "4 i32 1"}, ""},
	}
	for _, tt := range tests {
		var lines []string
		r := asked{answers{"getprop": stdout(tt.props)}, &lines}
		for _, code := range []string{"3", "4"} {
			r.answers[IMEIService.Must(code, "0").String()] = stdout(parcelOf(number))
			r.answers[IMEIService.Must(code, "1").String()] = stdout("Result: Parcel(00000000 ffffffff   '........')\n")
		}
		id, err := Identify(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, line := range lines {
			if rest, ok := strings.CutPrefix(line, "service call iphonesubinfo "); ok {
				got = append(got, strings.TrimSuffix(rest, " s16 com.android.shell"))
			}
			if _, ok := Match(line); !ok {
				t.Errorf("%s: sent %q, which no row makes", tt.name, line)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("%s: service asked %q, want %q", tt.name, got, tt.want)
		}
		imei := ""
		if len(id.IMEIs.Items) == 1 {
			imei = id.IMEIs.Items[0].Value
		}
		if imei != tt.imei {
			t.Errorf("%s: IMEI %q (%s), want %q", tt.name, imei, id.IMEIs.Unknown, tt.imei)
		}
	}
}

// The number a service gives for a second slot that is not there is the first
// one's; only a property can say that two slots have one number.
func TestIMEIServiceSecondSlot(t *testing.T) {
	t.Parallel()
	const one, two = "868732053538038", "868732053538046"
	call := func(first, second string) answers {
		return answers{
			IMEIService.Must("4", "0").String(): stdout(parcelOf(first)),
			IMEIService.Must("4", "1").String(): stdout(parcelOf(second)),
		}
	}
	props := miPhone + "[ro.build.version.sdk]: [33]\n"
	for _, tt := range []struct {
		name, props string
		says        answers
		want        int
		agrees      int // sources beside the first that give slot 0's number
	}{
		{"two slots", props, call(one, two), 2, 0},
		{"one slot, told twice", props, call(one, one), 1, 0},
		{"the second slot only", props, answers{IMEIService.Must("4", "1").String(): stdout(parcelOf(two))}, 1, 0},
		{"properties and service", props + "[ro.ril.miui.imei0]: [" + one + "]\n[ro.ril.miui.imei1]: [" + two + "]\n", call(one, two), 2, 1},
		{"both slots the same by property", props + "[ro.ril.miui.imei0]: [" + one + "]\n[ro.ril.miui.imei1]: [" + one + "]\n", call(one, one), 2, 1},
		{"service refuses", props + "[ro.ril.miui.imei0]: [" + one + "]\n", nil, 1, 0},
	} {
		id, err := Identify(t.Context(), answers{"getprop": stdout(tt.props)}.with(tt.says))
		if err != nil {
			t.Fatal(err)
		}
		if len(id.IMEIs.Items) != tt.want || len(id.IMEIs.Items[0].Agrees) != tt.agrees {
			t.Errorf("%s: %+v, want %d numbers, %d sources agreeing with the first", tt.name, id.IMEIs.Items, tt.want, tt.agrees)
		}
		// Why the service has no number is told only where the properties have none.
		refused := len(tt.says) < 2
		if told := len(id.Notes) > 0; told != (refused && !strings.Contains(tt.props, one)) {
			t.Errorf("%s: notes %v", tt.name, id.Notes)
		}
	}
}

// The contradictions of two slots are told in the order of the slots.
func TestContradictionsAreSorted(t *testing.T) {
	t.Parallel()
	items, notes := settle([]reading{
		{1, "a", imei.Full, "868732053538046", ""},
		{0, "b", imei.Full, "868732053538038", ""},
		{1, "c", imei.Full, "860661053277073", ""},
		{0, "d", imei.Full, "860661053277081", ""},
	})
	if len(items) != 0 || len(notes) != 2 || !strings.HasPrefix(notes[0].Text.String(), "slot 1") || !strings.HasPrefix(notes[1].Text.String(), "slot 2") {
		t.Errorf("numbers %+v, notes %v, want a note of slot 1 and then one of slot 2", items, notes)
	}
}

// parcelRefused is an exception of the telephony service.
const parcelRefused = `Result: Parcel(
  0x00000000: fffffffe 00000003 006f006e 00000021 '........n.o.!...')
`

// Only a tablet that shows no sign of a modem anywhere has no IMEI. Any other
// handset without a number has an unknown one.
func TestNoModem(t *testing.T) {
	t.Parallel()
	const none = "service: Service iphonesubinfo does not exist\n"
	const props = miPhone + "[ro.build.version.sdk]: [33]\n[ro.build.characteristics]: [tablet,nosdcard]\n"
	const newer = miPhone + "[ro.build.version.sdk]: [37]\n[ro.build.characteristics]: [tablet]\n"
	const features = "feature:reqGlEsVersion=0x30002\nfeature:android.hardware.audio.output\nfeature:android.hardware.vulkan.level=1\nfeature:android.hardware.wifi\nfeature:android.software.print\n"
	line, list := IMEIService.Must("4", "0").String(), ListFeatures.Line
	for _, tt := range []struct {
		name, props string
		says        answers
		want        bool
	}{
		{"service refused, no telephony feature", props, answers{list: stdout(features)}, true},
		{"service throws, no telephony feature", props, answers{line: stdout(parcelRefused), list: stdout(features)}, true},
		{"newer Android than the table, no telephony feature", newer, answers{list: stdout(features)}, true},
		{"newer Android than the table, features not listed", newer, nil, false},
		{"newer Android than the table, a telephony feature", newer, answers{list: stdout(strings.Replace(features, "feature:android.hardware.vulkan", "feature:android.hardware.telephony.ims\nfeature:android.hardware.vulkan", 1))}, false},
		{"features of a phone", miPhone + "[ro.build.version.sdk]: [37]\n", answers{list: stdout(features)}, false},
		{"features beside a baseband", newer + "[gsm.version.baseband]: [MPSS.1]\n", answers{list: stdout(features)}, false},
		{"features cut off before Wi-Fi", newer, answers{list: stdout(features[:strings.Index(features, "feature:android.hardware.wifi")])}, false},
		{"features with another line", newer, answers{list: stdout("Warning: linker\n" + features)}, false},
		{"features without their last line end", newer, answers{list: stdout(strings.TrimSpace(features))}, false},
		{"features with an exit status", newer, answers{list: {Stdout: []byte(features), Exit: 1}}, false},
		{"features answered with nothing", newer, answers{list: {}}, false},
		{"no service", props, answers{line: {Stderr: []byte(none), Exit: 10}}, true},
		{"no service, on standard output", props, answers{line: stdout(none)}, true},
		{"no number", props, answers{line: stdout("Result: Parcel(00000000 ffffffff   '........')\n")}, true},
		{"a phone", miPhone + "[ro.build.version.sdk]: [33]\n[ro.build.characteristics]: [nosdcard]\n", answers{line: stdout(none)}, false},
		{"service refused", props, nil, false},
		{"service says nothing", props, answers{line: {}}, false},
		{"service cannot be asked", miPhone + "[ro.build.characteristics]: [tablet]\n", nil, false},
		{"baseband", props + "[gsm.version.baseband]: [MPSS.1]\n", answers{line: stdout(none)}, false},
		{"SIM slot", props + "[gsm.sim.state]: [ABSENT]\n", answers{line: stdout(none)}, false},
		{"number that is none", props + "[ro.ril.miui.imei0]: [86]\n", answers{line: stdout(none)}, false},
		{"part of a number by the service, no number by property", props + "[ro.ril.miui.imei0]: [86]\n", answers{line: stdout(parcelOf("86873205353803")), list: stdout(features)}, false},
		{"no number of the second slot only", props, answers{line: {}, IMEIService.Must("4", "1").String(): stdout("Result: Parcel(00000000 ffffffff   '........')\n")}, false},
		{"a number that is empty", props + "[ro.ril.miui.imei0]: []\n", answers{line: stdout(none)}, true},
		{"part of a number", props + "[ro.ril.miui.imei0]: [86873205353803]\n", answers{line: stdout(none)}, false},
	} {
		id, err := Identify(t.Context(), answers{"getprop": stdout(tt.props)}.with(tt.says))
		if err != nil {
			t.Fatal(err)
		}
		if id.NoModem() != tt.want {
			t.Errorf("%s: no modem is %t, IMEIs %+v", tt.name, id.NoModem(), id.IMEIs)
		}
		if tt.want && (!id.SIMs.Known() || len(id.SIMs.Items) > 0) {
			t.Errorf("%s: SIM slots %+v, want none", tt.name, id.SIMs)
		}
		if !tt.want && id.SIMs.Known() && len(id.SIMs.Items) == 0 {
			t.Errorf("%s: SIM slots %+v, want them unknown or listed", tt.name, id.SIMs)
		}
	}
	if (Identity{}).NoModem() {
		t.Error("without an answer there is no modem")
	}
}

// The published examples of what "service call" prints.
func TestParseParcelString(t *testing.T) {
	t.Parallel()
	const refused = `Result: Parcel(
  0x00000000: ffffffff 00000003 006f006e 00000021 '........n.o.!...')
`
	tests := []struct{ name, in, want, err string }{
		{"awesome-adb", "Result: Parcel(\n  0x00000000: 00000000 0000000f 00360038 00390030 '........8.6.0.9.'\n  0x00000010: 00350035 00320030 00370037 00350038 '5.5.0.2.7.7.8.5.'\n  0x00000020: 00340030 00000031                   '0.4.1...        ')\n", "860955027785041", ""},
		{"no indentation, CRLF", "Result: Parcel(\r\n0x00000000: 00000000 0000000f 00300030 00300031 '........0.0.1.0.'\r\n0x00000010: 00300031 00300030 00300030 00300030 '1.0.0.0.0.0.0.0.'\r\n0x00000020: 00300030 00000031                   '0.0.1...        ')\r\n", "001010000000001", ""},
		{"ours", parcelOf("868732053538038"), "868732053538038", ""},
		{"even length", parcelOf("8687320535380301"), "8687320535380301", ""},
		{"null", "Result: Parcel(00000000 ffffffff   '........')\n", "", "null string"},
		{"missing", "service: Service iphonesubinfo does not exist\n", "", "does not exist"},
		{"refused", refused, "", "exception -1): no!"},
		{"cut off", parcelOf("868732053538038")[:120], "", "not a parcel"},
		{"cut off at a row", strings.Join(strings.SplitAfter(parcelOf("868732053538038"), "\n")[:2], ""), "", "cut off"},
		{"row left out", strings.ReplaceAll(parcelOf("868732053538038"), "  0x00000010", "  0x00000020"), "", "expected 0x00000010"},
		{"too long", strings.Replace(parcelOf("868732053538038"), "0000000f", "7fffffff", 1), "", "units"},
		{"too short", strings.Replace(parcelOf("868732053538038"), "0000000f", "00000003", 1), "", "not a parcel"},
		{"empty", "", "", "not a parcel"},
		{"one word", "Result: Parcel(00000000    '....')\n", "", "1 words"},
	}
	for _, tt := range tests {
		got, err := dump.ParseParcelString([]byte(tt.in))
		if got != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: %q, %v, want %q, error with %q", tt.name, got, err, tt.want, tt.err)
		}
	}
	var refusal *dump.ParcelException
	if _, err := dump.ParseParcelString([]byte(refused)); !errors.As(err, &refusal) || refusal.Code != -1 {
		t.Errorf("refused: %v, want a *ParcelException with code -1", err)
	}
}

func FuzzParseParcelString(f *testing.F) {
	f.Add(parcelOf("868732053538038"))
	f.Add("Result: Parcel(00000000 ffffffff   '........')\n")
	f.Add("Result: Parcel(\n  0x00000000: ffffffff 00000003 006f006e 00000021 '........n.o.!...')\n")
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := dump.ParseParcelString([]byte(s)); err != nil && dump.Printable([]byte(err.Error()), 4000) != err.Error() {
			t.Errorf("error text %q is not printable", err)
		}
		if n, err := dump.ParseParcelString([]byte(parcelOf(s))); err == nil && n != string([]rune(s)) {
			t.Errorf("ParseParcelString(parcelOf(%q)) = %q", s, n)
		}
	})
}

// TestWithoutModem: the owner's word that there is no modem counts only on a tablet that
// shows no sign of one. An empty SIM slot is no sign.
func TestWithoutModem(t *testing.T) {
	t.Parallel()
	const tablet = miPhone + "[ro.build.version.sdk]: [37]\n[ro.build.characteristics]: [tablet]\n"
	for _, tt := range []struct{ name, props, sign string }{
		{"nothing shows a modem", tablet, ""},
		{"kind not known", miPhone + "[ro.build.version.sdk]: [37]\n", ""},
		{"an empty SIM slot", tablet + "[gsm.sim.state]: [ABSENT]\n", ""},
		{"a phone", miPhone + "[ro.build.version.sdk]: [37]\n[ro.build.characteristics]: [nosdcard]\n", "ro.build.characteristics"},
		{"a baseband", tablet + "[gsm.version.baseband]: [MPSS.1]\n", "gsm.version.baseband"},
		{"a SIM card", tablet + "[gsm.sim.state]: [LOADED]\n", "gsm.sim.state"},
		{"an IMEI", tablet + "[ro.ril.miui.imei0]: [868732053538038]\n", "ro.ril.miui.imei0"},
		{"a number that is no IMEI", tablet + "[ro.ril.miui.imei0]: [86]\n", "ro.ril.miui.imei0"},
		{"a MEID", tablet + "[ro.ril.oem.meid]: [99001814277895]\n", "ro.ril.oem.meid"},
	} {
		id, err := Identify(t.Context(), answers{"getprop": stdout(tt.props)})
		if err != nil {
			t.Fatal(err)
		}
		same, sign := id.WithoutModem()
		if again, more := same.WithoutModem(); sign == "" && (more != "" || !again.NoModem()) {
			t.Errorf("%s: asked again, sign %q", tt.name, more)
		}
		if sign != tt.sign || same.NoModem() != (sign == "") || id.NoModem() {
			t.Errorf("%s: sign %q, no modem is %t; want sign %q", tt.name, sign, same.NoModem(), tt.sign)
		}
	}
}
