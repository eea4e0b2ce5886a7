package adb

import (
	"errors"
	"fmt"
	"strings"

	"preship/adb/internal/wire"
	"preship/report/message"
)

// What can go wrong, for errors.Is. The text of an error says which device and
// which service; the sentinel says what kind of trouble it is.
var (
	ErrNoServer      = message.Error(message.Say("error.no-server"), nil) // nothing listens at its address
	ErrStranger      = message.Error(message.Say("error.stranger"), nil)
	ErrNoDevice      = message.Error(message.Say("error.no-device"), nil)           // the server does not list it
	ErrNoDevices     = message.Kind(message.Say("error.no-devices"), ErrNoDevice)   // the server lists none
	ErrManyDevices   = message.Error(message.Say("error.many-devices"), nil)        // and no serial was given
	ErrUnauthorized  = message.Error(message.Say("error.device-unauthorized"), nil) // its owner has not allowed this computer
	ErrOffline       = message.Error(message.Say("error.device-offline"), nil)      // listed, but its connection is down
	ErrNoPermissions = message.Error(message.Say("error.no-permissions"), nil)      // the server may not open it on USB
	ErrNotReady      = message.Error(message.Say("error.device-not-ready"), nil)    // in another state than was asked for
	ErrGone          = message.Error(message.Say("error.device-gone"), nil)         // while a stream was open
	ErrClosed        = message.Error(message.Say("error.stream-closed"), nil)       // before the answer was complete
	ErrTooLarge      = message.Error(message.Say("error.answer-too-large"), nil)    // beyond the caller's limit, or ours
	ErrTimeout       = message.Error(message.Say("error.no-answer"), nil)           // silent for the idle timeout
	ErrProtocol      = message.Error(message.Say("error.protocol"), nil)            // a malformed answer
	ErrRefused       = message.Error(message.Say("error.service-refused"), nil)     // FAIL, for another reason

	// Of devices on the network.
	ErrAddress         = message.Error(message.Say("error.address"), nil)            // nothing was sent
	ErrUnreachable     = message.Kind(message.Say("error.unreachable"), ErrNoDevice) // no answer from there
	ErrNoPairing       = message.Error(message.Say("error.no-pairing"), nil)
	ErrNotPaired       = message.Error(message.Say("error.not-paired"), nil)
	ErrNoAnnouncements = message.Error(message.Say("error.no-announcements"), nil)
)

// errUnknownService marks a host service that this server does not have.
var errUnknownService = message.Kind(message.Join(message.Colon, message.Say("error.service-refused"), message.AsIs("unknown host service")), ErrRefused)

// refusals says what the FAIL texts of adb servers mean. The first row whose
// words all occur is taken. Texts: acquire_one_transport in AOSP's
// client/transport.cpp and handle_host_request in adb.cpp, platform-tools 29
// to 35.
var refusals = []struct {
	words []string
	is    error
}{
	{[]string{"device unauthorized"}, ErrUnauthorized},
	{[]string{"device still authorizing"}, ErrUnauthorized},
	{[]string{"device still connecting"}, ErrOffline},
	{[]string{"device offline"}, ErrOffline},
	{[]string{"insufficient permissions"}, ErrNoPermissions},
	{[]string{"no permissions"}, ErrNoPermissions},
	{[]string{"more than one"}, ErrManyDevices},
	{[]string{"no devices", "found"}, ErrNoDevice},
	{[]string{"no emulators found"}, ErrNoDevice},
	{[]string{"no device with transport id"}, ErrNoDevice},
	{[]string{"no such device"}, ErrNoDevice},
	{[]string{"device", "not found"}, ErrNoDevice},
	{[]string{"device not ready"}, ErrNotReady},
	{[]string{"unknown host service"}, errUnknownService},
	{[]string{"failed to authenticate"}, ErrUnauthorized},
}

// refusal turns the text of a FAIL into an error that keeps the text. What no
// row knows ("closed" above all: a device that does not offer the service) is
// ErrRefused.
func refusal(text string) error {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	for _, row := range refusals {
		if line == row.is.Error() {
			return row.is // the server's words are ours
		}
		if containsAll(text, row.words) {
			return fmt.Errorf("%w: %q", row.is, line)
		}
	}
	return fmt.Errorf("%w: %q", ErrRefused, line)
}

func containsAll(s string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(s, w) {
			return false
		}
	}
	return true
}

// explain turns errors of package wire into those of this package.
func explain(err error) error {
	var fail *wire.FailError
	switch {
	case errors.As(err, &fail):
		return refusal(fail.Message)
	case errors.Is(err, wire.ErrMalformed):
		return fmt.Errorf("%w: %w", ErrProtocol, err)
	}
	return err
}

// StateError says that a device is listed but cannot be used as it is. It is
// ErrNotReady, and the sentinel of its state as well.
type StateError struct {
	Serial string
	State  State
	Detail string // what the server adds, e.g. "(user in plugdev group; …)"
}

func (e *StateError) Error() string {
	return e.Sentence().String()
}

// Sentence returns what Error returns, for people.
func (e *StateError) Sentence() message.Sentence {
	state := e.State.Word()
	if e.Detail != "" {
		state = message.Join(message.Stop, state, message.AsIs(e.Detail))
	}
	return message.Say("error.device-state", "serial", e.Serial, "state", state)
}

// Is reports the sentinels that the state stands for.
func (e *StateError) Is(target error) bool {
	return target == ErrNotReady || target == e.State.trouble()
}

// ManyDevicesError says that no serial was given and several devices would do.
type ManyDevicesError struct {
	Devices []DeviceInfo
}

func (e *ManyDevicesError) Error() string {
	return e.Sentence().String()
}

// Sentence returns what Error returns, for people.
func (e *ManyDevicesError) Sentence() message.Sentence {
	serials := make([]string, len(e.Devices))
	for i, d := range e.Devices {
		serials[i] = d.Serial
	}
	return message.Say("error.devices-listed", "count", len(serials), "serials", serials)
}

// Is reports whether target is ErrManyDevices.
func (e *ManyDevicesError) Is(target error) bool { return target == ErrManyDevices }
