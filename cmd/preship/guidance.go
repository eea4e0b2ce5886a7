package main

import (
	"runtime"

	"preship/adb"
)

// guidance is what a person does about a handset in some state: first, and what
// else when that did not help. An empty first means it is ready.
type guidance struct {
	first string
	then  []string
}

// guidances is one row for each state an adb server can say. doctor and devices
// share it.
var guidances = map[adb.State]guidance{
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

// noPermissions says how a computer is let at a USB device. The rule for one
// handset, with its numbers, is doctor's to give: adb does not tell them.
func noPermissions(goos string) []string {
	if goos != "linux" {
		return []string{"unplug it and plug it in again; close other programs that talk to phones"}
	}
	return []string{
		"install the udev rules (package android-sdk-platform-tools-common or android-udev), then plug it in again",
		"without the package: preship doctor shows the one line to add",
	}
}

// guide finds the row of a state; one that nobody has heard of is unknown.
func guide(s adb.State) guidance {
	if g, ok := guidances[s]; ok {
		return g
	}
	return guidances[adb.StateUnknown]
}
