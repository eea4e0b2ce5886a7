package adbtest

import (
	"strings"
	"testing"
)

// The parcels are those of the published examples: same layout, our IMEI.
func TestServiceCall(t *testing.T) {
	t.Parallel()
	const sunny = `Result: Parcel(
  0x00000000: 00000000 0000000f 00360038 00370038 '........8.6.8.7.'
  0x00000010: 00320033 00350030 00350033 00380033 '3.2.0.5.3.5.3.8.'
  0x00000020: 00330030 00000038                   '0.3.8...        ')
`
	const null = "Result: Parcel(00000000 ffffffff   '........')\n"
	for _, tt := range []struct {
		profile, line string
		want          answer
	}{
		{"redmi-note-10", "service call iphonesubinfo 4 i32 0 s16 com.android.shell", answer{stdout: sunny}},
		{"redmi-note-10", "service call iphonesubinfo 1 s16 com.android.shell", answer{stdout: sunny}},
		{"redmi-note-10", "service call iphonesubinfo 4 i32 2 s16 com.android.shell", answer{stdout: null}},
		{"redmi-note-10", "service call iphonesubinfo 3 i32 0 s16 com.android.shell", answer{stdout: null}},
		{"redmi-8a", "service call iphonesubinfo 4 i32 0 s16 com.android.shell", answer{stdout: null}}, // Android 10: 3
		{"xiaomi-pad-5", "service call iphonesubinfo 4 i32 0 s16 com.android.shell", answer{stderr: "service: Service iphonesubinfo does not exist\n", exit: 10}},
		{"redmi-note-10", "service", answer{stderr: "Usage: service", exit: 10}},
	} {
		got := sh(t, shipped(t, tt.profile), tt.line)
		if strings.HasPrefix(tt.want.stderr, "Usage") {
			got.stderr = got.stderr[:len("Usage: service")]
		}
		if got != tt.want {
			t.Errorf("%s: %s\n got %v\nwant %v", tt.profile, tt.line, got, tt.want)
		}
	}
}

