package handset

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"preship/adb/handset/dump"
)

// propertiesOf returns the properties of every capture of a folder, by name.
func propertiesOf(t testing.TB, dir string) map[string]dump.Properties {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", dir, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d captures in %s, %v", len(files), dir, err)
	}
	all := map[string]dump.Properties{}
	for _, file := range files {
		p, err := dump.ParseProperties([]byte(capture(t, dir+"/"+filepath.Base(file))))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".txt")] = p
	}
	return all
}

// printed is what getprop would answer.
func printed(p dump.Properties) Answer {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(p)) {
		b.WriteString("[" + key + "]: [" + p[key] + "]\n")
	}
	return stdout(b.String())
}

// originOf reads whose system properties show.
func originOf(p dump.Properties) Fact { return systemOrigin(p, "", Vendor(p)) }

// One record without an end leaves the rest of the answer readable, but the text it
// lost may be the sign of another system.
func TestSystemOfDamagedCapture(t *testing.T) {
	t.Parallel()
	whole := capture(t, "getprop/miui14_a12_sunny_global_qcom_locked.txt")
	const line = "[ro.product.name]: [sunny_global]"
	if !strings.Contains(whole, line) {
		t.Fatalf("no line %s", line)
	}
	id, err := Identify(t.Context(), answers{"getprop": stdout(strings.Replace(whole, line, strings.TrimSuffix(line, "]"), 1))})
	if err != nil {
		t.Fatal(err)
	}
	if len(id.IMEIs.Items) != 2 || !id.Model.Known() || id.System.Known() || id.Bootloader.Value == "locked" {
		t.Errorf("IMEIs %+v, model %+v, system %+v, bootloader %+v, want the first two and neither of the others", id.IMEIs, id.Model, id.System, id.Bootloader)
	}
}

// Another maker's hardware is seen by its own name, its brand, or the brand of the
// partitions that a port leaves as they are; no capture of this maker's shows it.
func TestOtherMakersHardware(t *testing.T) {
	t.Parallel()
	for name, p := range propertiesOf(t, "getprop") {
		if sign := fromProperties(p, "").OtherMaker; !sign.Empty() {
			t.Errorf("%s: %q, want no sign", name, sign)
		}
	}
	for name, p := range propertiesOf(t, "foreign") {
		port := strings.HasPrefix(name, "miui_port_nubia")
		if sign := fromProperties(p, "").OtherMaker; (!sign.Empty()) != port {
			t.Errorf("%s: %q, want a sign %v", name, sign, port)
		}
	}
	own := propertiesOf(t, "getprop")["miui14_a12_sunny_global_qcom_locked"]
	for key, value := range map[string]string{
		"ro.product.manufacturer": "OnePlus", "ro.product.brand": "nubia", "ro.product.vendor.brand": "OnePlus", "ro.product.odm.brand": "samsung",
		"ro.vendor.build.fingerprint": "OnePlus/OnePlus8/OnePlus8:12/SKQ1.210908.001/V14.0.9.0.SKGMIXM:user/release-keys",
	} {
		p := maps.Clone(own)
		p[key] = value
		if sign := fromProperties(p, "").OtherMaker; !strings.Contains(sign.String(), key) {
			t.Errorf("%s=%s: %q, want it as the sign", key, value, sign)
		}
	}
}

// No capture of a maker's own system shows a sign, nor does one from which any one
// answer is missing.
func TestSystemOfOwnCaptures(t *testing.T) {
	t.Parallel()
	for name, p := range propertiesOf(t, "getprop") {
		if f := originOf(p); f.Value != SystemOwn {
			t.Errorf("%s: %+v, want %q", name, f, SystemOwn)
		}
		for key := range p {
			less := maps.Clone(p)
			delete(less, key)
			if f := originOf(less); f.Value == SystemForeign {
				t.Errorf("%s without %s: %+v, want no sign of another system", name, key, f)
			}
		}
	}
}

