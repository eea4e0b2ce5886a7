package adbtest

import (
	"strings"
	"testing"
)

func TestFactoryReset(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-8a")
	var events []event
	defer h.subscribe(func(ev event) { events = append(events, ev) })()
	before := map[string]string{}
	for _, line := range []string{"getprop ro.serialno", "getprop ro.ril.miui.imei0", "cat /proc/serial_num", "ls /storage/6132-3A29/DCIM/Camera"} {
		before[line] = sh(t, h, line).stdout
	}
	id := sh(t, h, "settings get secure android_id").stdout
	if n := h.removeAccounts(""); n != 1 || h.findDevice() != "off" {
		t.Errorf("%d accounts removed, Find Device %s", n, h.findDevice())
	}
	sh(t, h, "echo x > /data/local/tmp/left")

	h.factoryReset()

	if h.debugging() || h.setUpDone() {
		t.Errorf("debugging %t, set up %t right after a reset", h.debugging(), h.setUpDone())
	}
	if len(events) == 0 || events[len(events)-1].kind != eventReset {
		t.Errorf("events %v, want a reset last", events)
	}
	for line, want := range before {
		if got := sh(t, h, line).stdout; got != want || want == "" {
			t.Errorf("%s: %q, want what it was: %q", line, got, want)
		}
	}
	for line, want := range map[string]string{
		"getprop persist.sys.timezone":           "\n",
		"settings get global device_provisioned": "0\n",
		"settings get global boot_count":         "0\n",
		"find /sdcard/ -type f":                  "",
		"find /data/local/tmp/ -type f":          "",
		"ls /sdcard":                             "Alarms\nAndroid\nDCIM\nDocuments\nDownload\nMovies\nMusic\nNotifications\nPictures\nPodcasts\nRingtones\n",
		"pm list packages -3":                    "",
		"content query --uri content://sms":      "No result found.\n",
		"content query --uri content://com.xiaomi.finddevice.provider/isLastStatusOpen": "Row: 0 isLastStatusOpen=0\n",
		"pm list users": "Users:\n\tUserInfo{0:Owner:13} running\n",
	} {
		if got := sh(t, h, line).stdout; got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
	if got := sh(t, h, "dumpsys account").stdout; !strings.Contains(got, "  Accounts: 0\n") {
		t.Errorf("accounts: %s", got)
	}
	if got := sh(t, h, "settings get secure android_id").stdout; got == id || len(got) != 17 {
		t.Errorf("android_id %q, was %q", got, id)
	}
	h.booted()
	if !h.finishSetUp() {
		t.Error("set-up asks for an account although none was left")
	}
	h.setDebugging(true)
	if got := sh(t, h, "settings get global boot_count; settings get global device_provisioned").stdout; got != "1\n1\n" {
		t.Errorf("boot count and provisioned: %q", got)
	}
}

// A reset with Find Device on leaves the activation lock, and nobody but the
// account's owner gets through set-up.
func TestResetWithFindDeviceOn(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-note-10")
	h.factoryReset()
	if h.finishSetUp() || h.setUpDone() {
		t.Error("set-up was finished without the account")
	}
}

func TestResetEndsManagementAndLock(t *testing.T) {
	t.Parallel()
	h := shipped(t, "mi-6")
	if got := sh(t, h, "dumpsys device_policy").stdout; !strings.Contains(got, "admin=ComponentInfo{com.example.mdm/com.example.mdm.AdminReceiver}") {
		t.Errorf("before: %s", got)
	}
	if got := sh(t, h, "dumpsys user").stdout; !strings.Contains(got, "no_factory_reset") {
		t.Errorf("before: %s", got)
	}
	h.factoryReset()
	if got := sh(t, h, "dumpsys device_policy").stdout; strings.Contains(got, "com.example.mdm") {
		t.Errorf("after: %s", got)
	}
	if got := sh(t, h, "dumpsys user").stdout; strings.Contains(got, "no_factory_reset") {
		t.Errorf("after: %s", got)
	}
	if got := sh(t, h, "locksettings get-disabled").stdout; got != "true\n" {
		t.Errorf("lock after: %s", got)
	}
}

func TestAccountsAreRemovedByKind(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-note-10")
	if n := h.removeAccounts("com.google"); n != 1 || h.findDevice() != "on" {
		t.Errorf("%d removed, Find Device %s", n, h.findDevice())
	}
	if n := h.removeAccounts("com.xiaomi"); n != 1 || h.findDevice() != "off" {
		t.Errorf("%d removed, Find Device %s", n, h.findDevice())
	}
	if n := h.removeAccounts("com.xiaomi"); n != 0 {
		t.Errorf("%d removed again", n)
	}
	other := shipped(t, "redmi-note-10")
	if got := sh(t, other, "dumpsys account").stdout; !strings.Contains(got, "Accounts: 2") {
		t.Errorf("another handset of the same profile: %s", got)
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	h := build(t, "34", "", "")
	var got []event
	cancel := h.subscribe(func(ev event) { got = append(got, ev) })
	sh(t, h, "am start -a android.settings.SYNC_SETTINGS")
	cancel()
	h.showPage("x")
	if len(got) != 1 || got[0] != (event{eventPage, "android.settings.SYNC_SETTINGS"}) {
		t.Errorf("events %v", got)
	}
}