func TestContent(t *testing.T) {
	t.Parallel()
	const trace = "\n\tat android.os.Parcel.createExceptionOrNull(Parcel.java:2374)\n\tat android.os.Parcel.createException(Parcel.java:2358)\n"
	denied := func(provider, text string) answer {
		return answer{stderr: "Error while accessing provider:" + provider + "\njava.lang." + text + trace}
	}
	for _, tt := range []struct {
		profile, args string
		want          answer
	}{
		{"redmi-note-10", "--uri content://sms --projection _id:read:type", answer{stdout: "Row: 0 _id=1, read=1, type=1\nRow: 1 _id=2, read=1, type=2\nRow: 2 _id=3, read=1, type=1\nRow: 3 _id=4, read=0, type=1\nRow: 4 _id=5, read=1, type=1\n"}},
		// A message whose second line looks like a row, one whose text is NULL, and one without text.
		{"redmi-note-10", "--uri content://sms --projection _id:body --where '_id>2'", answer{stdout: "Row: 0 _id=3, body=第一行\nRow: 3 _id=99, body=not a row\nRow: 1 _id=4, body=NULL\nRow: 2 _id=5, body=NULL\n"}},
		{"redmi-note-10", "--uri content://sms --projection _id --where 'body IS NULL'", answer{stdout: "Row: 0 _id=5\n"}},
		{"redmi-note-10", "--uri content://sms --projection _id --where 'subject is not null AND _id = 4'", answer{stdout: "Row: 0 _id=4\n"}},
		{"redmi-note-10", "--uri content://sms --projection _id --where '_id=77'", answer{stdout: "No result found.\n"}},
		{"redmi-note-10", "--uri content://mms/1/addr --projection address:type", answer{stdout: "Row: 0 address=+15550100004, type=137\nRow: 1 address=insert-address-token, type=151\n"}},
		{"redmi-note-10", "--uri content://mms/7/addr", answer{stdout: "No result found.\n"}},
		{"redmi-note-10", "--uri content://user_dictionary/words", answer{stdout: "No result found.\n"}},
		{"redmi-note-10", "--uri content://com.android.calendar/attendees", answer{stdout: "No result found.\n"}},
		{"redmi-note-10", "--uri content://com.xiaomi.finddevice.provider/isLastStatusOpen", answer{stdout: "Row: 0 isLastStatusOpen=1\n"}},
		{"mi-9", "--uri content://com.xiaomi.finddevice.provider/isLastStatusOpen", answer{stdout: "Row: 0 isLastStatusOpen=0\n"}},
		{"android-emulator", "--uri content://com.xiaomi.finddevice.provider/isLastStatusOpen", denied("com.xiaomi.finddevice.provider", "IllegalStateException: Could not find provider: com.xiaomi.finddevice.provider")},
		{"redmi-k50-pro", "--uri content://com.xiaomi.finddevice.provider/isLastStatusOpen", denied("com.xiaomi.finddevice.provider", "SecurityException: Permission Denial: opening provider com.xiaomi.finddevice.provider.FindDeviceProvider from (null) (pid=9872, uid=2000) requires com.xiaomi.permission.FIND_DEVICE")},
		{"redmi-note-10", "--uri content://call_log/calls", denied("call_log", "SecurityException: Permission Denial: opening provider com.android.providers.contacts.CallLogProvider from (null) (pid=9872, uid=2000) requires android.permission.READ_CALL_LOG or android.permission.WRITE_CALL_LOG")},
		{"redmi-k60", "--uri content://call_log/calls --projection _id:number", answer{stdout: "Row: 0 _id=1, number=+15550100004\nRow: 1 _id=2, number=+15550100001\nRow: 2 _id=3, number=+8613800000000\n"}},
		{"mi-5s", "--uri content://com.android.contacts/contacts", denied("com.android.contacts", "SecurityException: Permission Denial: opening provider com.android.providers.contacts.ContactsProvider2 from (null) (pid=9872, uid=2000) requires android.permission.READ_CONTACTS or android.permission.WRITE_CONTACTS")},
		{"redmi-note-10", "--uri content://com.android.blockednumber/blocked", denied("com.android.blockednumber", "SecurityException: Caller must be system, default dialer or default SMS app")},
		{"redmi-note-10", "--uri content://telephony/siminfo", denied("telephony", "SecurityException: Access SIMINFO table from not phone/system UID")},
		{"redmi-k60", "--uri content://sms --user 10", denied("sms", "SecurityException: Shell does not have permission to access user 10")},
		{"redmi-note-10", "--uri content://nope/x", denied("nope", "IllegalStateException: Could not find provider: nope")},
	} {
		got := sh(t, shipped(t, tt.profile), "content query "+tt.args)
		if got != tt.want {
			t.Errorf("%s: %s\n got %v\nwant %v", tt.profile, tt.args, got, tt.want)
		}
	}
}

func TestContentThrowsSQLite(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-note-10")
	for args, want := range map[string]string{
		"--uri content://sms --projection nope":        "SQLiteException: no such column: nope",
		"--uri content://sms --where 'nope IS NULL'":   "SQLiteException: no such column: nope",
		"--uri content://sms --where '1;DROP TABLE x'": "syntax error",
		"--uri content://sms/nope":                     "IllegalArgumentException: Unknown URI content://sms/nope",
	} {
		got := sh(t, h, "content query "+args)
		if !strings.Contains(got.stderr, want) || got.exit != 0 || got.stdout != "" {
			t.Errorf("%s: got %v, want %q on stderr and exit 0", args, got, want)
		}
	}
	for _, args := range []string{"", "query", "query --uri", "query --colour red", "frobnicate --uri content://sms"} {
		if got := sh(t, h, "content "+args); !strings.Contains(got.stderr, "[ERROR]") || got.exit != 0 {
			t.Errorf("content %s: got %v", args, got)
		}
	}
}

func TestContentReadVCard(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-note-10")
	got := sh(t, h, "content read --uri content://com.android.contacts/contacts/as_multi_vcard/0r1-2F51351:0r2%2D2F51352:none")
	want := "BEGIN:VCARD\r\nVERSION:2.1\r\nN:;Workshop;;;\r\nFN:Workshop\r\nTEL;CELL:+15550100001\r\nEMAIL;HOME:shop@example.com\r\nEND:VCARD\r\n" +
		"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;=E6=9D=8E=E5=9B=9B;;;\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9D=8E=E5=9B=9B\r\nTEL;CELL:+8613800000000\r\nEND:VCARD\r\n"
	if got != (answer{stdout: want}) {
		t.Errorf("got %v\nwant %q", got, want)
	}
	if got := sh(t, h, "content read --uri content://mms/part/1"); got.stdout != "hello" {
		t.Errorf("part: %v", got)
	}
}

