package verify

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preship/adb/handset"
	"preship/report"
)

func identityOf(t *testing.T, m answers, c Claims) (report.Handset, []report.Finding) {
	t.Helper()
	id, err := handset.Identify(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	h, fs := Identity(id, c)
	every(t, fs)
	return h, fs
}

func TestIdentityOfAHandset(t *testing.T) {
	t.Parallel()
	h, fs := identityOf(t, fresh, Claims{})
	if len(h.IMEI) != 2 || h.IMEI[0].Slot != 1 || h.IMEI[1].Value != "868732053538046" || !h.IMEI[0].Luhn {
		t.Errorf("IMEIs %+v, want the two of the properties, counted from 1", h.IMEI)
	}
	if h.SN == nil || h.SN.Value != "32007/20FQ77584" || h.SN.Source != "ro.ril.oem.psno" {
		t.Errorf("S/N %+v", h.SN)
	}
	if h.Android.SDK == nil || *h.Android.SDK != 31 || h.Bootloader != "locked" || h.Encryption != "file" || h.Kind != report.KindDevice {
		t.Errorf("got %+v", h)
	}
	if len(h.SIMs) != 2 || h.SIMs[1].State != "ABSENT" || len(h.Users) != 1 || *h.Users[0].Name != "Owner" {
		t.Errorf("SIM slots %+v, users %+v", h.SIMs, h.Users)
	}
	for id, want := range map[string]report.Status{
		"identity.imei": report.StatusPass, "identity.bootloader": report.StatusPass, "identity.encryption": report.StatusPass,
		"identity.battery": report.StatusUnknown, "identity.meid": report.StatusUnknown, "identity.kind": "",
	} {
		if status := statusOf(t, fs, id); status != want {
			t.Errorf("%s is %q, want %q", id, status, want)
		}
	}
}

// together are the values that one finding explains for the whole group.
var together = map[string]string{
	"battery.level": "identity.battery", "battery.temperature_c": "identity.battery",
	"storage.used": "identity.storage", "storage.free": "identity.storage",
}

// What a person should know before posting, from answers beside the properties.
func TestIdentityOfItsParts(t *testing.T) {
	t.Parallel()
	const su = "which su"
	battery := func(health, tenths string) string {
		return "Current Battery Service state:\n  level: 85\n  scale: 100\n  temperature: " + tenths + "\n  health: " + health + "\n"
	}
	for _, tt := range []struct {
		name   string
		phone  answers
		id     string
		want   report.Status
		remedy bool
	}{
		{"security settings off", fresh.but(map[string]string{lineProps: propsText + "[persist.security.adbinput]: [0]\n"}), "identity.security-settings", report.StatusWarn, true},
		{"security settings on", fresh.but(map[string]string{lineProps: propsText + "[persist.security.adbinput]: [1]\n"}), "identity.security-settings", "", false},
		{"security settings not told", fresh, "identity.security-settings", "", false},
		{"its own region", fresh, "identity.region-flashed", report.StatusPass, false},
		{"su", fresh.but(map[string]string{su: "/system/xbin/su\n"}), "identity.root", report.StatusWarn, true},
		{"su not asked", fresh, "identity.root", report.StatusUnknown, true},
		{"battery well", fresh.but(map[string]string{handset.DumpBattery.Line: battery("2", "285")}), "identity.battery", "", false},
		{"battery dead", fresh.but(map[string]string{handset.DumpBattery.Line: battery("4", "285")}), "identity.battery", report.StatusWarn, true},
		{"battery hot", fresh.but(map[string]string{handset.DumpBattery.Line: battery("2", "512")}), "identity.battery", report.StatusWarn, true},
		{"battery not told", fresh, "identity.battery", report.StatusUnknown, true},
	} {
		_, fs := identityOf(t, tt.phone, Claims{})
		if f, _ := report.Findings(fs).ByID(tt.id); f.Status != tt.want || (f.Remedy != "") != tt.remedy {
			t.Errorf("%s: %s is %q, remedy %q; want %q, remedy %t", tt.name, tt.id, f.Status, f.Remedy, tt.want, tt.remedy)
		}
	}
	none := maps.Clone(fresh.but(map[string]string{lineProps: propsText + "[ro.debuggable]: [0]\n[ro.secure]: [1]\n[ro.build.type]: [user]\n[ro.build.tags]: [release-keys]\n"}))
	none[su] = handset.Answer{Exit: 1}
	if _, fs := identityOf(t, none, Claims{}); statusOf(t, fs, "identity.root") != report.StatusUnknown {
		t.Errorf("no su, and the apps of root kits not asked for: %q, want unknown", statusOf(t, fs, "identity.root"))
	}
	for _, app := range []string{"com.topjohnwu.magisk", "me.weishu.kernelsu", "me.bmax.apatch"} {
		none[handset.PackagePath.Must(app).String()] = handset.Answer{Exit: 1}
	}
	if _, fs := identityOf(t, none, Claims{}); statusOf(t, fs, "identity.root") != report.StatusPass {
		t.Errorf("no su: %q, want pass", statusOf(t, fs, "identity.root"))
	}
}

// Every null of the object has a finding that says why.
func TestIdentityExplainsEveryNull(t *testing.T) {
	t.Parallel()
	phones := map[string]string{"nearly nothing": "[ro.product.manufacturer]: [Xiaomi]\n[a]: [b]\n", "the usual": propsText}
	captures, err := filepath.Glob("../adb/handset/testdata/getprop/*.txt")
	if err != nil || len(captures) == 0 {
		t.Fatalf("no captures: %v", err)
	}
	for _, name := range captures {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		phones[filepath.Base(name)] = string(b)
	}
	for name, props := range phones {
		h, fs := identityOf(t, answers{}.but(map[string]string{lineProps: props}), Claims{})
		b, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		var object map[string]any
		if err := json.Unmarshal(b, &object); err != nil {
			t.Fatal(err)
		}
		for _, path := range nulls(object, "") {
			id, ok := together[path]
			if !ok {
				id = "identity." + strings.ReplaceAll(path, "_", "-")
			}
			f, _ := report.Findings(fs).ByID(id)
			if f.Status != report.StatusUnknown || len(f.Summary) < 10 {
				t.Errorf("%s: %s is null and %s is %q: %q", name, path, id, f.Status, f.Summary)
			}
		}
	}
}

func nulls(object map[string]any, prefix string) (paths []string) {
	for key, v := range object {
		switch v := v.(type) {
		case nil:
			paths = append(paths, prefix+key)
		case map[string]any:
			paths = append(paths, nulls(v, prefix+key+".")...)
		}
	}
	return paths
}

func TestIdentityWarns(t *testing.T) {
	t.Parallel()
	replace := func(old, with string) string { return strings.Replace(propsText, old, with, 1) }
	unlocked := strings.NewReplacer("[ro.boot.flash.locked]: [1]", "[ro.boot.flash.locked]: [0]", "[green]", "[orange]", "[locked]", "[unlocked]").Replace(propsText)
	for _, tt := range []struct {
		name, props, id string
		want            report.Status
	}{
		{"bootloader open", unlocked, "identity.bootloader", report.StatusWarn},
		{"bootloader contradicts itself", replace("[green]", "[orange]"), "identity.bootloader", report.StatusUnknown},
		{"not encrypted", strings.NewReplacer("[encrypted]", "[unencrypted]", "[ro.crypto.type]: [file]\n", "").Replace(propsText), "identity.encryption", report.StatusWarn},
		{"Chinese hardware, global system", replace("[ro.boot.hwc]: [GLOBAL]", "[ro.boot.hwc]: [CN]"), "identity.region-flashed", report.StatusWarn},
		{"global hardware, Indian system", strings.ReplaceAll(propsText, "SKGMIXM", "SKGINXM"), "identity.region-flashed", report.StatusUnknown},
		{"hardware of an unlisted region", replace("[ro.boot.hwc]: [GLOBAL]", "[ro.boot.hwc]: [1]"), "identity.region-flashed", report.StatusUnknown},
		{"hardware of no region", replace("[ro.boot.hwc]: [GLOBAL]\n", ""), "identity.region-flashed", report.StatusUnknown},
		{"check digit", replace("868732053538038", "868732053538039"), "identity.imei.luhn", report.StatusWarn},
		{"one number in both slots", replace("868732053538046", "868732053538038"), "identity.imei.pair", report.StatusPass},
		{"sources contradict", propsText + "[ro.ril.oem.imei1]: [861234567890128]\n", "identity.imei.sources", report.StatusWarn},
		{"no IMEI", strings.NewReplacer("miui.imei", "miui.other").Replace(propsText), "identity.imei", report.StatusUnknown},
		{"emulated", propsText + "[ro.preship.emulated]: [1]\n", "identity.kind", report.StatusWarn},
		{"an API level that is newer than the tables", replace("[31]", "[37]"), "identity.android.sdk", report.StatusWarn},
		{"an API level in words", replace("[31]", "[x]"), "identity.android.sdk", report.StatusUnknown},
	} {
		_, fs := identityOf(t, fresh.but(map[string]string{lineProps: tt.props}), Claims{})
		if status := statusOf(t, fs, tt.id); status != tt.want {
			t.Errorf("%s: %s is %q, want %q", tt.name, tt.id, status, tt.want)
		}
	}
}

func TestPapers(t *testing.T) {
	t.Parallel()
	noIMEI := fresh.but(map[string]string{lineProps: strings.ReplaceAll(propsText, "miui.imei", "miui.other")})
	oneIMEI := fresh.but(map[string]string{lineProps: strings.ReplaceAll(propsText, "miui.imei1", "miui.other")})
	tabletText := strings.NewReplacer("miui.imei", "miui.other", "[gsm.sim.state]", "[ro.build.characteristics]", "ABSENT,ABSENT", "tablet").Replace(propsText)
	tablet := fresh.but(map[string]string{lineProps: tabletText, linePhone: "service: Service iphonesubinfo does not exist\n"})
	for _, tt := range []struct {
		name   string
		phone  answers
		claims Claims
		id     string
		want   report.Status
	}{
		{"box, both, in the other order", fresh, Claims{Box: []string{"868732053538046", "868732053538038"}}, "identity.imei.box", report.StatusPass},
		{"box, scanned", fresh, Claims{Box: []string{"IMEI: 86 873205-353803-8\r"}}, "identity.imei.box", report.StatusPass},
		{"sticker without check digit", fresh, Claims{Sticker: []string{"86873205353803"}}, "identity.imei.sticker", report.StatusPass},
		{"receipt with a software version", fresh, Claims{Receipt: []string{"8687320535380312"}}, "identity.imei.receipt", report.StatusPass},
		{"box of another", fresh, Claims{Box: []string{"868732053538053"}}, "identity.imei.box", report.StatusFail},
		{"box, one right and one wrong", fresh, Claims{Box: []string{"868732053538038", "868732053538053"}}, "identity.imei.box", report.StatusFail},
		{"box of two, handset tells one", oneIMEI, Claims{Box: []string{"868732053538038", "868732053538046"}}, "identity.imei.box", report.StatusWarn},
		{"box of two, both others", oneIMEI, Claims{Box: []string{"868732053538053", "868732053538061"}}, "identity.imei.box", report.StatusFail},
		{"box that is no number", fresh, Claims{Box: []string{"hello"}}, "identity.imei.box", report.StatusUnknown},
		{"handset tells none", noIMEI, Claims{Box: []string{"868732053538038"}}, "identity.imei.box", report.StatusUnknown},
		{"read off by a person", noIMEI, Claims{IMEI: []string{"868732053538038"}}, "identity.imei", report.StatusWarn},
		{"read off by a person, and nothing to compare with", noIMEI, Claims{IMEI: []string{"868732053538038"}}, "identity.imei.given", ""},
		{"read off by a person, as on the box", noIMEI, Claims{IMEI: []string{"868732053538038"}, Box: []string{"868732053538038"}}, "identity.imei.box", report.StatusWarn},
		{"read off by a person, not as on the box", noIMEI, Claims{IMEI: []string{"868732053538038"}, Box: []string{"868732053538053"}}, "identity.imei.box", report.StatusFail},
		{"read off with a wrong digit", noIMEI, Claims{IMEI: []string{"868732053538039"}}, "identity.imei", report.StatusUnknown},
		{"read off without the last digit", noIMEI, Claims{IMEI: []string{"86873205353803"}}, "identity.imei", report.StatusUnknown},
		{"a tablet's box", tablet, Claims{}, "identity.imei", report.StatusSkipped},
		{"a tablet with papers of a phone", tablet, Claims{Box: []string{"868732053538038"}}, "identity.imei.box", report.StatusFail},
		{"a tablet whose back shows one", tablet, Claims{IMEI: []string{"868732053538038"}}, "identity.imei", report.StatusWarn},
		{"a tablet without a serial number", tablet.but(map[string]string{lineProps: strings.ReplaceAll(tabletText, "psno", "other")}), Claims{}, "identity.imei", report.StatusUnknown},
		{"box, both in one scan", fresh, Claims{Box: []string{"IMEI1: 868732053538038 / IMEI2: 868732053538046\r"}}, "identity.imei.box", report.StatusPass},
		{"box, both, with spaces between", fresh, Claims{Box: []string{"868732053538038 868732053538046"}}, "identity.imei.box", report.StatusPass},
		{"box, labelled and numbered", fresh, Claims{Box: []string{"IMEI 1 868732053538038", "imei=868732053538046"}}, "identity.imei.box", report.StatusPass},
		{"box, the kind of barcode before", fresh, Claims{Box: []string{"]C1868732053538038\r\n"}}, "identity.imei.box", report.StatusPass},
		{"S/N with its label", fresh, Claims{SN: "S/N: 32007/20FQ77584\r"}, "identity.sn.box", report.StatusPass},
		{"read off by a person, wrongly", fresh, Claims{IMEI: []string{"868732053538053"}}, "identity.imei.given", report.StatusFail},
		{"S/N", fresh, Claims{SN: "32007/20fq77584\r"}, "identity.sn.box", report.StatusPass},
		{"S/N, the part after the slash", fresh, Claims{SN: "20FQ77584"}, "identity.sn.box", report.StatusPass},
		{"S/N of another", fresh, Claims{SN: "32007/20FQ77585"}, "identity.sn.box", report.StatusFail},
		{"no paper", fresh, Claims{SN: " "}, "identity.sn.box", ""},
	} {
		_, fs := identityOf(t, tt.phone, tt.claims)
		f, _ := report.Findings(fs).ByID(tt.id)
		if f.Status != tt.want {
			t.Errorf("%s: %s is %q, want %q", tt.name, tt.id, f.Status, tt.want)
		}
		if f.Status == report.StatusFail && !strings.Contains(f.Summary, "refused") {
			t.Errorf("%s: %q does not say why it matters", tt.name, f.Summary)
		}
	}
	_, fs := identityOf(t, noIMEI, Claims{IMEI: []string{"868732053538038"}})
	if f, _ := report.Findings(fs).ByID("identity.imei"); f.Method != report.MethodAttested {
		t.Errorf("an IMEI a person read off is %q, want %q", f.Method, report.MethodAttested)
	}
}

// The two values that spell unknown as a word have a finding too.
func TestIdentityWordsForUnknown(t *testing.T) {
	t.Parallel()
	h, fs := identityOf(t, answers{}.but(map[string]string{lineProps: "[ro.product.manufacturer]: [Xiaomi]\n[a]: [b]\n"}), Claims{})
	if h.Bootloader != report.Unknown || h.Encryption != report.Unknown {
		t.Errorf("bootloader %q and encryption %q, want %q", h.Bootloader, h.Encryption, report.Unknown)
	}
	for _, id := range []string{"identity.bootloader", "identity.encryption"} {
		if status := statusOf(t, fs, id); status != report.StatusUnknown {
			t.Errorf("%s is %q, want %q", id, status, report.StatusUnknown)
		}
	}
}

// TestAttestedNoModem: the owner's word makes an IMEI that cannot be seen a warning, and
// papers that show one contradict it.
func TestAttestedNoModem(t *testing.T) {
	t.Parallel()
	props := strings.NewReplacer("miui.imei", "miui.other", "[gsm.sim.state]", "[ro.build.characteristics]", "ABSENT,ABSENT", "tablet").Replace(propsText)
	id, err := handset.Identify(t.Context(), fresh.but(map[string]string{lineProps: props, linePhone: "-"}))
	if err != nil {
		t.Fatal(err)
	}
	_, fs := Identity(id, Claims{})
	if f, _ := report.Findings(fs).ByID("identity.imei"); f.Status != report.StatusUnknown || !strings.Contains(f.Remedy, "--attest identity.imei") {
		t.Errorf("without the owner's word %s, remedy %q", f.Status, f.Remedy)
	}
	same, _ := id.WithoutModem()
	h, fs := Identity(same, Claims{Box: []string{"868732053538038"}})
	f, _ := report.Findings(fs).ByID("identity.imei")
	if f.Status != report.StatusWarn || f.Method != report.MethodAttested || f.Remedy != "" || h.IMEI == nil || len(h.IMEI) > 0 {
		t.Errorf("with the owner's word %+v, IMEIs %v", f, h.IMEI)
	}
	if box, _ := report.Findings(fs).ByID("identity.imei.box"); box.Status != report.StatusFail {
		t.Errorf("a box with an IMEI is %s", box.Status)
	}
	if !slices.Contains(Attestable(), "identity.imei") || clearWords("identity.imei") != noModemWords {
		t.Error("identity.imei cannot be attested")
	}
}
