package mask

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report/printable"
)

// Every row says what of its answer may leave the computer: a new one is not
// sealed as it comes because somebody forgot it.
func TestEveryRowHasAMask(t *testing.T) {
	t.Parallel()
	for _, c := range handset.Commands {
		if rows[c] == nil {
			t.Errorf("%s: it has no mask: add it to rows", c.Name)
		}
	}
	if got := Answer((&handset.Command{Line: "new"}).Must(), []byte("anything\n")); bytes.Contains(got, []byte("anything")) {
		t.Errorf("a row without a mask keeps %q", got)
	}
}

const accountsInClear = `User UserInfo{0:Somebody Real:4c13}:
  Accounts: 2
    Account {name=somebody.real@example.com, type=com.google}
    Account {name=6230***535, type=com.xiaomi}

  AccountId, Action_Type, timestamp, UID, TableName, Key
  Accounts History
  -1,action_called_account_add,2025-06-21 14:06:57,10339,accounts,57

  Account visibility:
  somebody.real@example.com
    com.android.vending, 1
`

func TestAccounts(t *testing.T) {
	t.Parallel()
	got := string(Answer(handset.DumpAccounts.Must(), []byte(accountsInClear)))
	for _, private := range []string{"Somebody", "somebody.real"} {
		if strings.Contains(got, private) {
			t.Errorf("%q is still in the masked answer:\n%s", private, got)
		}
	}
	for _, kept := range []string{"User UserInfo{0:***:4c13}:\n", "  Accounts: 2\n", "type=com.google}\n", "{name=6230***535, type=com.xiaomi}\n", "6 more lines"} {
		if !strings.Contains(got, kept) {
			t.Errorf("%q is not in the masked answer:\n%s", kept, got)
		}
	}
	users, err := dump.ParseAccounts([]byte(got))
	if err != nil || len(users) != 1 || len(users[0].Accounts) != 2 {
		t.Errorf("the masked answer no longer says what locks the handset: %v, %v", users, err)
	}
}

