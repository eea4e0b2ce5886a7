package verify

import (
	"encoding/json"
	"strings"
	"testing"

	"preship/adb/handset"
	"preship/adb/handset/locks"
	"preship/report"
	"preship/report/check"
)

// talkative is a handset that answers everything identify asks for.
func talkative() answers {
	m := fresh.but(map[string]string{
		lineProps: propsText + `[persist.security.adbinput]: [1]
[ro.ril.oem.meid]: [A0000012345678]
[ro.ril.oem.sno]: [0X123456789ABC]
[ro.product.marketname]: [Redmi Note 10]
[ro.build.version.security_patch]: [2023-05-01]
[ro.miui.region]: [PF]
[ro.debuggable]: [0]
[ro.secure]: [1]
`,
		handset.DumpBattery.Line: "Current Battery Service state:\n  level: 85\n  scale: 100\n  temperature: 285\n  health: 2\n",
		"df -k /data":            "Filesystem 1K-blocks Used Available Use% Mounted on\n/dev/block/dm-5 1000 300 700 30% /data\n",
		lineUsers:                "Users:\n\tUserInfo{0:Owner:4c13} running\n\tUserInfo{10:null:1030}\n",
		handset.EUICC.Line:       "0\n",
		handset.ListVolumes.Line: "private mounted null\nemulated;0 mounted null\n",
		"cat /proc/serial_num":   "0x1a2b3c4d\n",
	})
	m["which su"] = handset.Answer{Exit: 1}
	for _, app := range []string{"com.topjohnwu.magisk", "me.weishu.kernelsu", "me.bmax.apatch"} {
		m[handset.PackagePath.Must(app).String()] = handset.Answer{Exit: 1}
	}
	return m
}

// object is what scripts read of the talkative handset, written by hand.
const object = `{
	"serial": "c9a0a2a6", "kind": "device",
	"imei": [
		{"slot": 1, "value": "868732053538038", "luhn": true, "source": "ro.ril.miui.imei0"},
		{"slot": 2, "value": "868732053538046", "luhn": true, "source": "ro.ril.miui.imei1"}
	],
	"meid": "A0000012345678",
	"sn": {"value": "32007/20FQ77584", "source": "ro.ril.oem.psno"},
	"board_sn": "0X123456789ABC", "manufacturer": "Xiaomi", "model": "M2101K7AG", "market_name": "Redmi Note 10", "codename": "sunny",
	"os": {"name": "MIUI", "version": "V14.0.9.0.SKGMIXM"},
	"android": {"release": "12", "sdk": 31, "security_patch": "2023-05-01"},
	"fingerprint": "Redmi/sunny_global/sunny:12/SKQ1.210908.001/V14.0.9.0.SKGMIXM:user/release-keys",
	"region": "PF", "hwc": "GLOBAL", "bootloader": "locked", "verified_boot": "green", "encryption": "file",
	"battery": {"level": 85, "health": "good", "temperature_c": 28.5},
	"storage": {"used": 307200, "free": 716800},
	"sims": [{"slot": 1, "state": "ABSENT"}, {"slot": 2, "state": "ABSENT"}],
	"users": [
		{"id": 0, "name": "Owner", "kind": "owner", "running": true},
		{"id": 10, "name": null, "kind": "work profile", "running": false}
	],
	"findings": null
}`

func TestIdentityWhole(t *testing.T) {
	t.Parallel()
	h, fs := identityOf(t, talkative(), Claims{})
	got, err := json.MarshalIndent(h, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	var want report.Handset
	dec := json.NewDecoder(strings.NewReader(object))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&want); err != nil {
		t.Fatal(err)
	}
	if wanted, _ := json.MarshalIndent(want, "", "\t"); string(got) != string(wanted) {
		t.Errorf("got %s\nwant %s", got, wanted)
	}
	for _, f := range fs {
		if f.Status != report.StatusPass {
			t.Errorf("%s is %q (%s; %s), want pass", f.ID, f.Status, f.Summary, f.Observed)
		}
	}
	f, _ := report.Findings(fs).ByID("identity.imei")
	if want := "slot 1: ro.ril.miui.imei0; slot 2: ro.ril.miui.imei1"; f.Observed != want {
		t.Errorf("identity.imei observed %q, want %q", f.Observed, want)
	}
}

// A handset that names nothing but its maker: the object has no value, no empty
// list claims "no items", and each gap has a finding.
func TestIdentityOfAlmostNothing(t *testing.T) {
	t.Parallel()
	h, fs := identityOf(t, answers{}.but(map[string]string{lineProps: "[ro.product.manufacturer]: [Xiaomi]\n[a]: [b]\n"}), Claims{})
	if h.IMEI != nil || h.SIMs != nil || h.Users != nil || h.SN != nil || h.Storage.Used != nil || h.Battery.Level != nil || h.Serial != "" {
		t.Errorf("got %+v, want nothing known", h)
	}
	for _, id := range []string{
		"identity.serial", "identity.imei", "identity.battery", "identity.storage", "identity.sims", "identity.users",
		"identity.sn", "identity.root", "identity.android.sdk", locks.System,
	} {
		f, ok := report.Findings(fs).ByID(id)
		c, _ := check.ByID(id)
		if !ok || f.Status != report.StatusUnknown || f.Observed == "" || (f.Remedy == "") != (c.Remedy == "") {
			t.Errorf("%s: %+v, want unknown with a reason, and a remedy where there is one", id, f)
		}
	}
	// Papers cannot be compared with a number that the handset does not report.
	_, fs = identityOf(t, answers{}.but(map[string]string{lineProps: "[ro.product.manufacturer]: [Xiaomi]\n[a]: [b]\n"}), Claims{SN: "32007/20FQ77584"})
	if status := statusOf(t, fs, "identity.sn.box"); status != report.StatusUnknown {
		t.Errorf("identity.sn.box is %q, want unknown", status)
	}
}

// An emulated handset says so, whatever else it says.
func TestIdentityOfAnEmulatedHandset(t *testing.T) {
	t.Parallel()
	h, fs := identityOf(t, talkative().but(map[string]string{lineProps: propsText + "[ro.preship.emulated]: [1]\n"}), Claims{})
	if h.Kind != report.KindEmulator || statusOf(t, fs, "identity.kind") != report.StatusWarn {
		t.Errorf("kind %q, %s %q; want %q and a warning", h.Kind, "identity.kind", statusOf(t, fs, "identity.kind"), report.KindEmulator)
	}
}
