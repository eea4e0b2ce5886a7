package handset

import (
	"context"
	"strings"
	"testing"

	"preship/adb/handset/dump"
)

// list renders properties as getprop prints them, from "key=value" pairs.
func list(pairs string) string {
	var b strings.Builder
	for _, pair := range strings.Fields(pairs) {
		key, value, _ := strings.Cut(pair, "=")
		b.WriteString("[" + key + "]: [" + strings.ReplaceAll(value, "~", " ") + "]\n")
	}
	return b.String()
}

func identified(t *testing.T, pairs string) Identity {
	t.Helper()
	id, err := Identify(t.Context(), answers{"getprop": stdout(list("ro.product.manufacturer=Xiaomi ro.build.version.release=13 " + pairs))})
	if err != nil {
		t.Fatal(err)
	}
	explained(t, id)
	return id
}

// The forms are those of the 42 captures; "" must be unknown.
func TestSystem(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, props, os, version, title string }{
		{"MIUI 9", "ro.miui.ui.version.name=V9 ro.build.version.incremental=V9.2.4.0.NCACNEK", "MIUI", "V9.2.4.0.NCACNEK", "MIUI 9"},
		{"MIUI 12.5", "ro.miui.ui.version.name=V125 ro.build.version.incremental=V12.5.6.0.RFACNXM", "MIUI", "V12.5.6.0.RFACNXM", "MIUI 12.5"},
		{"MIUI 14", "ro.miui.ui.version.name=V140 ro.build.version.incremental=V14.0.7.0.TKUMIXM", "MIUI", "V14.0.7.0.TKUMIXM", "MIUI 14"},
		{"developer build", "ro.miui.ui.version.name=V125 ro.build.version.incremental=21.11.17", "MIUI", "21.11.17", "MIUI 12.5"},
		{"plain Android with a build of MIUI's form", "ro.build.version.incremental=V11.0.28.0.QDIMIXM", "", "", ""},
		{"HyperOS 1", "ro.miui.ui.version.name=V816 ro.mi.os.version.name=OS1.0 ro.mi.os.version.incremental=OS1.0.6.0.TKHCNXM ro.build.version.incremental=V816.0.6.0.TKHCNXM", "HyperOS", "OS1.0.6.0.TKHCNXM", "HyperOS 1.0"},
		{"HyperOS 3", "ro.miui.ui.version.name=V816 ro.mi.os.version.name=OS3.0 ro.mi.os.version.incremental=OS3.0.16.0.WPBCNXM ro.build.version.incremental=OS3.0.16.0.WPBCNXM", "HyperOS", "OS3.0.16.0.WPBCNXM", "HyperOS 3.0"},
		{"HyperOS by its build only", "ro.miui.ui.version.name=V816 ro.build.version.incremental=OS2.0.214.0.VOBCNXM", "HyperOS", "OS2.0.214.0.VOBCNXM", "HyperOS 2.0"},
		{"HyperOS without a build", "ro.mi.os.version.name=OS1.0 ro.build.version.incremental=V816.0.6.0.TKHCNXM", "HyperOS", "", "HyperOS"},
		{"V816 names nothing", "ro.miui.ui.version.name=V816 ro.build.version.incremental=V816.0.6.0.TKHCNXM", "", "", ""},
		{"series against build", "ro.mi.os.version.name=OS2.0 ro.mi.os.version.incremental=OS3.0.16.0.WPBCNXM", "HyperOS", "", "HyperOS"},
		{"two builds", "ro.mi.os.version.name=OS2.0 ro.mi.os.version.incremental=OS2.0.1.0.VOBCNXM ro.build.version.incremental=OS2.0.2.0.VOBCNXM", "HyperOS", "", "HyperOS"},
		{"HyperOS against MIUI", "ro.mi.os.version.name=OS2.0 ro.miui.ui.version.name=V140", "", "", ""},
		{"MIUI against its build", "ro.miui.ui.version.name=V140 ro.build.version.incremental=V12.5.6.0.RFACNXM", "MIUI", "", "MIUI"},
		{"no known name", "ro.mi.os.version.name=Foo", "", "", ""},
		{"MIUI without its build", "ro.miui.ui.version.name=V140", "MIUI", "", "MIUI 14"},
		{"HyperOS by its build alone", "ro.build.version.incremental=OS2.0.207.0.VMNCNXM", "HyperOS", "OS2.0.207.0.VMNCNXM", "HyperOS 2.0"},
		{"HyperOS of another series", "ro.mi.os.version.name=OS1.0 ro.mi.os.version.incremental=OS2.0.6.0.TKHCNXM", "HyperOS", "", "HyperOS"},
		{"HyperOS of another step", "ro.mi.os.version.name=OS1.0 ro.mi.os.version.incremental=OS1.1.6.0.TKHCNXM", "HyperOS", "", "HyperOS"},
		{"HyperOS whose build is MIUI's", "ro.mi.os.version.name=OS1.0 ro.build.version.incremental=V14.0.7.0.TKUMIXM", "HyperOS", "", "HyperOS"},
		{"not there", "", "", "", ""},
	}
	for _, tt := range tests {
		id := identified(t, tt.props)
		if id.OS.Name.Value != tt.os || id.OS.Version.Value != tt.version || id.OS.Title != tt.title {
			t.Errorf("%s: %q %q (%s) %q, want %q %q %q", tt.name, id.OS.Name.Value, id.OS.Version.Value, id.OS.Version.Unknown, id.OS.Title, tt.os, tt.version, tt.title)
		}
	}
}