// Personal parts of an answer are masked, and the parts that the report rests on stay.
func TestMask(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name         string
		line         handset.Line
		answer, want string
	}{
		{"user", handset.ListUsers.Must(), "Users:\n\tUserInfo{0:Somebody: Real}:4c13} running\n", "Users:\n\tUserInfo{0:***:4c13} running\n"},
		{"user of two lines", handset.ListUsers.Must(), "Users:\n\tUserInfo{0:Somebody\nReal:4c13} running\n", "Users:\n(2 more lines are not kept: they can hold what is personal)\n"},
		{
			"restrictions", handset.DumpUser.Must(),
			"Users:\n  UserInfo{0:Real:c13} serialNo=0 isPrimary=true\n    Account name: real@example.com\n    Effective restrictions:\n      no_factory_reset\n",
			"Users:\n  UserInfo{0:***:c13} serialNo=0 isPrimary=true\n    Effective restrictions:\n      no_factory_reset\n(1 more lines are not kept: they can hold what is personal)\n",
		},
		{
			"policy", handset.DumpPolicy.Must(),
			"Current Device Policy Manager state:\n  Device Owner: \n    admin=ComponentInfo{com.example.mdm/.Admin}\n    name=Real Ltd\n  Enabled Device Admins (User 0, provisioningState: 3):\n",
			"Current Device Policy Manager state:\n  Device Owner: \n    admin=ComponentInfo{com.example.mdm/.Admin}\n  Enabled Device Admins (User 0, provisioningState: 3):\n(1 more lines are not kept: they can hold what is personal)\n",
		},
		{"SD card", handset.ListVolumes.Must(), "private mounted null\npublic:179,1 mounted 4A21-0C0D\n", "private mounted null\npublic:179,1 mounted ***\n"},
		{"Android ID", handset.AndroidID.Must(), "6adb5f3f0c3d7d21\n", "6a***21\n"},
		{"no Android ID", handset.AndroidID.Must(), "null\n", "null\n"},
		{"features", handset.ListFeatures.Must(), "feature:reqGlEsVersion=0x30002\nfeature:android.hardware.wifi\nfeature:com.bank.real=3\nReal\n", "feature:reqGlEsVersion=0x30002\nfeature:android.hardware.wifi\n(2 more lines are not kept: they can hold what is personal)\n"},
		{"session", handset.FindDeviceSession.Must(), "Row: 0 lastSessionUserId=6230123535\n", "Row: 0 lastSessionUserId=***\n"},
		{"no session", handset.FindDeviceSession.Must(), "Row: 0 lastSessionUserId=\n", "Row: 0 lastSessionUserId=\n"},
		{"Find Device", handset.FindDevice.Must(), "Row: 0 isLastStatusOpen=1\n", "Row: 0 isLastStatusOpen=1\n"},
		{"rows", handset.RowIDs.Must("content://sms"), "Row: 0 _id=7\nRow: 1 _id=8, body=hello\n", "Row: 0 _id=7\n(1 more lines are not kept: they can hold what is personal)\n"},
		{"apps", handset.ThirdPartyApps.Must(), "package:/data/app/com.dating-1/base.apk=com.dating\n", "package:***=***\n"},
		{"path of an app", handset.PackagePath.Must("com.dating"), "package:/data/app/~~x==/com.dating-y==/base.apk\n", "package:/data/***\n"},
		{"path of the system's", handset.PackagePath.Must("com.android.settings"), "package:/system/priv-app/Settings/Settings.apk\n", "package:/system/***\n"},
		{"names", handset.FindFiles.Must("/sdcard/"), "/sdcard/\x00/sdcard/DCIM/Trip with Real/IMG 1.jpg\x00/sdcard/Real\x00/other\x00", "/sdcard/\x00/sdcard/DCIM/***/***.jpg\x00/sdcard/***\x00(1 more lines are not kept: they can hold what is personal)\n"},
		{"names cut off", handset.FindFiles.Must("/sdcard/"), "/sdcard/\x00/sdcard/Real", "(1 more lines are not kept: they can hold what is personal)\n"},
		{"one property", handset.GetProperty.Must("ro.build.version.sdk"), "31\n", "31\n"},
		{"reason for the start", handset.GetProperty.Must("sys.boot.reason"), "reboot,factory_reset\n", "reboot,factory_reset\n"},
		{"one personal property", handset.GetProperty.Must("gsm.operator.alpha"), "Realnet\n", "***\n"},
		{"recovery", handset.RecoverySN.Must(), "0x5d8e3a17", "0x5d8e3a17\n"},
		{"a row of the owner's data", handset.WiFiNetworks.Must(), "1 Real's net open\n", "(1 more lines are not kept: they can hold what is personal)\n"},
		{"exception among the answer", handset.RowIDs.Must("content://sms"), "Error while accessing provider:sms\njava.lang.SecurityException: Permission Denial: reading com.android.X uri content://sms from pid=1, uid=2000\n\tat android.os.Parcel.read(Parcel.java:10)\n", "(1 more lines are not kept: they can hold what is personal)\n"},
		{"nothing", handset.RowIDs.Must("content://sms"), "", ""},
	} {
		got := string(Answer(tt.line, []byte(tt.answer)))
		if tt.name == "exception among the answer" {
			if !strings.HasPrefix(got, "Error while accessing provider:sms\njava.lang.SecurityException: ") {
				t.Errorf("%s: got %q", tt.name, got)
			}
			continue
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestMaskErrors(t *testing.T) {
	t.Parallel()
	got := string(dump.Complaints([]byte("find: '/sdcard/Trip with Real': Permission denied\njava.lang.IllegalStateException: Real is not allowed\nReal says hello\n")))
	want := "find: ***: Permission denied\njava.lang.IllegalStateException: ***\n(1 more lines are not kept: they can hold what is personal)\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMaskedLine(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		line handset.Line
		want string
	}{
		{handset.PackageTimes.Must("com.dating"), "dumpsys package '***'"},
		{handset.PackagePath.Must("com.android.settings"), "pm path --user 0 com.android.settings"},
		{handset.PackagePath.Must("com.topjohnwu.magisk"), "pm path --user 0 com.topjohnwu.magisk"},
		{handset.GetProp.Must(), "getprop"},
	} {
		got := Line(tt.line)
		if row, ok := handset.Match(got); got != tt.want || !ok || row != tt.line.Command() {
			t.Errorf("got %q, want %q, of the same row", got, tt.want)
		}
	}
}

const propertiesInClear = `[gsm.operator.alpha]: [Realnet]
[gsm.sim.imsi.214011234567890]: [x]
[gsm.sim.state]: [LOADED,ABSENT]
[persist.sys.device_name]: [Real's
phone]
[persist.vendor.brandnew]: [+34600123456]
[persist.vendor.flag]: [1]
[ro.boot.serialno]: [c9a0a2a6]
[ro.build.host]: [builder-1]
[ro.build.version.incremental]: [V14.0.9.0.SKGMIXM]
[ro.product.model]: [real@example.com]
[ro.ril.miui.imei0]: [868732053538038]
[ro.vendor.build.fingerprint]: [Redmi/sunny_global/sunny:12/RKQ1.210614.002/V14.0.9.0.SKGMIXM:user/release-keys]
Real stands outside
[wifi.ssid]: [Real's net
`

func TestMaskKey(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"ro.com.google.gmsversion": "ro.com.google.gmsversion", "persist.sys.com.miui.home": "persist.sys.com.miui.home",
		"init.svc.media": "init.svc.media", "net.hostname": "net.hostname", "debug.atrace.app.com.clinic.mine": dump.Masked, "wrap.org.real": dump.Masked, "org.pixelexperience.version": "org.pixelexperience.version", "persist.radio.8934990123": dump.Masked,
	} {
		if got := maskKey(key); got != want {
			t.Errorf("%s: got %s, want %s", key, got, want)
		}
	}
}

