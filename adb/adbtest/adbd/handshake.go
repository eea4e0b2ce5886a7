package adbd

import (
	"crypto/rand"
	"strings"
	"time"

	"preship/adb/adbtest/bus"
	"preship/adb/adbtest/trouble"
	"preship/adb/internal/wire"
)

// tokenSize is the length of a SHA-1 sum, as which adb signs the token.
const tokenSize = 20

// maxAttempts is how many keys a peer may try on one connection.
const maxAttempts = 256

// authorization is the state of the proof which computer a link comes from.
type authorization struct {
	token    []byte
	attempts int
	asked    bool // its key is before the owner
}

// AsksKey reports whether the handset wants to know the computer. Recoveries and
// most emulators do not.
func (d *Services) AsksKey() bool {
	state, _ := d.Bus.Presence()
	return state == bus.Device && d.Prop("ro.adb.secure") != "0"
}

// challenge sends a fresh token to sign.
func (l *link) challenge() bool {
	l.auth.token = make([]byte, tokenSize)
	_, _ = rand.Read(l.auth.token)
	return l.send(wire.Message{Command: wire.CmdAuth, Arg0: wire.AuthToken, Data: l.auth.token}) == nil
}

// authorize handles the two answers to a token: a signature, and the public key
// of a computer whose signatures were not known.
func (l *link) authorize(m wire.Message) bool {
	if l.online.Load() || l.auth.token == nil {
		return true
	}
	switch m.Arg0 {
	case wire.AuthSignature:
		if l.d.Bus.Keys.Verify(l.auth.token, m.Data) && !l.d.Refuses() {
			return l.welcome()
		}
		l.auth.attempts++
		return l.auth.attempts < maxAttempts && l.challenge()
	case wire.AuthRSAPublicKey:
		return l.askOwner(m.Data)
	}
	return false
}

// Refuses reports whether the debugging prompt is never answered.
func (d *Services) Refuses() bool {
	_, ok := d.Troubles.Happens(trouble.Unauthorized)
	return ok
}

// askOwner shows the prompt. Until the owner accepts there is no answer, and adb
// shows the handset as unauthorized.
func (l *link) askOwner(payload []byte) bool {
	key, err := bus.ParsePublicKey(payload)
	if err != nil || l.auth.asked {
		return err == nil
	}
	l.auth.asked = true
	_ = l.conn.SetReadDeadline(time.Time{}) // people take their time
	if l.d.Refuses() {
		return true
	}
	l.d.AskOwner(func() {
		l.d.Bus.Keys.Allow(key)
		_ = l.welcome()
	})
	return true
}

// protocol returns the version and the largest message data that adbd offers. Source:
// adb.h of the releases; version 0x01000001 and the 1 MiB payload came with Android 9.
func (d *Services) protocol() (version, maxData uint32) {
	switch sdk := d.SDK(); {
	case sdk >= 28:
		return wire.VersionSkipChecksum, wire.MaxPayload
	case sdk >= 24:
		return wire.VersionMin, 256 << 10
	}
	return wire.VersionMin, wire.MaxPayloadV1
}

// banner returns the first answer of adbd: the state, properties and features of the
// handset. A recovery's assistant sends only its state.
func (d *Services) banner() string {
	state, _ := d.Bus.Presence()
	if state == bus.Sideload {
		return "sideload::"
	}
	var parts []string
	for _, name := range []string{"ro.product.name", "ro.product.model", "ro.product.device"} { // in adbd's order
		parts = append(parts, name+"="+d.Prop(name))
	}
	if len(d.Profile.Features) > 0 {
		parts = append(parts, "features="+strings.Join(d.Profile.Features, ","))
	}
	return state + "::" + strings.Join(parts, ";")
}