func TestBootloader(t *testing.T) {
	t.Parallel()
	const flash, state, boot, vbmeta = "ro.boot.flash.locked=", " ro.secureboot.lockstate=", " ro.boot.verifiedbootstate=", " ro.boot.vbmeta.device_state="
	for props, want := range map[string]string{
		flash + "1" + state + "locked" + boot + "green" + vbmeta + "locked":      "", // but it is not known whose system this is
		flash + "0" + state + "unlocked" + boot + "orange" + vbmeta + "unlocked": "unlocked",
		flash + "0" + state + "unlocked" + boot + "orange":                       "unlocked", // older ones lack vbmeta
		flash + "1" + boot + "yellow":                                            "",         // locked, to keys that are not the maker's
		flash + "0" + state + "locked" + boot + "green" + vbmeta + "locked":      "",
		flash + "1" + state + "locked" + boot + "orange":                         "",
		flash + "1" + state + "locked" + boot + "red":                            "",
		flash + "2" + state + "locked":                                           "",
		flash + "1":                                                              "",
		flash + "0":                                                              "", // one vote
		"":                                                                       "",
		flash + "1" + state + "locked" + boot + "green" + vbmeta + "~unlocked~":   "",
		flash + "maybe" + state + "perhaps" + boot + "purple" + vbmeta + "broken": "",
	} {
		if got := identified(t, props).Bootloader; got.Value != want {
			t.Errorf("%s: bootloader %q (%s), want %q", props, got.Value, got.Unknown, want)
		}
	}
}

func TestEncryption(t *testing.T) {
	t.Parallel()
	for props, want := range map[string]string{
		"ro.crypto.state=encrypted ro.crypto.type=file":   "file",
		"ro.crypto.state=encrypted ro.crypto.type=block":  "block",
		"ro.crypto.state=unencrypted":                     "none",
		"ro.crypto.state=encrypted":                       "",
		"ro.crypto.state=unencrypted ro.crypto.type=file": "",
		"ro.crypto.state=unsupported":                     "",
		"ro.crypto.type=file":                             "",
	} {
		if got := identified(t, props).Encryption; got.Value != want {
			t.Errorf("%s: encryption %q (%s), want %q", props, got.Value, got.Unknown, want)
		}
	}
}