// A key that may hold an identifier, a reason or a build's word keeps only what has its form.
func TestMaskValue(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"ro.serialno", "ro.boot.serialno", "ro.boot.cpuid", "ro.ril.oem.meid", "ro.ril.oem.sno", "ro.ril.oem.psno", "sys.boot.reason", "persist.sys.boot.reason.history", "ro.product.model", "ro.hardware"} {
		for _, value := range []string{"Jordan's phone <3", "jordan@mail.example.org"} {
			if got := maskValue(key, value); got != dump.Masked {
				t.Errorf("%s: %q is kept as %q", key, value, got)
			}
		}
	}
	for key, want := range map[string]string{"ro.product.model": strings.Repeat("x", maxPlain), "ro.serialno": "c9a0a2a6", "ro.boot.cpuid": "0x1a2b3c4d", "sys.boot.reason": "reboot,factory_reset"} {
		if got := maskValue(key, want); got != want {
			t.Errorf("%s: %q became %q", key, want, got)
		}
	}
	if got := maskValue("ro.product.model", strings.Repeat("x", maxPlain+1)); got != dump.Masked {
		t.Errorf("a long value is kept: %q", got)
	}
}

func TestMaskProperties(t *testing.T) {
	t.Parallel()
	got := string(Answer(handset.GetProp.Must(), []byte(propertiesInClear)))
	want := `[gsm.operator.alpha]: [***]
[***]: [***]
[gsm.sim.state]: [LOADED,ABSENT]
[persist.sys.device_name]: [***]
[persist.vendor.brandnew]: [***]
[persist.vendor.flag]: [1]
[ro.boot.serialno]: [c9a0a2a6]
[ro.build.host]: [builder-1]
[ro.build.version.incremental]: [V14.0.9.0.SKGMIXM]
[ro.product.model]: [***]
[ro.ril.miui.imei0]: [868732053538038]
[ro.vendor.build.fingerprint]: [***]
(1 more lines are not kept: they can hold what is personal)
`
	// The value of the last whole record reaches to the start of the next one.
	want = strings.Replace(want, "[ro.vendor.build.fingerprint]: [***]", "[ro.vendor.build.fingerprint]: [Redmi/sunny_global/sunny:12/RKQ1.210614.002/V14.0.9.0.SKGMIXM:user/release-keys]", 1)
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if strings.Contains(got, "Real") {
		t.Error("a name is left")
	}
}

