// Package advice is a table of what a person does about a handset, by the state in which
// an adb server lists it.
package advice

import (
	"runtime"

	"preship/adb"
)

// Advice is what a person does about a handset in some state.
type Advice struct {
	First string   // empty if the handset is ready
	Then  []string // if First did not help
}

// states has a row for each state that an adb server can say.
var states = map[adb.State]Advice{
	adb.StateDevice: {},
	adb.StateAbsent: {
		"plug a handset in with USB debugging on", []string{
			"on the handset: settings, about phone, tap the OS version seven times; then additional settings, developer options, USB debugging",
			"if it only charges: use a cable that carries data, another port, no hub; pull its notifications down and choose \"file transfer\"",
			"without a cable: preship connect --help",
		},
	},
	adb.StateUnauthorized: {
		"unlock it, tick \"always allow from this computer\" and accept \"allow USB debugging\"", []string{
			"no question on its screen: unplug it and plug it in again, unlocked",
			"still none: developer options, \"revoke USB debugging authorisations\", then switch USB debugging off and on, and plug it in again",
		},
	},
	adb.StateAuthorizing: {
		"wait a moment, then look at its screen for a question", []string{
			"if it stays so: unplug it and plug it in again, unlocked",
		},
	},
	adb.StateConnecting: {
		"wait a moment", []string{
			"if it stays so: unplug it, wait, plug it in again",
		},
	},
	adb.StateOffline: {
		"unplug the cable, wait a moment, plug it in again", []string{
			"over the network: preship disconnect it, then preship connect it again",
			"if it stays offline: switch USB debugging off and on, or restart the handset",
		},
	},
	adb.StateDetached: {
		"another program gave it up: unplug it and plug it in again", nil,
	},
	adb.StateNoPermissions: {
		"this computer may not open it", noPermissions(runtime.GOOS),
	},
	adb.StateRecovery: {
		"it is in its recovery: choose Reboot there, or go on with a job that waits for it", []string{
			"nothing was erased by coming here. buttons: volume moves, power chooses",
		},
	},
	adb.StateSideload: {
		"it is connected with MIAssistant: go on with a job that waits for it, or choose Reboot on it", nil,
	},
	adb.StateRescue: {
		"it is in rescue mode: hold the power button until it restarts", []string{
			"if it comes back here, its system does not start: let the repair shop know, and do not erase it",
		},
	},
	adb.StateBootloader: {
		"it is in fastboot: hold the power button until it restarts", nil,
	},
	adb.StateHost:    {"it is a computer, not a handset: unplug it", nil},
	adb.StateUnknown: {"unlock it and bring it to its home screen", []string{"if it stays so: unplug it, restart it, plug it in again"}},
}

// noPermissions returns how this user gets access to a USB device. doctor gives the rule
// with the numbers of the handset, since adb does not report them.
func noPermissions(goos string) []string {
	if goos != "linux" {
		return []string{"unplug it and plug it in again; close other programs that talk to phones"}
	}
	return []string{
		"install the udev rules (package android-sdk-platform-tools-common or android-udev), then plug it in again",
		"without the package: preship doctor shows the one line to add",
	}
}

// For returns the advice for a state; a state without a row counts as unknown.
func For(s adb.State) Advice {
	if a, ok := states[s]; ok {
		return a
	}
	return states[adb.StateUnknown]
}