// Numbers: a value of another form, or two sources that differ, is unknown.
func TestNumbers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, props string
		fact        func(Identity) Fact
		want        string
	}{
		{"retail", "ro.ril.oem.psno=32007/20FQ77584", func(id Identity) Fact { return id.SN }, "32007/20FQ77584"},
		{"retail with letters", "ro.ril.oem.psno=L3ASC/20FQ77584", func(id Identity) Fact { return id.SN }, "L3ASC/20FQ77584"},
		{"retail elsewhere", "ro.ril.oem.psno= ro.vendor.ril.oem.psno=32007/20FQ77584", func(id Identity) Fact { return id.SN }, "32007/20FQ77584"},
		{"retail unknown to the handset", "ro.ril.oem.psno=unknow", func(id Identity) Fact { return id.SN }, ""},
		{"retail cut off", "ro.ril.oem.psno=32007/20FQ7", func(id Identity) Fact { return id.SN }, ""},
		{"retail never written", "ro.ril.oem.psno=00000/000000000", func(id Identity) Fact { return id.SN }, ""},
		{"retail contradiction", "ro.ril.oem.psno=32007/20FQ77584 ro.vendor.oem.psno=32007/20FQ77585", func(id Identity) Fact { return id.SN }, ""},
		{"MEID", "ro.ril.oem.meid=99002029644327 persist.radio.meid=99002029644327", func(id Identity) Fact { return id.MEID }, "99002029644327"},
		{"MEID in hexadecimal", "ro.ril.oem.meid=A0000012345678", func(id Identity) Fact { return id.MEID }, "A0000012345678"},
		{"IMEI in the MEID's place", "ro.ril.oem.meid=868732053538038", func(id Identity) Fact { return id.MEID }, ""},
		{"MEID contradiction", "ro.ril.oem.meid=99002029644327 persist.radio.meid=99002029644328", func(id Identity) Fact { return id.MEID }, ""},
		{"serial", "ro.serialno=c9a0a2a6 ro.boot.serialno=c9a0a2a6", func(id Identity) Fact { return id.Serial }, "c9a0a2a6"},
		{"serial whose leading zero was lost", "ro.serialno=9a0a2a6 ro.boot.serialno=09a0a2a6", func(id Identity) Fact { return id.Serial }, "9a0a2a6"},
		{"serials that differ", "ro.serialno=c9a0a2a6 ro.boot.serialno=c9a0a2a7", func(id Identity) Fact { return id.Serial }, ""},
		{"serial with an escape sequence", "ro.serialno=\x1b[2Jc9a0", func(id Identity) Fact { return id.Serial }, ""},
		{"model too long", "ro.product.model=" + strings.Repeat("x", 300), func(id Identity) Fact { return id.Model }, ""},
		{"managed by an organisation", "ro.organization_owned=true", func(id Identity) Fact { return id.Managed }, "true"},
		{"managed by an owner app", "ro.organization_owned=false ro.device_owner=true", func(id Identity) Fact { return id.Managed }, "true"},
		{"managed by nobody", "ro.organization_owned=false ro.device_owner=false", func(id Identity) Fact { return id.Managed }, "false"},
		{"managed, untold", "", func(id Identity) Fact { return id.Managed }, ""},
		{"input switch on", "persist.security.adbinput=1", func(id Identity) Fact { return id.AdbInput }, "on"},
		{"input switch off", "persist.security.adbinput=0", func(id Identity) Fact { return id.AdbInput }, "off"},
		{"input switch absent", "", func(id Identity) Fact { return id.AdbInput }, ""},
		{"test keys", "ro.build.tags=test-keys", func(id Identity) Fact { return id.RootSign }, "built with test keys"},
		{"market name empty, another there", "ro.product.marketname= ro.product.odm.marketname=Redmi~K60", func(id Identity) Fact { return id.MarketName }, "Redmi K60"},
		{"market name is the codename", "ro.product.device=sunny ro.product.marketname=sunny ro.product.odm.marketname=", func(id Identity) Fact { return id.MarketName }, ""},
		{"market name is the codename in capitals", "ro.product.device=sunny ro.product.marketname=SUNNY ro.product.odm.marketname=Redmi~Note~10", func(id Identity) Fact { return id.MarketName }, "Redmi Note 10"},
		{"market name is the recovery's name", "ro.product.marketname=mojito_global ro.product.mod_device=mojito_global", func(id Identity) Fact { return id.MarketName }, ""},
		{"model is the codename", "ro.product.device=sunny ro.product.model=sunny ro.product.cert=M1805E10A", func(id Identity) Fact { return id.MarketName }, ""},
		{"model is another code", "ro.product.model=M2101K7AG ro.boot.cert=M2101K7AI", func(id Identity) Fact { return id.MarketName }, ""},
		{"model is the name", "ro.product.model=POCOPHONE~F1 ro.product.cert=M1805E10A", func(id Identity) Fact { return id.MarketName }, "POCOPHONE F1"},
		{"name without a code", "ro.product.model=POCOPHONE~F1", func(id Identity) Fact { return id.MarketName }, ""},
		{"code without a model", "ro.product.device=a ro.product.vendor.device=b ro.product.mod_device=c ro.product.cert=M1805E10A", func(id Identity) Fact { return id.MarketName }, ""},
		{"model is the code", "ro.product.model=M2101K7AG ro.product.cert=M2101K7AG", func(id Identity) Fact { return id.MarketName }, ""},
	}
	for _, tt := range tests {
		if got := tt.fact(identified(t, tt.props)); got.Value != tt.want {
			t.Errorf("%s: %q (%s), want %q", tt.name, got.Value, got.Unknown, tt.want)
		}
	}
}

