package handset

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"preship/adb/handset/dump"
	"preship/report/imei"
	"preship/report/message"
)

// answers is a handset that knows the answers to some lines. Whatever else it
// is asked it refuses, as a shell does.
type answers map[string]Answer

func (m answers) Ask(_ context.Context, line Line) (Answer, error) {
	if a, ok := m[line.String()]; ok {
		a.Ref = "evidence/" + line.Command().Name + ".txt"
		return a, nil
	}
	return Answer{Stderr: []byte("inaccessible or not found"), Exit: 127}, nil
}

func stdout(s string) Answer { return Answer{Stdout: []byte(s)} }

// What each command prints on a handset.
var (
	batteryDump = readCapture("dumps/battery.txt")
	dfDump      = readCapture("dumps/df.txt")
	volumesDump = readCapture("dumps/volumes.txt")
	usersDump   = readCapture("dumps/users.txt")
)

// readCapture is capture for variables of the package.
func readCapture(name string) string {
	b, err := os.ReadFile(filepath.Join("testdata", filepath.FromSlash(name)))
	if err != nil {
		panic(err)
	}
	return string(b)
}

func capture(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// captured is what a capture must be identified as. "" says: must be unknown.
var captured = []struct {
	file, imei0, imei1, sn, model, market, codename string
	os, version, title, region, bootloader, crypto  string
}{
	{"hyperos1_a13_alioth_qcom_locked", "860661053277073", "860661053277081", "33700/50QL51051", "M2012K11AC", "Redmi K40", "alioth", "HyperOS", "OS1.0.6.0.TKHCNXM", "HyperOS 1.0", "CN", "locked", "file"},
	{"hyperos1_a13_nabu_tablet_wifi_noimei", "", "", "34594/D9YQ42770", "21051182C", "Xiaomi Pad 5", "nabu", "HyperOS", "OS1.0.3.0.TKXCNXM", "HyperOS 1.0", "CN", "locked", "file"},
	{"hyperos2_a14_matisse_mtk_locked", "862104050689295", "862104050689303", "39043/26LN13310", "22011211C", "Redmi K50 Pro", "matisse", "HyperOS", "OS2.0.6.0.ULKCNXM", "HyperOS 2.0", "CN", "locked", "file"},
	{"hyperos2_a15_mondrian_qcom", "867745062335791", "867745062335809", "49655/S3VU31348", "23013RK75C", "Redmi K60", "mondrian", "HyperOS", "OS2.0.207.0.VMNCNXM", "HyperOS 2.0", "CN", "locked", "file"},
	{"miui10_a712_riva_qcom", "869288036111806", "869288036111814", "18783/07JJ05215", "Redmi 5A", "Redmi 5A", "riva", "MIUI", "V10.1.1.0.NCKCNFI", "MIUI 10", "CN", "unlocked", "none"},
	{"miui10_a8_capricorn_qcom", "864454033361571", "864454033361563", "", "MI 5s", "", "capricorn", "MIUI", "V10.2.1.0.OAGCNXM", "MIUI 10", "CN", "locked", "block"},
	{"miui11_a9_sagit_qcom", "868030031886235", "868030031886243", "", "MI 6", "MI 6", "sagit", "MIUI", "V11.0.5.0.PCACNXM", "MIUI 11", "CN", "unlocked", "file"},
	{"miui125_a10_olivelite_qcom_locked", "863938056715748", "863938056715755", "26311/18KQ97567", "Redmi 8A", "Redmi 8A", "olivelite", "MIUI", "V12.5.3.0.QCPCNXM", "MIUI 12.5", "CN", "locked", "file"},
	{"miui125_a11_cepheus_qcom_same_imei_twice", "864376021563365", "864376021563365", "", "MI 9 Transparent Edition", "MI 9 Transparent Edition", "cepheus", "MIUI", "V12.5.6.0.RFACNXM", "MIUI 12.5", "CN", "locked", "file"},
	{"miui12_a10_cas_qcom_luhn_bad", "869448046517886", "869448046517894", "29825/K8FR35872", "M2007J1SC", "Mi 10 Ultra", "cas", "MIUI", "V12.0.15.0.QJJCNXM", "MIUI 12", "CN", "locked", "file"},
	{"miui13_a12_matisse_mtk", "861404063078051", "861404063078069", "40695/02AM99185", "22011211C", "Redmi K50 Pro", "matisse", "MIUI", "V13.0.26.0.SLKCNXM", "MIUI 13", "CN", "unlocked", "file"},
	{"miui14_a12_sunny_global_qcom_locked", "868732053538038", "868732053538046", "32007/20FQ77584", "M2101K7AG", "Redmi Note 10", "sunny", "MIUI", "V14.0.9.0.SKGMIXM", "MIUI 14", "PF", "locked", "file"},
}

// Every capture, also as PowerShell and cmd.exe write it, must give the same.
func TestIdentifyCaptures(t *testing.T) {
	t.Parallel()
	encodings := map[string]func(string) string{
		"as captured": func(s string) string { return s },
		"CRLF":        func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"CR CR LF":    func(s string) string { return strings.ReplaceAll(s, "\n", "\r\r\n") },
		"UTF-8 BOM":   func(s string) string { return "\xef\xbb\xbf" + s },
		"UTF-16LE":    func(s string) string { return utf16le("\ufeff" + strings.ReplaceAll(s, "\n", "\r\n")) },
		"UTF-16LE without BOM": func(s string) string {
			return utf16le(strings.ReplaceAll(s, "\n", "\r\n"))
		},
		"UTF-16BE without BOM":   func(s string) string { return swapped(utf16le(strings.ReplaceAll(s, "\n", "\r\n"))) },
		"console's padding":      func(s string) string { return strings.ReplaceAll(s, "\n", "   \r\n") },
		"multi-line value first": func(s string) string { return capture(t, "getprop-multiline.txt") + s },
		"reordered": func(s string) string {
			lines := strings.Split(strings.TrimSpace(s), "\n")
			return strings.Join(append(lines[len(lines)/2:], lines[:len(lines)/2]...), "\n") + "\n"
		},
	}
	for _, want := range captured {
		for name, encode := range encodings {
			t.Run(want.file+"/"+name, func(t *testing.T) {
				t.Parallel()
				id, err := Identify(t.Context(), answers{"getprop": stdout(encode(capture(t, "getprop/"+want.file+".txt")))})
				if err != nil {
					t.Fatal(err)
				}
				var imei [2]string
				for _, i := range id.IMEIs.Items {
					imei[i.Slot] = i.Value
				}
				for _, c := range []struct{ what, got, want string }{
					{"IMEI 1", imei[0], want.imei0},
					{"IMEI 2", imei[1], want.imei1},
					{"S/N", id.SN.Value, want.sn},
					{"model", id.Model.Value, want.model},
					{"market name", id.MarketName.Value, want.market},
					{"codename", id.Codename.Value, want.codename},
					{"OS", id.OS.Name.Value, want.os},
					{"OS version", id.OS.Version.Value, want.version},
					{"OS title", id.OS.Title, want.title},
					{"region", id.Region.Value, want.region},
					{"bootloader", id.Bootloader.Value, want.bootloader},
					{"encryption", id.Encryption.Value, want.crypto},
					{"kind", id.Kind, KindDevice},
					{"vendor", id.Vendor.Name, "Xiaomi"},
				} {
					if c.got != c.want {
						t.Errorf("%s = %q, want %q", c.what, c.got, c.want)
					}
				}
				explained(t, id)
			})
		}
	}
}

func utf16le(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

// swapped turns UTF-16LE into UTF-16BE.
func swapped(s string) string {
	b := []byte(s)
	for i := 0; i+1 < len(b); i += 2 {
		b[i], b[i+1] = b[i+1], b[i]
	}
	return string(b)
}

// explained checks that every value has a source, and every unknown a reason fit to print.
func explained(t *testing.T, id Identity) {
	t.Helper()
	facts := map[string]Fact{
		"serial": id.Serial, "meid": id.MEID, "sn": id.SN, "board sn": id.BoardSN, "cpu": id.CPUID, "manufacturer": id.Manufacturer,
		"brand": id.Brand, "model": id.Model, "market": id.MarketName, "codename": id.Codename, "mod_device": id.ModDevice,
		"os": id.OS.Name, "version": id.OS.Version, "build": id.Build, "fingerprint": id.Fingerprint, "android": id.Android,
		"sdk": id.SDK, "patch": id.SecurityPatch, "region": id.Region, "hwc": id.HWC, "locale": id.Locale, "bootloader": id.Bootloader,
		"verified boot": id.VerifiedBoot, "encryption": id.Encryption, "root": id.RootSign, "oem unlock": id.OEMUnlock,
		"managed": id.Managed, "adb input": id.AdbInput, "esim": id.ESIM,
	}
	for name, f := range facts {
		if (f.Value == "") == f.Unknown.Empty() || f.Value != "" && f.Source == "" {
			t.Errorf("%s: value %q, source %q, unknown %q: want either a value with a source or a reason", name, f.Value, f.Source, f.Unknown)
		}
		if all := f.Value + f.Unknown.String() + f.Source + f.Saw.String(); dump.Printable([]byte(all), 2000) != all {
			t.Errorf("%s: %q is not printable", name, all)
		}
	}
	if id.IMEIs.Known() != (len(id.IMEIs.Items) > 0) {
		t.Errorf("IMEIs: %v, unknown %q", id.IMEIs.Items, id.IMEIs.Unknown)
	}
	for name, why := range map[string]message.Sentence{"users": id.Users.Unknown, "volumes": id.Volumes.Unknown, "battery": id.Battery.Unknown, "disk": id.Disk.Unknown} {
		if why.Empty() {
			t.Errorf("%s: known, though the handset did not answer", name)
		}
	}
}

func TestIdentifyLuhnAndAgreement(t *testing.T) {
	t.Parallel()
	id, err := Identify(t.Context(), answers{"getprop": stdout(capture(t, "getprop/miui12_a10_cas_qcom_luhn_bad.txt"))})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range id.IMEIs.Items {
		if i.Luhn || len(i.Agrees) == 0 || !strings.HasPrefix(i.Source, "ro.ril.miui.imei") || i.Ref != "evidence/properties.txt" || !strings.HasPrefix(i.Value, "86944804") {
			t.Errorf("IMEI %+v: want Luhn-bad, first source, agreeing sources, evidence", i)
		}
	}
}

func TestIdentifyRegionFlashed(t *testing.T) {
	t.Parallel()
	for file, want := range map[string][2]bool{
		"miui125_a11_cepheus_qcom_same_imei_twice": {true, true}, // GLOBAL hardware, CN build
		"miui14_a12_sunny_global_qcom_locked":      {false, true},
		"hyperos2_a15_mondrian_qcom":               {false, true},
		"miui10_a8_capricorn_qcom":                 {false, false},
		"hyperos3_a16_creek_eea_locked":            {false, false}, // EEA hardware, build for the world
	} {
		id, err := Identify(t.Context(), answers{"getprop": stdout(capture(t, "getprop/"+file+".txt"))})
		if err != nil {
			t.Fatal(err)
		}
		flashed, known, why := id.RegionFlashed()
		if got := [2]bool{flashed, known}; got != want || why.Empty() {
			t.Errorf("%s: RegionFlashed = %v (%s), want %v", file, got, why, want)
		}
	}
}

// The values of public captures and device trees; a value outside the table, and what
// the maker may have sold together, is unknown.
func TestRegionsOfHardwareAndBuild(t *testing.T) {
	t.Parallel()
	const same, other, unknown = "same", "other", "unknown"
	for _, tt := range []struct{ hwc, build, want string }{
		{"CN", "CN", same},
		{"CN", "MI", other},
		{"CN", "IN", other},
		{"GLOBAL", "MI", same},
		{"GLOBAL", "EU", same},
		{"GLOBAL", "CN", other},
		{"GLOBAL", "IN", unknown},
		{"GLOBAL", "JP", unknown},
		{"GLOBAL", "ZZ", unknown},
		{"GLOBAL_K7A", "MI", same},
		{"GLOBAL_K7A", "IN", unknown},
		{"GLOBAL_IN", "MI", unknown},
		{"GLOBA", "MI", unknown},
		{"Global", "RU", same},
		{"Global_TWO", "MI", same},
		{"Global28", "MI", same},
		{"Global2", "MI", unknown},
		{"Global_EEA", "EU", same},
		{"Global_EEA", "MI", unknown},
		{"INT", "MI", same},
		{"INT", "CN", other},
		{"INDIA", "IN", same},
		{"India", "IN", same},
		{"IN", "IN", same},
		{"IN", "MI", unknown},
		{"INDIA", "CN", other},
		{"Japan", "JP", same},
		{"Japan", "MI", unknown},
		{"cn", "CN", unknown},
		{"C", "CN", unknown},
		{"1", "MI", unknown},
		{"", "MI", unknown},
	} {
		id := Identity{
			System: Fact{Value: SystemOwn}, Build: Fact{Value: "V14.0.9.0.SKG" + tt.build + "XM"},
			HWC: Fact{Value: tt.hwc},
		}
		if tt.hwc == "" {
			id.HWC.Unknown = message.English("not there")
		}
		flashed, known, why := id.RegionFlashed()
		got := same
		switch {
		case !known:
			got = unknown
		case flashed:
			got = other
		}
		if got != tt.want || why.Empty() {
			t.Errorf("hardware %q, build %q: %s (%s), want %s", tt.hwc, tt.build, got, why, tt.want)
		}
	}
}

func TestIdentifyFailsOnlyWithoutProperties(t *testing.T) {
	t.Parallel()
	for name, a := range map[string]Answer{
		"refused": {Stderr: []byte("getprop: not found"), Exit: 127}, "empty": {}, "cut off": stdout("[a]: [b]\n[ro.x]: [y"), "too large": stdout(strings.Repeat("x", 3<<20)),
	} {
		if id, err := Identify(t.Context(), answers{"getprop": a}); err == nil {
			t.Errorf("%s: identified as %+v, want an error", name, id)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Identify(ctx, cancelled{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v, want context.Canceled", err)
	}
}

type cancelled struct{}

func (cancelled) Ask(ctx context.Context, _ Line) (Answer, error) { return Answer{}, ctx.Err() }

func TestIdentifyKindAndVendor(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, props, kind, vendor, os, title string }{
		{"emulator", "[ro.kernel.qemu]: [1]\n[ro.product.manufacturer]: [Google]\n[ro.build.version.release]: [14]\n", KindEmulator, "Google", "Android", "Android 14"},
		{"new emulator", "[ro.boot.qemu]: [1]\n[ro.product.manufacturer]: [unknown]\n[ro.build.version.release]: [15]\n", KindEmulator, "Android", "", ""},
		{"release says nothing", "[ro.product.manufacturer]: [Google]\n[ro.build.version.release]: [unknow]\n", KindDevice, "Google", "", ""},
		{"emulated", "[ro.preship.emulated]: [1]\n[ro.product.brand]: [POCO]\n", KindEmulator, "Xiaomi", "", ""},
		{"other vendor", "[ro.product.manufacturer]: [Fairphone]\n[ro.build.version.release]: [13]\n", KindDevice, "Android", "Android", "Android 13"},
		{"Samsung", "[ro.product.manufacturer]: [samsung]\n[ro.build.version.release]: [13]\n", KindDevice, "Samsung", "Android", "Android 13"},
		{"this vendor without its OS", "[ro.product.manufacturer]: [Xiaomi]\n[ro.build.version.release]: [9]\n", KindDevice, "Xiaomi", "", ""},
		{"maker not told", "[ro.kernel.qemu]: [0]\n[ro.build.version.release]: [13]\n", KindDevice, "Unknown", "", ""},
	}
	for _, tt := range tests {
		id, err := Identify(t.Context(), answers{"getprop": stdout(tt.props)})
		if err != nil {
			t.Fatal(err)
		}
		if id.Kind != tt.kind || id.Vendor.Name != tt.vendor || id.OS.Name.Value != tt.os || id.OS.Title != tt.title {
			t.Errorf("%s: %s, %s, OS %q %q, want %s, %s, %q %q", tt.name, id.Kind, id.Vendor.Name, id.OS.Name.Value, id.OS.Title, tt.kind, tt.vendor, tt.os, tt.title)
		}
	}
}

func FuzzIdentify(f *testing.F) {
	for _, c := range captured {
		f.Add(capture(f, "getprop/"+c.file+".txt"))
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := Identify(t.Context(), answers{"getprop": stdout(s)})
		if err != nil {
			return
		}
		explained(t, id)
		for _, i := range id.IMEIs.Items {
			if len(i.Value) != 15 || !imei.Digits(i.Value) {
				t.Errorf("IMEI %+v", i)
			}
		}
		for _, n := range id.Notes {
			if dump.Printable([]byte(n.Text.String()), 4000) != n.Text.String() {
				t.Errorf("note %q is not printable", n.Text)
			}
		}
	})
}
