// Package advice is a table of what a person does about a handset, by the state in which
// an adb server lists it.
package advice

import (
	"runtime"

	"preship/adb"
	"preship/report/message"
)

// Advice is what a person does about a handset in some state.
type Advice struct {
	First message.Sentence   // empty if the handset is ready
	Then  []message.Sentence // if First did not help
}

// states has a row for each state that an adb server can report: the first advice, and
// what to do if that did not help.
var states = map[adb.State][]message.ID{
	adb.StateDevice:        {},
	adb.StateAbsent:        {"advice.plug-in", "advice.usb-debugging", "advice.only-charges", "advice.no-cable"},
	adb.StateUnauthorized:  {"advice.allow", "advice.no-question", "advice.revoke"},
	adb.StateAuthorizing:   {"advice.wait-question", "advice.replug-unlocked"},
	adb.StateConnecting:    {"advice.wait", "advice.replug-wait"},
	adb.StateOffline:       {"advice.replug", "advice.network", "advice.offline"},
	adb.StateDetached:      {"advice.detached"},
	adb.StateNoPermissions: append([]message.ID{"advice.no-permission"}, noPermissions(runtime.GOOS)...),
	adb.StateRecovery:      {"advice.recovery", "advice.recovery.safe"},
	adb.StateSideload:      {"advice.sideload"},
	adb.StateRescue:        {"advice.rescue", "advice.rescue.again"},
	adb.StateBootloader:    {"advice.bootloader"},
	adb.StateHost:          {"advice.host"},
	adb.StateUnknown:       {"advice.unknown", "advice.restart"},
}

// noPermissions returns how this user gets access to a USB device. doctor gives the rule
// with the numbers of the handset, since adb does not report them.
func noPermissions(goos string) []message.ID {
	if goos != "linux" {
		return []message.ID{"advice.other-programs"}
	}
	return []message.ID{"advice.udev", "advice.udev.doctor"}
}

// For returns the advice for a state; a state without a row counts as unknown.
func For(s adb.State) (a Advice) {
	ids, ok := states[s]
	if !ok {
		ids = states[adb.StateUnknown]
	}
	for i, id := range ids {
		if i == 0 {
			a.First = message.Say(id)
			continue
		}
		a.Then = append(a.Then, message.Say(id))
	}
	return a
}
