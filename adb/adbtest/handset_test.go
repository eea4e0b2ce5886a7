package adbtest

import (
	"strings"
	"testing"

	"preship/adb/adbtest/android"
)

func TestFactoryReset(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-8a")
	var events []android.Event
	defer h.state.Subscribe(func(ev android.Event) { events = append(events, ev) })()
	before := map[string]string{}
	for _, line := range []string{"getprop ro.serialno", "getprop ro.ril.miui.imei0", "cat /proc/serial_num", "ls /storage/6132-3A29/DCIM/Camera"} {
		before[line] = sh(t, h, line).stdout
	}
	id := sh(t, h, "settings get secure android_id").stdout
	if n := h.state.RemoveAccounts(""); n != 1 || h.state.FindDevice() != "off" {
		t.Errorf("%d accounts removed, Find Device %s", n, h.state.FindDevice())
	}
	sh(t, h, "echo x > /data/local/tmp/left")

	h.state.FactoryReset(false)

	if h.state.Debugging() || h.state.SetUpDone() {
		t.Errorf("debugging %t, set up %t right after a reset", h.state.Debugging(), h.state.SetUpDone())
	}
	if len(events) == 0 || events[len(events)-1].Kind != android.Reset {
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
	h.state.Booted()
	if !h.state.FinishSetUp() {
		t.Error("set-up asks for an account although none was left")
	}
	h.state.SetDebugging(true)
	if got := sh(t, h, "settings get global boot_count; settings get global device_provisioned").stdout; got != "1\n1\n" {
		t.Errorf("boot count and provisioned: %q", got)
	}
}

// A reset with Find Device on leaves the activation lock: set-up asks for the
// account's password.
func TestResetWithFindDeviceOn(t *testing.T) {
	t.Parallel()
	h := shipped(t, "redmi-note-10")
	h.state.FactoryReset(false)
	if h.state.FinishSetUp() || h.state.SetUpDone() {
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
	h.state.FactoryReset(false)
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
	if n := h.state.RemoveAccounts("com.google"); n != 1 || h.state.FindDevice() != "on" {
		t.Errorf("%d removed, Find Device %s", n, h.state.FindDevice())
	}
	if n := h.state.RemoveAccounts("com.xiaomi"); n != 1 || h.state.FindDevice() != "off" {
		t.Errorf("%d removed, Find Device %s", n, h.state.FindDevice())
	}
	if n := h.state.RemoveAccounts("com.xiaomi"); n != 0 {
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
	var got []android.Event
	cancel := h.state.Subscribe(func(ev android.Event) { got = append(got, ev) })
	sh(t, h, "am start -a android.settings.SYNC_SETTINGS")
	cancel()
	h.state.ShowPage("x")
	if len(got) != 1 || got[0] != (android.Event{Kind: android.Shown, Arg: "android.settings.SYNC_SETTINGS"}) {
		t.Errorf("events %v", got)
	}
}