// The captures of real handsets say after masking all that the report says of them.
func TestMaskedPropertiesSayTheSame(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../testdata/getprop/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no captures", err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		before, err := dump.ParseProperties(raw)
		if err != nil {
			t.Fatal(err)
		}
		after, err := dump.ParseProperties(Answer(handset.GetProp.Must(), raw))
		if err != nil || len(after) != len(before) {
			t.Errorf("%s: %d properties after masking, %d before, %v", file, len(after), len(before), err)
		}
		for key, value := range before {
			if (identifies(key) || tellsBuild(key)) && after[key] != value {
				t.Errorf("%s: %s is %q, was %q", file, key, after[key], value)
			}
		}
	}
}

func TestScreen(t *testing.T) {
	t.Parallel()
	page := `UI hierchary dumped to: /proc/self/fd/1
<?xml version='1.0' encoding='UTF-8'?><hierarchy rotation="0"><node index="0" text="Factory reset" resource-id="a:id/title" class="android.widget.TextView" package="com.android.settings" content-desc="" enabled="true" bounds="[0,0][10,10]" /><node text="real@example.com" resource-id="" hint="Real" content-desc="Real" enabled="true" bounds="[0,10][10,20]"><node text="x"/></node></hierarchy>`
	got := Screen([]byte(page), func(text string) bool { return text == "Factory reset" })
	s, err := dump.ParseScreen(got)
	if err != nil || len(s.Items) != 3 || s.Items[0].Text != "Factory reset" || s.Items[1].Text != "***" || s.Package != "com.android.settings" {
		t.Errorf("%+v, %v, of %s", s, err, got)
	}
	if bytes.Contains(got, []byte("real@")) || bytes.Contains(got, []byte("Real")) {
		t.Errorf("a name is left in %s", got)
	}
	if got := Answer(handset.ScreenText.Must(), []byte(page)); bytes.Contains(got, []byte("Factory")) || bytes.Contains(got, []byte("eal")) {
		t.Errorf("kept %s", got)
	}
	if got := Screen([]byte("<hierarchy><node text=\"Real"), nil); bytes.Contains(got, []byte("Real")) {
		t.Errorf("kept of a page that breaks off: %s", got)
	}
}

func FuzzAccounts(f *testing.F) {
	f.Add([]byte(accountsInClear))
	f.Add([]byte("Account {name=x\ny, type=com.google}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for line := range bytes.Lines(maskAccounts(handset.Line{}, b)) {
			ok := anyCount().Match(line) || anyHeading().Match(line) || anyAccountName().Match(line) ||
				bytes.Contains(line, []byte("more lines are not kept"))
			if !ok {
				t.Fatalf("%q keeps %q, which no rule allows", b, line)
			}
		}
	})
}

// FuzzMask: whatever a handset answers, a word that is in no form of an answer
// does not get out, and no mask panics.
func FuzzMask(f *testing.F) {
	f.Add([]byte(propertiesInClear), 0)
	f.Add([]byte(accountsInClear), 6)
	for i := range handset.Commands {
		f.Add([]byte("UserInfo{0:\u4e16\u754c:4c13}\n[a]: [\u4e16\u754c]\npublic:1 mounted \u4e16\u754c\nRow: 0 _id=\u4e16\u754c\n"), i)
	}
	f.Fuzz(func(t *testing.T, b []byte, at int) {
		row := handset.Commands[uint(at)%uint(len(handset.Commands))]
		args := make([]string, len(regexp.MustCompile(`\{[a-z]+\}`).FindAllString(row.Line, -1)))
		for i, spot := range regexp.MustCompile(`\{[a-z]+\}`).FindAllString(row.Line, -1) {
			args[i] = "x"
			if only := row.Only[strings.Trim(spot, "{}")]; len(only) > 0 {
				args[i] = only[0]
			}
			if row.Form[strings.Trim(spot, "{}")] != nil {
				args[i] = "/bugreports/bugreport-1.zip" // the one form there is
			}
		}
		line := row.Must(args...)
		got := Answer(line, b)
		if slices.Contains([]*handset.Command{handset.GetProp, handset.DumpAccounts, handset.ScreenText}, row) {
			return // these keep text of known keys, types and attributes
		}
		if bytes.Contains(got, []byte("\u4e16\u754c")) {
			t.Fatalf("%s keeps %q of %q", row.Name, got, b)
		}
	})
}