// A handset without signs of root is one on which they were looked for.
func TestRootSigns(t *testing.T) {
	t.Parallel()
	none := Answer{Exit: 1}
	clean := clean.with(answers{FindSU.Line: none})
	for _, app := range RootApps {
		clean[PackagePath.Must(app).String()] = none
	}
	magisk := PackagePath.Must("com.topjohnwu.magisk").String()
	for _, tt := range []struct {
		name string
		says answers
		want string
	}{
		{"none", nil, NoRootSeen},
		{"su", answers{FindSU.Line: stdout("/system/bin/su\n")}, "su at /system/bin/su"},
		{"a manager", answers{FindSU.Line: none, magisk: stdout("package:/data/app/x/base.apk\n")}, "the app com.topjohnwu.magisk"},
		{"which is missing", answers{FindSU.Line: {Stderr: []byte("inaccessible or not found"), Exit: 127}}, ""},
		{"which says more", answers{FindSU.Line: {Stderr: []byte("Permission denied"), Exit: 1}}, ""},
		{"a manager cannot be asked for", answers{magisk: {Stderr: []byte("cmd: Can't find service: package"), Exit: 20}}, ""},
		{"a manager is answered with nothing", answers{magisk: {}}, ""},
		{"a manager, on a handset that tells no exit status", answers{magisk: {Exit: -1}}, ""},
		{"says nothing", answers{FindSU.Line: {}}, ""},
		{"cannot tell its exit status", answers{FindSU.Line: {Exit: -1}}, ""},
	} {
		id, err := Identify(t.Context(), clean.with(tt.says))
		if err != nil {
			t.Fatal(err)
		}
		if id.RootSign.Value != tt.want || (tt.want == "") == id.RootSign.Unknown.Empty() {
			t.Errorf("%s: %+v, want %q", tt.name, id.RootSign, tt.want)
		}
	}
	for _, app := range RootApps {
		id, err := Identify(t.Context(), silentFor{clean, PackagePath.Must(app).String()})
		if err != nil || id.RootSign.Known() {
			t.Errorf("%s cannot be asked for: %+v, %v, want unknown", app, id.RootSign, err)
		}
	}
	for _, own := range ownAnswers {
		for _, other := range []string{"-", "", "null", "2", "dev-keys"} {
			line := "[" + own.property + "]: [" + other + "]\n"
			if other == "-" {
				line = ""
			}
			changed := strings.Replace(string(clean["getprop"].Stdout), "["+own.property+"]: ["+own.value+"]\n", line, 1)
			id, err := Identify(t.Context(), clean.with(answers{"getprop": stdout(changed)}))
			if err != nil || id.RootSign.Value == NoRootSeen {
				t.Errorf("%s=%s: %+v, %v, want no pass", own.property, other, id.RootSign, err)
			}
		}
	}
}

// silentFor does not answer one line.
type silentFor struct {
	answers
	line string
}

func (s silentFor) Ask(ctx context.Context, line Line) (Answer, error) {
	if line.String() == s.line {
		return Answer{}, context.DeadlineExceeded
	}
	return s.answers.Ask(ctx, line)
}

// What Identify asks beside getprop.
func TestIdentifyAsksTheRest(t *testing.T) {
	t.Parallel()
	r := clean.with(answers{
		ListUsers.Line: stdout(usersDump), ListVolumes.Line: stdout(volumesDump), EUICC.Line: stdout("1\n"),
		ProcSerial.Line: stdout("0xa7e9b043\n"), FindSU.Line: stdout("/system/xbin/su\n"),
		DiskFree.Must("/data").text: {}, DiskFree.Must("/sdcard").text: stdout(dfDump),
	})
	id, err := Identify(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if len(id.Battery.Items) != 1 || id.Battery.Items[0].Level != 85 || id.Battery.Ref != "evidence/battery.txt" {
		t.Errorf("battery %+v", id.Battery)
	}
	if len(id.Disk.Items) != 1 || id.Disk.Items[0].Total == 0 {
		t.Errorf("disk %+v, want the answer for /sdcard", id.Disk)
	}
	if len(id.Users.Items) != 5 || id.Users.Items[1].Kind != dump.UserSecondSpace || len(id.Volumes.Items) != 3 || len(id.SIMs.Items) != 2 {
		t.Errorf("users %+v, volumes %+v, SIMs %+v", id.Users, id.Volumes, id.SIMs)
	}
	if id.CPUID.Value != "0xa7e9b043" || id.ESIM.Value != "used" || id.RootSign.Value != "su at /system/xbin/su" {
		t.Errorf("CPU %+v, eSIM %+v, root %+v", id.CPUID, id.ESIM, id.RootSign)
	}
}
