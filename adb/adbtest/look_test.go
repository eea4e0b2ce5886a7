package adbtest

import (
	"image/png"
	"strings"
	"testing"
)

func TestContentWrite(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-k60")
	const calls = "content query --uri content://call_log/calls --projection _id:number:name --where '_id>3'"
	for _, tt := range []struct{ line, want string }{
		{"content insert --uri content://call_log/calls --bind number:s:+15550100009 --bind name:n:", ""},
		{calls, "Row: 0 _id=4, number=+15550100009, name=NULL\n"},
		{"content update --uri content://call_log/calls/4 --bind 'name:s:a: b'", ""},
		{calls, "Row: 0 _id=4, number=+15550100009, name=a: b\n"},
		{"content delete --uri content://call_log/calls --where '_id=4'", ""},
		{calls, "No result found.\n"},
		{"content insert --uri content://user_dictionary/words --bind word:s:x", ""},
		{"content insert --uri content://settings/system --bind name:s:probe --bind value:s:5; settings get system probe", "5\n"},
		{"content delete --uri content://settings/system --where \"name='probe'\"; settings get system probe", "null\n"},
		{"content gettype --uri content://call_log/calls/4", "Result: vnd.android.cursor.item/call_log.calls\n"},
	} {
		if got := sh(t, h, tt.line); got != (answer{stdout: tt.want}) {
			t.Errorf("%s\n got %v\nwant %q", tt.line, got, tt.want)
		}
	}
	if got := sh(t, shipped(t, "redmi-k60"), calls); got.stdout != "No result found.\n" {
		t.Errorf("another handset of the same profile: %v", got)
	}
}

// Only the default messaging app writes messages, and nobody else is told.
func TestContentDoesNotWriteMessages(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-note-10")
	got := sh(t, h, "content query --uri content://sms --projection _id | wc -l; content delete --uri content://sms; content insert --uri content://sms --bind body:s:x; content query --uri content://sms --projection _id | wc -l")
	if got != (answer{stdout: "5\n5\n"}) {
		t.Errorf("got %v", got)
	}
}

func TestContentWriteRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ profile, args, want string }{
		{"redmi-k60", "insert --uri content://call_log/calls", "[ERROR] Binding not specified"},
		{"redmi-k60", "insert --uri content://call_log/calls --bind x", "[ERROR] Binding not well formed: x"},
		{"redmi-k60", "insert --uri content://call_log/calls --bind _id:q:1", "[ERROR] Unsupported type: q"},
		{"redmi-k60", "insert --uri content://call_log/calls --bind nope:s:1", "SQLiteException: no such column: nope"},
		{"redmi-k60", "update --uri content://nope/x --bind a:s:1", "IllegalStateException: Could not find provider: nope"},
		{"mi-5s", "insert --uri content://com.android.contacts/raw_contacts --bind _id:i:9", "Permission Denial: opening provider com.android.providers.contacts.ContactsProvider2"},
		{"mi-5s", "insert --uri content://settings/system --bind name:s:x --bind value:s:y", "requires:android.permission.WRITE_SECURE_SETTINGS"},
	} {
		got := sh(t, shipped(t, tt.profile), "content "+tt.args)
		if !strings.Contains(got.stderr, tt.want) || got.stdout != "" || got.exit != 0 {
			t.Errorf("%s: %s\n got %v\nwant %q on stderr, exit 0", tt.profile, tt.args, got, tt.want)
		}
	}
}

// What people type to look around answers in the form they know.
func TestLookingAround(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-note-10")
	for _, tt := range []struct {
		line string
		want answer
	}{
		{"ps -A -o PID,NAME | head -n 2", answer{stdout: "   PID NAME\n     1 init\n"}},
		{"ps -p 1 -o NAME", answer{stdout: "NAME\ninit\n"}},
		{"ps -o nope", answer{stderr: "ps: bad -o 'nope'\n", exit: 1}},
		{"ps | tail -n 1 | cut -c 1-5", answer{stdout: "shell\n"}},
		{"pidof system_server nope", answer{stdout: "1480\n"}},
		{"pidof nope", answer{exit: 1}},
		{"pgrep -l zygote", answer{stdout: "612 zygote64\n"}},
		{"pgrep nope", answer{exit: 1}},
		{"top -n 1 -b -m 1 -q", answer{stdout: "  PID USER         PR  NI VIRT  RES  SHR S[%CPU] %MEM     TIME+ ARGS            \n    1 root         20   0  10G 4.0M 3.1M S  0.3   0.1   0:01.00 init\n"}},
		{"free -m | wc -l", answer{stdout: "4\n"}},
		{"mount | grep ' /data '", answer{stdout: "/dev/block/dm-37 on /data type f2fs (rw,lazytime,seclabel,nosuid,nodev,noatime)\n"}},
		{"mount -o remount,rw /", answer{stderr: "mount: '-o': Operation not permitted\n", exit: 1}},
		{"logcat -d", answer{stdout: "--------- beginning of main\n--------- beginning of system\n"}},
		{"getenforce", answer{stdout: "Enforcing\n"}},
		{"uname -a | wc -w", answer{stdout: "14\n"}},
		{"am start -W -a android.settings.SETTINGS", answer{stdout: "Starting: Intent { act=android.settings.SETTINGS }\nStatus: ok\nLaunchState: COLD\nActivity: com.android.settings/.Settings\nTotalTime: 412\nWaitTime: 415\nComplete\n"}},
		{"am force-stop com.android.settings", answer{}},
		{"monkey -p com.whatsapp 1 | head -n 1", answer{stdout: "Events injected: 1\n"}},
		{"monkey -p com.none 1", answer{stdout: "** No activities found to run, monkey aborted.\n", exit: 252}},
		{"env A=b printenv A; printenv ANDROID_ROOT nope", answer{stdout: "b\n/system\n", exit: 1}},
		{"dumpsys -l | grep -c account", answer{stdout: "1\n"}},
		{"service list | head -n 1 | cut -c 1-5", answer{stdout: "Found\n"}},
		{"printf 'typed\\n' | { read x; echo \"[$x]\"; }", answer{stdout: "[typed]\n"}},
	} {
		if got := sh(t, h, tt.line); got != tt.want {
			t.Errorf("%s\n got %v\nwant %v", tt.line, got, tt.want)
		}
	}
}

func TestScreencap(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-note-10")
	before := sh(t, h, "screencap -p")
	img, err := png.Decode(strings.NewReader(before.stdout))
	if err != nil || img.Bounds().Dx() == 0 || before.exit != 0 {
		t.Fatalf("exit %d, %v", before.exit, err)
	}
	got := sh(t, h, "am start -a android.settings.SETTINGS >/dev/null; screencap -p /sdcard/s.png; cat /sdcard/s.png")
	if _, err := png.Decode(strings.NewReader(got.stdout)); err != nil || got.stdout == before.stdout {
		t.Errorf("another page: %v, the same picture: %t", err, got.stdout == before.stdout)
	}
	if got := sh(t, h, "screencap /system/s.png"); got.exit != 1 || !strings.Contains(got.stderr, "Permission denied") {
		t.Errorf("got %v", got)
	}
}
