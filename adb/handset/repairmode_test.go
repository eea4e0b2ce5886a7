package handset

import (
	"strings"
	"testing"
)

// Repair mode is off only where every sign was looked for and answered.
func TestRepairMode(t *testing.T) {
	t.Parallel()
	image := GetProperty.Must(imageRunning).String()
	sdk := func(release, of string) Answer {
		return stdout(strings.Replace(string(clean["getprop"].Stdout), "[33]", "["+release+"]", 1) + of)
	}
	guest := stdout("Users:\n\tUserInfo{0:Owner:4c13} running\n\tUserInfo{16:Guest:410} running\n")
	tests := []struct {
		name string
		says answers
		want string
	}{
		{"off", nil, LockClear},
		{"off, by name", answers{image: stdout("0\n"), RepairMode.Line: stdout("0\n")}, LockClear},
		{"a temporary image", answers{image: stdout("1\n")}, LockSet},
		{"the setting", answers{RepairMode.Line: stdout("1\n")}, LockSet},
		{"a higher number", answers{RepairMode.Line: stdout("2\n")}, LockSet},
		{"the setting, and nothing else answers", answers{RepairMode.Line: stdout("1\n"), image: {}, CurrentUser.Line: {}}, LockSet},
		{"another user on the screen", answers{CurrentUser.Line: stdout("10\n")}, LockSet},
		{"setting refused", answers{RepairMode.Line: {Stderr: []byte("java.lang.SecurityException"), Exit: 255}}, LockUnknown},
		{"setting refused by a handset that tells no exit status", answers{RepairMode.Line: {Stderr: []byte("java.lang.SecurityException"), Exit: -1}}, LockUnknown},
		{"setting empty", answers{RepairMode.Line: stdout("\n")}, LockUnknown},
		{"setting answered with nothing", answers{RepairMode.Line: {}}, LockUnknown},
		{"setting cut off", answers{RepairMode.Line: stdout("nul")}, LockUnknown},
		{"setting in words", answers{RepairMode.Line: stdout("off\n")}, LockUnknown},
		{"setting below 0", answers{RepairMode.Line: stdout("-1\n")}, LockUnknown},
		{"property answered with nothing", answers{image: {}}, LockUnknown},
		{"property in words", answers{image: stdout("null\n")}, LockUnknown},
		{"user not told", answers{CurrentUser.Line: {}}, LockUnknown},
		{"user refused", answers{CurrentUser.Line: {Stderr: []byte("Error: unknown command"), Exit: 255}}, LockUnknown},
		{"user in words", answers{CurrentUser.Line: stdout("owner\n")}, LockUnknown},
		{"user not told on a system without the question", answers{"getprop": sdk("23", ""), CurrentUser.Line: {Exit: 255}}, LockClear},
		{"users not listed", answers{ListUsers.Line: {}}, LockUnknown},
		{"a user without a purpose, and the app", answers{ListUsers.Line: guest, maintenanceApp: stdout("package:/system/app/x.apk\n")}, LockUnknown},
		{"a user without a purpose, and whether the app is there is not told", answers{ListUsers.Line: guest, maintenanceApp: {}}, LockUnknown},
		{"a user without a purpose, from Android 14 on", answers{ListUsers.Line: guest, "getprop": sdk("34", "")}, LockUnknown},
		{"a user without a purpose, before the mode", answers{ListUsers.Line: guest}, LockClear},
		{"the app alone", answers{maintenanceApp: stdout("package:/system/app/x.apk\n")}, LockClear},
		{"a second space", answers{ListUsers.Line: stdout("Users:\n\tUserInfo{0:Owner:4c13} running\n\tUserInfo{10:security space:413}\n"), "getprop": sdk("34", "")}, LockClear},
		{"dual apps", answers{ListUsers.Line: stdout("Users:\n\tUserInfo{0:Owner:4c13} running\n\tUserInfo{999:XSpace:801010} running\n"), "getprop": sdk("34", "")}, LockClear},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := readAll(t, clean.with(tt.says))[LockRepairMode]; got.Status != tt.want {
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
		"getprop":      stdout("[ro.product.manufacturer]: [Google]\n[ro.build.version.sdk]: [34]\n"),
		ListUsers.Line: stdout("Users:\n\tUserInfo{0:Owner:4c13} running\n\tUserInfo{16:Guest:410} running\n"),
	})
	if got := readAll(t, pixel)[LockRepairMode]; got.Status != LockClear {
		t.Errorf("%+v, want clear", got)
	}
	if got := readAll(t, pixel.with(answers{RepairMode.Line: stdout("1\n")}))[LockRepairMode]; got.Status != LockSet || !strings.Contains(got.Says().String(), "repair mode") {
		t.Errorf("%+v, want set", got)
	}
}
