package adb

import "preship/report/message"

// State is the state of a device, in the server's own words.
type State string

// The states of AOSP's ConnectionState, and StateAbsent for a device that the
// server does not list.
const (
	StateAbsent        State = ""
	StateDevice        State = "device"
	StateUnauthorized  State = "unauthorized"
	StateAuthorizing   State = "authorizing"
	StateConnecting    State = "connecting"
	StateOffline       State = "offline"
	StateNoPermissions State = "no permissions"
	StateRecovery      State = "recovery"
	StateSideload      State = "sideload"
	StateRescue        State = "rescue"
	StateBootloader    State = "bootloader"
	StateHost          State = "host"
	StateDetached      State = "detached"
	StateUnknown       State = "unknown"
)

// states is the meaning of every state that a server reports.
var states = map[State]struct {
	trouble error // nil: services can be opened
	settled bool  // false: it may be only a stage on the way to another state
}{
	StateDevice:        {nil, true},
	StateRecovery:      {nil, true},
	StateSideload:      {nil, true},
	StateRescue:        {nil, true},
	StateBootloader:    {ErrNotReady, true},
	StateHost:          {ErrNotReady, true},
	StateUnauthorized:  {ErrUnauthorized, false},  // servers before 29 say so while they still offer keys
	StateNoPermissions: {ErrNoPermissions, false}, // until udev has run
	StateAuthorizing:   {ErrUnauthorized, false},
	StateConnecting:    {ErrOffline, false},
	StateOffline:       {ErrOffline, false},
	StateDetached:      {ErrOffline, false},
	StateUnknown:       {ErrNotReady, false},
}

// stateWords are the states in words.
var stateWords = map[State]message.ID{
	StateDevice: "devices.state.device", StateUnauthorized: "devices.state.unauthorized", StateAuthorizing: "devices.state.authorizing",
	StateConnecting: "devices.state.connecting", StateOffline: "devices.state.offline", StateNoPermissions: "devices.state.no-permissions",
	StateRecovery: "devices.state.recovery", StateSideload: "devices.state.sideload", StateRescue: "devices.state.rescue",
	StateBootloader: "devices.state.bootloader", StateHost: "devices.state.host", StateDetached: "devices.state.detached",
	StateUnknown: "devices.state.unknown",
}

// Word returns the name of a state in words, or as adb gives it.
func (s State) Word() message.Sentence {
	if id, ok := stateWords[s]; ok {
		return message.Say(id)
	}
	return message.AsIs(string(s))
}

// trouble returns the sentinel error of a state, nil if services can be opened.
func (s State) trouble() error {
	if s == StateAbsent {
		return ErrNoDevice
	}
	if row, ok := states[s]; ok {
		return row.trouble
	}
	return ErrNotReady
}

// Away reports that the device cannot be reached: it is not listed, or listed while the
// connection is down or not yet up.
func (s State) Away() bool {
	switch s {
	case StateAbsent, StateOffline, StateConnecting, StateAuthorizing, StateDetached:
		return true
	}
	return false
}

// Settled reports that the state is not merely a stage of connecting.
func (s State) Settled() bool { return states[s].settled }
