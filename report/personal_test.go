package report

import (
	"path/filepath"
	"strings"
	"testing"

	"preship/report/message"
)

func TestMaskNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"14 files in 3 folders", "14 files in 3 folders"},
		{"nothing is in /sdcard/", "nothing is in /sdcard/"},
		{"/sdcard/Music is a file", "/sdcard/***"},
		{"/storage/emulated/0/DCIM/Trip with Real, one (2)/IMG 1.JPG", "/storage/emulated/0/DCIM/***.JPG"},
		{
			"not saved: /storage/emulated/0/DCIM/Real/a.jpg (open failed: Permission denied), /storage/emulated/0/DCIM/Real/b.jpg (open failed: Permission denied), and 2 more",
			"not saved: /storage/emulated/0/DCIM/***.jpg",
		},
		{"/sdcard/Real.txt, /sdcard/letter.Anna", "/sdcard/***.txt, /sdcard/***"},
		{"/storage/4A21-0C0D/Music/x.mp3 is odd", "/storage/***/Music/***"},
		{"/storage/4A21-0C0D (cannot be listed: find: Permission denied)", "/storage/*** (cannot be listed: find: Permission denied)"},
		{"/storage/57f8f4bc-abf4-655f-bf67-946fc0f9f25b/Music/Real.mp3", "/storage/***/Music/***.mp3"},
		{"/mnt/media_rw/1A2B3C4D5E6F7A8B/Real.mp3", "/mnt/media_rw/***/***.mp3"},
		{"/mnt/media_rw/57F8-F4BC/Music/Real.mp3, /mnt/extra/Real.mp3", "/mnt/media_rw/***/Music/***.mp3, /mnt/extra/***.mp3"},
		{"/mnt/extra (cannot be listed: find: Permission denied)", "/mnt/extra (cannot be listed: find: Permission denied)"},
		{"/storage/self/primary/Real.mp3", "/storage/self/primary/***.mp3"},
		{"/storage/emulated/999 (cannot be listed), /storage/emulated: closed", "/storage/emulated/999 (cannot be listed), /storage/emulated: closed"},
		{"find: '/sdcard/Download/Real's papers': Permission denied", "find: '/sdcard/Download/***"},
	} {
		if got := maskNames(maskVolumes(tt.text)); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
	}
}

// Only the apps that lock a handset or open it are named.
func TestMaskApps(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"2 apps of the owner: com.whatsapp, org.clinic.Mine", "2 apps of the owner: ***, ***"},
		{"not saved: apps: 1 of 3 (de.real.banking)", "not saved: apps: 1 of 3 (***)"},
		{"com.xiaomi 1, com.google 1, com.miui.home", "com.xiaomi 1, com.google 1, com.miui.home"},
		{"java.lang.SecurityException: com.android.providers.contacts", "java.lang.SecurityException: com.android.providers.contacts"},
		{"backup.apps is fail; ro.boot.flash.locked=1; V14.0.9.0.SKGMIXM", "backup.apps is fail; ro.boot.flash.locked=1; V14.0.9.0.SKGMIXM"},
		{"account.xiaomi.com, i.mi.com, id.mi.com", "account.xiaomi.com, i.mi.com, id.mi.com"},
		{"--despite=backup.apps, backup/items/missing.jsonl, base.apk", "--despite=backup.apps, backup/items/missing.jsonl, base.apk"},
	} {
		if got := maskApps(tt.text); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
	}
	r := Report{Steps: []StepRecord{{Findings: Findings{
		{ID: "lock.owner.none", Observed: "com.lender.agent"}, {ID: "backup.unsaveable", Observed: "com.lender.agent"},
	}}}}
	r.dropPersonal(func(s string) string { return s })
	if lock, saved := r.Steps[0].Findings[0].Observed, r.Steps[0].Findings[1].Observed; lock != "com.lender.agent" || saved != "***" {
		t.Errorf("a lock's app is %q, one that is saved %q", lock, saved)
	}
}

func TestMaskAddresses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"192.168.1.20:37099: closed", "(wireless): closed"},
		{"127.0.0.1:5037: closed", "127.0.0.1:5037: closed"},
		{"[fe80::1%wlan0]:5555: closed", "(wireless): closed"},
		{"adb-c9a0a2a6-QXjCrW._adb-tls-connect._tcp: closed", "(wireless): closed"},
		{"MIUI 14.0.9.0, Android 12", "MIUI 14.0.9.0, Android 12"},
	} {
		if got := maskAddresses(tt.text); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
	}
	for serial, want := range map[string]string{
		"7f3c21a9": "7f3c21a9", "emulator-5554": "emulator-5554", "127.0.0.1:5555": "127.0.0.1:5555",
		"192.168.1.20:37099": wireless, "reals-phone.lan:5555": wireless, "adb-c9a0a2a6-QXjCrW._adb-tls-connect._tcp.": wireless,
	} {
		if got := serialOutside(serial); got != want {
			t.Errorf("serial %q: got %q, want %q", serial, got, want)
		}
	}
}

// The folder of a case is masked also if it was named from the working folder, and a
// serial only if it is an address.
func TestOutside(t *testing.T) {
	t.Parallel()
	abs, err := filepath.Abs("cases")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ dir, serial, text string }{
		{"cases", "7f3c21a9", "7f3c21a9: cannot open " + filepath.Join(abs, "case.json")},
		{"cases", "phone.example:5555", "phone.example:5555: closed, see " + abs},
	} {
		got := Outside(tt.dir, tt.serial)(tt.text)
		if strings.Contains(got, abs) || strings.Contains(got, tt.serial) == (serialOutside(tt.serial) == wireless) {
			t.Errorf("%q becomes %q", tt.text, got)
		}
	}
}

// Personal data that is removed from the text is removed from the arguments too.
func TestMessagesAreImpersonal(t *testing.T) {
	t.Parallel()
	var f Finding
	f.Tell(message.Join(message.Semicolon, message.English("mail@example.com"), message.AsIs("other@example.com")))
	f.drop(func(s string) string { return impersonal(s, "/home/name") })
	if text := string(mustMarshal(t, f)); strings.Contains(text, "example") || f.Message == nil {
		t.Error(text)
	}
	f.Summary = "another text of mail@example.com"
	if f.drop(func(s string) string { return impersonal(s, "/home/name") }); f.Message != nil || strings.Contains(f.Summary, "example") {
		t.Errorf("a message that does not make the text is kept: %+v", f)
	}
}