// The emulated handsets are made of captures, so only those that stand for
// another system show a sign.
func TestSystemOfProfiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../testdata/handsets/*.txtar")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d profiles, %v", len(files), err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want := SystemOwn
		switch filepath.Base(file) {
		case "mi-pad-4-xiaomi-eu.txtar", "nubia-z17-mini-miui.txtar":
			want = SystemForeign
		case "android-emulator.txtar":
			continue // a program: no maker's system is for it
		}
		for _, part := range txtar.Parse(b).Files {
			if part.Name != "getprop.txt" {
				continue
			}
			p, err := dump.ParseProperties(part.Data)
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if f := originOf(p); f.Value != want {
				t.Errorf("%s: %+v, want %q", file, f, want)
			}
		}
	}
}

// A handset with another system has no bootloader, root or region that passes,
// whatever its lock properties say.
func TestForeignSystemProvesNothing(t *testing.T) {
	t.Parallel()
	for name, p := range propertiesOf(t, "foreign") {
		id, err := Identify(t.Context(), answers{"getprop": printed(p), FindSU.Line: {Exit: 1}})
		if err != nil {
			t.Fatal(err)
		}
		if id.System.Value != SystemForeign || id.System.Saw.Empty() {
			t.Errorf("%s: system %+v, want %q with its signs", name, id.System, SystemForeign)
		}
		if id.Bootloader.Value == "locked" || id.VerifiedBoot.Value == "green" || id.RootSign.Value == NoRootSeen || id.OEMUnlock.Value == "0" {
			t.Errorf("%s: bootloader %+v, verified boot %+v, root %+v, OEM unlock %+v: want none that is in order", name, id.Bootloader, id.VerifiedBoot, id.RootSign, id.OEMUnlock)
		}
		if _, known, why := id.RegionFlashed(); known || why.Empty() {
			t.Errorf("%s: the region of its system is known", name)
		}
	}
}

// One answer that is missing, or that says what the maker's own system would,
// does not make one of them the maker's.
func TestForeignSystemWithOneAnswerChanged(t *testing.T) {
	t.Parallel()
	good := []string{
		"user", "release-keys", "green", "locked", "1", "0", "Xiaomi", "pangu-build-component-system-475877-vq7cc-bg49r-wg7p4", "builder",
		"Redmi/sunny_global/sunny:12/SKQ1.210908.001/V14.0.9.0.SKGMIXM:user/release-keys", "V14.0.9.0.SKGMIXM", "sunny", "sunny_global",
	}
	for name, p := range propertiesOf(t, "foreign") {
		values := slices.Concat(good, slices.Collect(maps.Values(p)))
		for key := range p {
			less := maps.Clone(p)
			delete(less, key)
			for _, value := range append([]string{""}, values...) {
				if value != "" {
					less[key] = value
				}
				if f := originOf(less); f.Value == SystemOwn {
					t.Errorf("%s with %s=%q is taken for its maker's own", name, key, value)
				}
			}
		}
	}
}

// What each row of the table sees, on a build that has nothing else.
func TestSystemSigns(t *testing.T) {
	t.Parallel()
	own := propertiesOf(t, "getprop")["miui14_a12_sunny_global_qcom_locked"]
	print := func(old, changed string) map[string]string {
		return map[string]string{printName: strings.Replace(own[printName], old, changed, 1)}
	}
	for _, tt := range []struct {
		name    string
		changed map[string]string // "-" removes
		want    string            // "" is not known
	}{
		{"nothing", nil, SystemOwn},
		{"a fingerprint of another model", print("/sunny:", "/polaris:"), SystemForeign},
		{"a fingerprint of another build ID", print("SKQ1.210908.001", "OPR1.170623.032"), SystemForeign},
		{"a fingerprint of another build", print("V14.0.9.0", "V9.5.19.0"), SystemForeign},
		{"a fingerprint of another type", print(":user/", ":userdebug/"), SystemForeign},
		{"a fingerprint with test keys", print("release-keys", "test-keys"), SystemForeign},
		{"test keys", map[string]string{"ro.build.tags": "test-keys"}, SystemForeign},
		{"a build for tests", map[string]string{"ro.build.type": "userdebug"}, SystemForeign},
		{"a foreign host", map[string]string{"ro.build.host": "xiaomi.eu"}, SystemForeign},
		{"a foreign suffix", map[string]string{"ro.product.mod_device": "sunny_xiaomieu_global"}, SystemForeign},
		{"an odd suffix", map[string]string{"ro.product.mod_device": "sunny_somebodys_global"}, ""},
		{"suffixes of the maker's", map[string]string{"ro.product.mod_device": "sunny_lm_cr_global"}, SystemOwn},
		{"a suffix of one letter", map[string]string{"ro.product.mod_device": "rosemary_p_global"}, SystemOwn},
		{"a version of a modification", map[string]string{"ro.modversion": "5"}, SystemForeign},
		{"keys of another system", map[string]string{"org.pixelexperience.device": "sunny"}, SystemForeign},
		{"keys of LineageOS", map[string]string{"ro.lineage.device": "sunny"}, SystemForeign},
		{"a product of AOSP's", map[string]string{"ro.build.flavor": "aosp_sunny-user"}, SystemForeign},
		{"a product name of AOSP's", map[string]string{"ro.product.name": "aosp_sunny"}, SystemForeign},
		{"a model of AOSP's form", map[string]string{"ro.product.model": "aosp_sunny"}, SystemOwn},
		{"a suffix without its line", map[string]string{"ro.product.mod_device": "sunnyglobal_somebodys"}, ""},
		{"a host without a name", map[string]string{"ro.build.host": "12373ea7e467"}, ""},
		{"another maker's handset", map[string]string{"ro.product.manufacturer": "nubia"}, SystemForeign},
		{"keys somebody set", map[string]string{"ro.boot.verifiedbootstate": "yellow"}, SystemForeign},
		{"lock properties that disagree", map[string]string{"ro.boot.flash.locked": "0"}, ""},
		{"a lock property missing", map[string]string{"ro.boot.vbmeta.device_state": "-"}, ""},
		{"a vendor partition of another build", map[string]string{"ro.vendor.build.version.incremental": "V12.0.1.0.RKGMIXM"}, ""},
		{"no fingerprint", map[string]string{printName: "-"}, ""},
		{"an empty fingerprint", map[string]string{printName: ""}, ""},
		{"half a fingerprint", map[string]string{printName: "Redmi/sunny_global/sunny:12"}, ""},
		{"no build", map[string]string{buildName: "-"}, ""},
		{"no maker", map[string]string{"ro.product.manufacturer": "-"}, ""},
	} {
		p := maps.Clone(own)
		maps.Copy(p, tt.changed)
		for key, value := range tt.changed {
			if value == "-" {
				delete(p, key)
			}
		}
		f := originOf(p)
		if f.Value != tt.want || (f.Value == "") == f.Unknown.Empty() {
			t.Errorf("%s: %+v, want %q", tt.name, f, tt.want)
		}
	}
	for i, sign := range systemSigns {
		if sign.seen == "" {
			t.Errorf("row %d does not say where it was seen", i)
		}
	}
}

// Other systems that are made to look like the maker's for this very model: no
// answer of theirs makes bootloader, root or system pass, and neither does one
// answer more that is missing or faked.
func TestSystemsMadeToLookLikeTheMakers(t *testing.T) {
	t.Parallel()
	own := propertiesOf(t, "getprop")["miui14_a12_sunny_global_qcom_locked"]
	const android14 = "Redmi/sunny_global/sunny:14/AP2A.240905.003/1725548012:user/release-keys"
	for _, tt := range []struct {
		name    string
		changed map[string]string // "-" removes
		foreign bool
	}{
		{"LineageOS with the fingerprint of the last build", map[string]string{
			uiName: "-", buildName: "eng.buildbot.20240905", "ro.build.id": "AP2A.240905.003", "ro.build.type": "userdebug", "ro.build.display.id": "lineage_sunny-userdebug 14 AP2A.240905.003",
			"ro.lineage.version": "21.0-20240905-NIGHTLY-sunny", "ro.lineage.build.version": "21.0",
		}, true},
		{"crDroid, built as user", map[string]string{
			uiName: "-", buildName: "1725548012", "ro.build.id": "AP2A.240905.003", "ro.crdroid.build.version": "10.9", "ro.modversion": "crDroidAndroid-14.0-20240905-sunny-v10.9", "ro.build.host": "crdroid",
		}, true},
		{"PixelExperience, built as user", map[string]string{
			uiName: "-", buildName: "1679718073", "ro.build.id": "TQ2A.230305.008.C1", "org.pixelexperience.device": "sunny", "ro.build.host": "12373ea7e467", "ro.build.flavor": "aosp_sunny-user",
		}, true},
		{"Evolution X, built as user", map[string]string{
			uiName: "-", buildName: "1725548012", "ro.build.id": "AP2A.240905.003", "org.evolution.version": "9.2", "org.evolution.device": "sunny", "ro.product.name": "evolution_sunny",
		}, true},
		{"a general system image, whose fingerprint is made of the vendor's names", map[string]string{
			uiName: "-", buildName: "12225744", "ro.build.id": "AP2A.240805.005", printName: "Redmi/sunny_global/sunny:14/AP2A.240805.005/12225744:user/release-keys",
			"ro.build.flavor": "gsi_arm64-user", "ro.system.build.fingerprint": "google/gsi_arm64/generic_arm64:14/AP2A.240805.005/12225744:user/release-keys", "ro.vendor.build.version.incremental": "V14.0.9.0.SKGMIXM",
		}, true},
		{"a system without a name, whose own fingerprint agrees", map[string]string{
			uiName: "-", buildName: "1725548012", "ro.build.id": "AP2A.240905.003", printName: android14, "ro.vendor.build.version.incremental": "1725548012",
		}, false},
		{"xiaomi.eu, of a weekly build", map[string]string{
			buildName: "21.11.17", "ro.build.host": "xiaomi.eu", "ro.product.mod_device": "sunny_xiaomieu_global",
		}, true},
		{"a HyperOS on a OnePlus 8, with the maker's name faked", map[string]string{
			"ro.product.vendor.brand": "OnePlus", "ro.vendor.build.fingerprint": "OnePlus/OnePlus8/OnePlus8:12/SKQ1.210908.001/V14.0.9.0.SKGMIXM:user/release-keys",
		}, false},
		{"a MIUI on a nubia, with the maker's name faked", map[string]string{
			printName: "nubia/sunny/sunny:12/SKQ1.210908.001/V14.0.9.0.SKGMIXM:user/release-keys", "ro.product.brand": "nubia",
		}, true},
	} {
		p := maps.Clone(own)
		maps.Copy(p, tt.changed)
		for key, value := range tt.changed {
			if value == "-" {
				delete(p, key)
			}
		}
		if f := originOf(p); f.Value == SystemOwn || (f.Value == SystemForeign) != tt.foreign {
			t.Errorf("%s: %+v, want foreign %v", tt.name, f, tt.foreign)
		}
		for key := range p {
			for _, value := range []string{"-", "", own[key]} {
				one := maps.Clone(p)
				one[key] = value
				if value == "-" {
					delete(one, key)
				}
				id, err := Identify(t.Context(), clean.with(answers{"getprop": printed(one)}))
				if err != nil || id.System.Value == SystemOwn || id.Bootloader.Value == "locked" || id.RootSign.Value == NoRootSeen {
					t.Errorf("%s with %s=%q: system %+v, bootloader %+v, root %+v, %v: want none that passes", tt.name, key, value, id.System, id.Bootloader, id.RootSign, err)
				}
			}
		}
	}
}

// A developer's build of the maker's own, and its plain Android, count and name
// themselves otherwise, and are its own.
func TestOtherBuildsOfTheMakers(t *testing.T) {
	t.Parallel()
	own := propertiesOf(t, "getprop")["miui14_a12_sunny_global_qcom_locked"]
	for name, build := range map[string]struct {
		count   string
		changed map[string]string // "" removes
	}{
		"a developer's build": {"21.11.17", map[string]string{uiName: "V125"}},
		"plain Android": {"V12.0.23.0.RFQMIXM", map[string]string{
			uiName: "", printName: "Xiaomi/laurel_sprout/laurel_sprout:12/SKQ1.210908.001/V12.0.23.0.RFQMIXM:user/release-keys",
			"ro.product.device": "laurel_sprout", "ro.product.mod_device": "laurel_sprout",
		}},
	} {
		p := dump.Properties{}
		for key, value := range own {
			p[key] = strings.ReplaceAll(value, own[buildName], build.count)
		}
		maps.Copy(p, build.changed)
		maps.DeleteFunc(p, func(_, value string) bool { return value == "" })
		if f := originOf(p); f.Value != SystemOwn {
			t.Errorf("%s: %+v, want %q", name, f, SystemOwn)
		}
	}
}

// A maker whose builds were never compared is not accused by a comparison, only
// by another system's name; it is not known either.
func TestSystemOfAnotherMaker(t *testing.T) {
	t.Parallel()
	own := dump.Properties{
		"ro.product.manufacturer": "meizu", "ro.product.device": "meizu21", "ro.build.id": "AQ3A.241229.001", "ro.build.type": "user",
		"ro.build.version.incremental": "1", "ro.build.version.sdk": "35", printName: "meizu/meizu_21_CN/meizu21:15/AQ3A.241229.001/1:user/release-keys",
	}
	with := func(key, value string) dump.Properties {
		p := maps.Clone(own)
		p[key] = value
		return p
	}
	for _, tt := range []struct {
		name string
		p    dump.Properties
		want string
	}{
		{"agrees", own, SystemOwn},
		{"another build ID, as its own systems have", with("ro.build.id", "AQ3A.250129.001"), ""},
		{"a version it gives itself, as its own systems do", with("ro.modversion", "6.7.4.2"), ""},
		{"LineageOS", with("ro.lineage.version", "23"), SystemForeign},
	} {
		if f := originOf(tt.p); f.Value != tt.want {
			t.Errorf("%s: %+v, want %q", tt.name, f, tt.want)
		}
	}
}

// Root that hides itself on the maker's own system answers as that system does.
// It cannot be seen, and the check says so.
func TestHiddenChangesAreNotSeen(t *testing.T) {
	t.Parallel()
	id, err := Identify(t.Context(), answers{"getprop": stdout(capture(t, "getprop/miui14_a12_sunny_global_qcom_locked.txt")), FindSU.Line: {Exit: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if id.System.Value != SystemOwn {
		t.Errorf("system %+v", id.System)
	}
}

// TestSameBuild: from HyperOS 4 on the partitions have their own names. Each is of the
// same version and, but for the shared system, of the same model and region.
func TestSameBuild(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		own, part string
		want      bool
	}{
		{"OS4.0.5.0.XPZCNXM", "OS4.0.5.0.XPZCNXM", true},
		{"OS4.0.5.0.XPZCNXM", "17OS4.0.260913.205532236.QCPDCN.S", true}, // yupei
		{"OS4.0.5.0.XPZCNXM", "OS4.0.5.0.XPZCN", true},
		{"OS4.0.19.0.XEOCNXM", "OS4.0.17.1.XEOCN", true},                   // madrid
		{"OS4.0.0.26.XPCCNXM", "OS4.0.0.25.XPCCN", true},                   // pudding
		{"OS4.0.15.0.XEOCNXM", "V816.0.4.0.TGACNXM", false},                // a port to thyme, its odm
		{"OS4.0.15.0.XEOCNXM", "OS4.0.0.8.XOCCNXM", false},                 // another model
		{"OS4.0.15.0.XEOCNXM", "OS4.0.15.0.XEOMIXM", false},                // another region
		{"OS4.1.15.0.XEOCNXM", "OS4.0.15.0.XEOCN", false},                  // another version
		{"OS4.0.15.0.XEOCNXM", "17OS4.0.260925.QCPECN", false},             // not the form
		{"OS3.0.303.0.WOZMIXM", "16OS3.1.260625.171925424.QCPDGL.S", true}, // uke
		{"OS3.0.303.0.WOZMIXM", "17OS4.0.260913.205532236.QCPDCN.S", false},
		{"OS3.0.16.0.WPBCNXM", "OS3.0.15.0.WPBCN", false}, // up to HyperOS 3 they are one
		{"V14.0.9.0.SKGMIXM", "V14.0.8.0.SKGMIXM", false},
	} {
		if got := sameBuild(tt.own, tt.part); got != tt.want {
			t.Errorf("%s and %s: %t, want %t", tt.own, tt.part, got, tt.want)
		}
	}
}

// TestSystemOfSharedPartition: from HyperOS 3 on another build ID alone leaves it open
// whose system it is, and does not make it another maker's.
func TestSystemOfSharedPartition(t *testing.T) {
	t.Parallel()
	own := propertiesOf(t, "getprop")["hyperos3_a16_creek_eea_locked"]
	for id, want := range map[string]string{"TKQ1.250214.001": SystemOwn, "BP2A.250605.031.A3": ""} {
		p := maps.Clone(own)
		p["ro.build.id"] = id
		if f := originOf(p); f.Value != want {
			t.Errorf("build ID %s: %+v, want %q", id, f, want)
		}
	}
}