// properties is a handset that answers getprop, and finds no su.
type properties []byte

func (p properties) Ask(_ context.Context, line handset.Line) (handset.Answer, error) {
	switch line.Command() {
	case handset.GetProp:
		return handset.Answer{Stdout: p}, nil
	case handset.FindSU:
		return handset.Answer{Exit: 1}, nil
	}
	return handset.Answer{}, errors.New("not asked")
}

// Who has only the sealed evidence comes to the same findings.
func TestMaskedPropertiesProveTheSame(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"getprop", "foreign"} {
		files, err := filepath.Glob(filepath.Join("..", "testdata", folder, "*.txt"))
		if err != nil || len(files) == 0 {
			t.Fatal("no captures", err)
		}
		for _, name := range files {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var found [2]handset.Identity
			for i, said := range [][]byte{raw, Answer(handset.GetProp.Must(), raw)} {
				id, err := handset.Identify(t.Context(), properties(said))
				if err != nil {
					t.Fatal(err)
				}
				found[i] = id
			}
			all := func(id handset.Identity) map[string]string {
				m := map[string]string{"IMEI": ""}
				for _, one := range id.IMEIs.Items {
					m["IMEI"] += one.Value + " "
				}
				for what, f := range map[string]handset.Fact{
					"system": id.System, "signs": {Value: id.System.Source}, "bootloader": id.Bootloader, "verified boot": id.VerifiedBoot,
					"root": id.RootSign, "OEM unlock": id.OEMUnlock, "model": id.Model, "build": id.Build, "S/N": id.SN, "serial number": id.Serial,
				} {
					m[what] = f.Value
				}
				return m
			}
			was, is := all(found[0]), all(found[1])
			for what := range was {
				if was[what] != is[what] {
					t.Errorf("%s: %s is %q of the evidence, and was %q", name, what, is[what], was[what])
				}
			}
		}
	}
}

func TestAccount(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"someone@gmail.com":            "s***e@gmail.com",
		"firstname.lastname@gmail.com": "fi***me@gmail.com",
		"+8613800000000":               "+8***00",
		"6230***535":                   "6230***535",
		"usernamea***@gmail.com":       "usernamea***@gmail.com",
		"private.person.name***":       "pr***" + "**",
		"WhatsApp":                     "Wh***pp",
		"bob":                          "***",
		"":                             "***",
		"call me @ +49 170 1234567":    "ca***67",
		"a\x1b[31mb\ncdef":             "a\uFFFD***ef",
		"机主的名字很长很长":                    "机主***很长",
		"@handle.example":              "@h***le",
	}
	for in, want := range tests {
		if got := account(in); got != want {
			t.Errorf("account(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzAccount(f *testing.F) {
	f.Add("someone@gmail.com")
	f.Add("6230***535")
	f.Add("a\x1b[31m\xff")
	f.Fuzz(func(t *testing.T, name string) {
		masked := account(name)
		if again := account(masked); again != masked {
			t.Errorf("account(%q) = %q, of that %q", name, masked, again)
		}
		if printable.Text(masked) != masked || !strings.Contains(masked, "***") {
			t.Errorf("account(%q) = %q", name, masked)
		}
	})
}
