package locks

import (
	"strings"
	"testing"

	"preship/adb/handset"
)

// Repair mode is off only where every sign was looked for and answered.
func TestRepairMode(t *testing.T) {
	t.Parallel()
	image := handset.GetProperty.Must(imageRunning).String()
	sdk := func(release, of string) handset.Answer {
		return stdout(strings.Replace(string(clean["getprop"].Stdout), "[33]", "["+release+"]", 1) + of)
	}
	guest := stdout("Users:\n\tUserInfo{0:Owner:4c13} running\n\tUserInfo{16:Guest:410} running\n")
	tests := []struct {
		name string
		says answers
		want string
	}{
		{"off", nil, Clear},
		{"off, by name", answers{image: stdout("0\n"), handset.RepairMode.Line: stdout("0\n")}, Clear},
		{"a temporary image", answers{image: stdout("1\n")}, Set},
		{"the setting", answers{handset.RepairMode.Line: stdout("1\n")}, Set},
		{"a higher number", answers{handset.RepairMode.Line: stdout("2\n")}, Set},
		{"the setting, and nothing else answers", answers{handset.RepairMode.Line: stdout("1\n"), image: {}, handset.CurrentUser.Line: {}}, Set},
		{"another user on the screen", answers{handset.CurrentUser.Line: stdout("10\n")}, Set},
		{"a number that is not exactly 0", answers{handset.RepairMode.Line: stdout("00\n")}, Unknown},
		{"another user on the screen, a digit lost", answers{handset.DumpUser.Line: stdout("Current user: 10\n\nUsers:\n")}, Unknown},
		{"setting refused", answers{handset.RepairMode.Line: {Stderr: []byte("java.lang.SecurityException"), Exit: 255}}, Unknown},
		{"setting refused by a handset that tells no exit status", answers{handset.RepairMode.Line: {Stderr: []byte("java.lang.SecurityException"), Exit: -1}}, Unknown},
		{"property refused by a handset that tells no exit status", answers{image: {Stdout: []byte("\n"), Stderr: []byte("denied"), Exit: -1}}, Unknown},
		{"setting empty", answers{handset.RepairMode.Line: stdout("\n")}, Unknown},
		{"setting answered with nothing", answers{handset.RepairMode.Line: {}}, Unknown},
		{"setting cut off", answers{handset.RepairMode.Line: stdout("nul")}, Unknown},
		{"setting in words", answers{handset.RepairMode.Line: stdout("off\n")}, Unknown},
		{"setting below 0", answers{handset.RepairMode.Line: stdout("-1\n")}, Unknown},
		{"property answered with nothing", answers{image: {}}, Unknown},
		{"property in words", answers{image: stdout("null\n")}, Unknown},
		{"user not told", answers{handset.CurrentUser.Line: {}}, Unknown},
		{"user refused", answers{handset.CurrentUser.Line: {Stderr: []byte("Error: unknown command"), Exit: 255}}, Unknown},
		{"user in words", answers{handset.CurrentUser.Line: stdout("owner\n")}, Unknown},
		{"user not told on a system without the question", answers{"getprop": sdk("23", ""), handset.CurrentUser.Line: {Exit: 255}}, Clear},
		{"user not told on the first system with the question", answers{"getprop": sdk("24", ""), handset.CurrentUser.Line: {Exit: 255}}, Unknown},
		{"user with a zero before", answers{handset.CurrentUser.Line: stdout("00\n")}, Unknown},
		{"user below 0", answers{handset.CurrentUser.Line: stdout("-1\n")}, Unknown},
		{"users not listed", answers{handset.ListUsers.Line: {}}, Unknown},
		{"a user without a purpose, and the app", answers{handset.ListUsers.Line: guest, maintenanceApp: stdout("package:/system/app/x.apk\n")}, Unknown},
		{"a user without a purpose, and whether the app is there is not told", answers{handset.ListUsers.Line: guest, maintenanceApp: {}}, Unknown},
		{"a user without a purpose, and the app is named by a command that failed", answers{handset.ListUsers.Line: guest, maintenanceApp: {Stdout: []byte("package:/system/app/x.apk\n"), Exit: 1}}, Unknown},
		{"a user without a purpose, and the app was not looked for", answers{handset.ListUsers.Line: guest, maintenanceApp: {Stderr: []byte("denied"), Exit: 1}}, Unknown},
		{"a user without a purpose, and no exit status says that the app is missing", answers{handset.ListUsers.Line: guest, maintenanceApp: {Exit: -1}}, Unknown},
		{"a user without a purpose, and the system does not say its level", answers{handset.ListUsers.Line: guest, "getprop": sdk("", "")}, Unknown},
		{"a user without a purpose, from Android 14 on", answers{handset.ListUsers.Line: guest, "getprop": sdk("34", "")}, Unknown},
		{"a user without a purpose, before the mode", answers{handset.ListUsers.Line: guest}, Clear},
		{"the app alone", answers{maintenanceApp: stdout("package:/system/app/x.apk\n")}, Clear},
		{"a second space", answers{handset.ListUsers.Line: stdout("Users:\n\tUserInfo{0:Owner:4c13} running\n\tUserInfo{10:security space:413}\n"), "getprop": sdk("34", "")}, Clear},
		{"dual apps", answers{handset.ListUsers.Line: stdout("Users:\n\tUserInfo{0:Owner:4c13} running\n\tUserInfo{999:XSpace:801010} running\n"), "getprop": sdk("34", "")}, Clear},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := readAll(t, clean.with(tt.says))[RepairMode]; got.Status != tt.want {
				t.Errorf("%s (%s; %s), want %s", got.Status, got.Says().String(), got.Observed, tt.want)
			}
		})
	}
}

// Another maker's handset has no maintenance mode of this one's, so that a user of
// it needs no purpose.
func TestRepairModeOfAnotherMaker(t *testing.T) {
	t.Parallel()
	pixel := clean.with(answers{
		"getprop":              stdout("[ro.product.manufacturer]: [Google]\n[ro.build.version.sdk]: [34]\n"),
		handset.ListUsers.Line: stdout("Users:\n\tUserInfo{0:Owner:4c13} running\n\tUserInfo{16:Guest:410} running\n"),
	})
	if got := readAll(t, pixel)[RepairMode]; got.Status != Clear {
		t.Errorf("%+v, want clear", got)
	}
	if got := readAll(t, pixel.with(answers{handset.RepairMode.Line: stdout("1\n")}))[RepairMode]; got.Status != Set || !strings.Contains(got.Says().String(), "repair mode") {
		t.Errorf("%+v, want set", got)
	}
}