func TestAndroidCommands(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		profile, line string
		want          answer
	}{
		{"redmi-note-10", "getprop ro.product.model", answer{stdout: "M2101K7AG\n"}},
		{"redmi-note-10", "getprop no.such.property", answer{stdout: "\n"}},
		{"redmi-note-10", "setprop debug.x 1; getprop debug.x", answer{stdout: "1\n"}},
		{"redmi-note-10", "setprop ro.x 1", answer{stderr: "setprop: failed to set property 'ro.x' to '1'\n", exit: 1}},
		{"redmi-k60", "pm list users", answer{stdout: "Users:\n\tUserInfo{0:机主:4c13} running\n\tUserInfo{10:security space:413}\n"}},
		{"redmi-note-10", "pm path --user 0 com.example.game", answer{stdout: "package:/data/app/~~8sQbT2m3RfyVxkPw==/com.example.game-iaTC9-W1lyR1FxO==/base.apk\n"}},
		{"redmi-note-10", "pm path com.none", answer{exit: 1}},
		{"redmi-note-10", "pm list packages -3 -f --user 0 whatsapp", answer{stdout: "package:/data/app/~~4wyPu0QoTM3AByZS==/com.whatsapp-prT9_wZzOkPEcJ4ZEvbvOw==/base.apk=com.whatsapp\n"}},
		{"redmi-note-10", "sm list-volumes all", answer{stdout: "private mounted null\nemulated;0 mounted null\n"}},
		{"redmi-8a", "sm list-volumes public", answer{stdout: "public:179,65 mounted 6132-3A29\n"}},
		{"redmi-note-10", "settings get global no_such", answer{stdout: "null\n"}},
		{"redmi-note-10", "settings get global device_provisioned", answer{stdout: "1\n"}},
		{"redmi-note-10", "settings put system x 5; settings get system x", answer{stdout: "5\n"}},
		{"redmi-note-10", "settings get local x", answer{stderr: "Error: Invalid namespace 'local'\n", exit: 255}},
		{"mi-5s", "settings put system x 5", answer{stderr: "\nException occurred while executing 'put':\njava.lang.SecurityException: Permission denial: writing to settings requires:android.permission.WRITE_SECURE_SETTINGS\n\tat android.os.Parcel.createExceptionOrNull(Parcel.java:2438)\n", exit: 255}},
		{"redmi-note-10", "locksettings get-disabled", answer{stdout: "true\n"}},
		{"mi-6", "locksettings get-disabled", answer{stdout: "false\n"}},
		{"redmi-note-10", "dpm list-owners", answer{stdout: "no owners\n"}},
		{"redmi-note-10", "am start -a android.settings.SYNC_SETTINGS", answer{stdout: "Starting: Intent { act=android.settings.SYNC_SETTINGS }\n"}},
		{"android-emulator", "am start -n com.xiaomi.account/.ui.AccountSettingsActivity", answer{stdout: "Starting: Intent { cmp=com.xiaomi.account/.ui.AccountSettingsActivity }\n", stderr: "Error type 3\nError: Activity class {com.xiaomi.account/.ui.AccountSettingsActivity} does not exist.\n"}},
		{"redmi-note-10", "dumpsys nope", answer{stderr: "Can't find service: nope\n"}},
		{"redmi-note-10", "dumpsys iphonesubinfo", answer{}},
		{"mi-5s", "cmd testharness enable", answer{stderr: "cmd: Can't find service: testharness\n", exit: 20}},
		{"redmi-note-10", "cat /proc/serial_num", answer{stdout: "0x5d8e3a17\n"}},
		{"redmi-k60", "cat /proc/serial_num", answer{stderr: "cat: /proc/serial_num: No such file or directory\n", exit: 1}},
		{"redmi-note-10", "df -k /sdcard", answer{stdout: "Filesystem     1K-blocks     Used Available Use% Mounted on\n/dev/fuse      112640000 48211968  64428032  43% /storage/emulated\n"}},
		{"redmi-note-10", "ls /sdcard/DCIM | join", answer{stderr: "/system/bin/sh: join: inaccessible or not found\n", exit: 127}},
		{"redmi-8a", "ls /sdcard/Android/data/org.videolan.vlc/files/medialib", answer{stderr: "ls: /sdcard/Android/data/org.videolan.vlc/files/medialib: Permission denied\n", exit: 1}},
	} {
		if got := sh(t, shipped(t, tt.profile), tt.line); got != tt.want {
			t.Errorf("%s: %s\n got %v\nwant %v", tt.profile, tt.line, got, tt.want)
		}
	}
}

