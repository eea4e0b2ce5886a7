package adbtest

import (
	"crypto/rand"
	"time"

	"preship/adb/adbtest/bus"
	"preship/adb/adbtest/trouble"
	"preship/adb/internal/wire"
)

// tokenSize is as long as a SHA-1 sum, which adb signs it as.
const tokenSize = 20

// maxAttempts is how many keys a peer may try on one connection.
const maxAttempts = 256

// authorization is how far a link has come in proving which computer it is.
type authorization struct {
	token    []byte
	attempts int
	asked    bool // its key is before the owner
}

// asksKey says whether the handset wants to know the computer. Recoveries do
// not, and neither do most emulators.
func (d *services) asksKey() bool {
	state, _ := d.Bus().Presence()
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
	if l.isOnline() || l.auth.token == nil {
		return true
	}
	switch m.Arg0 {
	case wire.AuthSignature:
		if l.d.Bus().Keys.Verify(l.auth.token, m.Data) && !l.d.refuses() {
			return l.welcome()
		}
		l.auth.attempts++
		return l.auth.attempts < maxAttempts && l.challenge()
	case wire.AuthRSAPublicKey:
		return l.askOwner(m.Data)
	}
	return false
}

// refuses says whether the debugging prompt is never answered.
func (d *services) refuses() bool {
	_, ok := d.Troubles().Happens(trouble.Unauthorized)
	return ok
}

// askOwner puts the prompt on the screen. Until it is accepted nothing is
// answered, and the computer's adb shows the handset as unauthorized.
func (l *link) askOwner(payload []byte) bool {
	key, err := bus.ParsePublicKey(payload)
	if err != nil || l.auth.asked {
		return err == nil
	}
	l.auth.asked = true
	_ = l.conn.SetReadDeadline(time.Time{}) // people take their time
	if l.d.refuses() {
		return true
	}
	l.d.AskOwner(func() {
		l.d.Bus().Keys.Allow(key)
		_ = l.welcome()
	})
	return true
}