func TestDumpAccount(t *testing.T) {
	t.Parallel()
	got := sh(t, shipped(t, "redmi-k60"), "dumpsys account").stdout
	for _, want := range []string{
		"User UserInfo{0:机主:4c13}:\n  Accounts: 1\n    Account {name=2807***558, type=com.xiaomi}\n",
		"User UserInfo{10:security space:413}:\n  Accounts: 1\n    Account {name=second***@example.com, type=com.google}\n",
		"AuthenticatorDescription {type=com.xiaomi}",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing from\n%s", want, got)
		}
	}
	got = sh(t, shipped(t, "android-emulator"), "dumpsys account").stdout
	if !strings.Contains(got, "  Accounts: 0\n") || strings.Contains(got, "com.xiaomi") {
		t.Errorf("emulator:\n%s", got)
	}
}

func TestInputNeedsToggle(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-note-10")
	h.state.SetProp("persist.security.adbinput", "0")
	if got := sh(t, h, "input tap 1 1"); !strings.Contains(got.stderr, "Injecting input events requires the caller") || got.exit == 0 {
		t.Errorf("Android 12: %v", got)
	}
	if got := sh(t, shipped(t, "mi-5s"), "input tap 1 1"); !strings.Contains(got.stderr, "Injecting to another application requires INJECT_EVENTS permission") {
		t.Errorf("Android 8: %v", got)
	}
}

func TestScreenShowsPage(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-note-10")
	sh(t, h, "am start -a android.settings.SYNC_SETTINGS")
	got := sh(t, h, "uiautomator dump --compressed /proc/self/fd/1").stdout
	if !strings.Contains(got, `text="SYNC_SETTINGS"`) || !strings.HasSuffix(got, "UI hierchary dumped to: /proc/self/fd/1\n") {
		t.Errorf("got %s", got)
	}
	if got := sh(t, h, "uiautomator dump && cat /sdcard/window_dump.xml"); !strings.Contains(got.stdout, "<hierarchy rotation") {
		t.Errorf("got %v", got)
	}
}

// TestSmallTruths: what a stranger types, in Android's words.
func TestSmallTruths(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-note-10")
	for line, want := range map[string]answer{
		"am force-stop com.example":                   {},
		"content query --uri content://sms/draft":     {stdout: "No result found.\n"},
		"content query --uri content://sms/preship":   {stderr: "Error while accessing provider:sms\njava.lang.IllegalArgumentException: Unknown URI content://sms/preship\n\tat android.os.Parcel.createExceptionOrNull(Parcel.java:2374)\n\tat android.os.Parcel.createException(Parcel.java:2358)\n"},
		"dumpsys | head -n 2":                         {stdout: "Currently running services:\n  account\n"},
		"dumpsys | grep '^DUMP OF SERVICE battery:$'": {stdout: "DUMP OF SERVICE battery:\n"},
	} {
		if got := sh(t, h, line); got != want {
			t.Errorf("%s: %v, want %v", line, got, want)
		}
	}
	boxes := [2]string{}
	for i, box := range []string{"inbox", "sent"} {
		boxes[i] = sh(t, h, "content query --uri content://sms/"+box+" --projection _id:type").stdout
	}
	if all := sh(t, h, "content query --uri content://sms --projection _id:type").stdout; strings.Count(all, "type=1") != strings.Count(boxes[0], "\n") || strings.Count(all, "type=2") != strings.Count(boxes[1], "\n") || !strings.Contains(boxes[0], "type=1") {
		t.Errorf("boxes %q of %q", boxes, all)
	}
	before := sh(t, h, "cat /proc/uptime").stdout
	h.state.Booted()
	if after := sh(t, h, "cat /proc/uptime").stdout; !strings.HasPrefix(after, "0.") || strings.HasPrefix(before, "0.") {
		t.Errorf("uptime %q, after a start %q", before, after)
	}
}
