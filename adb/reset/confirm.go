package reset

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"preship/report"
	"preship/report/imei"
	"preship/report/message"
)

var (
	// ErrNotReady: a precondition does not hold.
	ErrNotReady = message.Error(message.Say("error.not-ready"), nil)
	// ErrNotConfirmed: the text typed does not name the connected handset.
	ErrNotConfirmed = message.Error(message.Say("error.not-confirmed"), nil)
	// ErrSince: the backup changed, or the handset was exchanged, after the owner
	// confirmed the reset.
	ErrSince = message.Error(message.Say("error.changed-since"), nil)
	// ErrNoPermit: a way was run without a permit for this handset.
	ErrNoPermit = message.Error(message.Say("guide.error.no-permit"), nil)
)

// ConfirmEmulated confirms the reset of any emulated handset, and of no other.
const ConfirmEmulated = "emulated"

// tokenLen is how many characters confirm a reset: enough that two handsets on
// one desk differ, few enough to type.
const tokenLen = 6

// Tokens returns what confirms the reset of a handset: the last six characters
// of each IMEI and of its serial, each of them not empty.
func Tokens(u report.Unit) []string {
	var tokens []string
	for _, number := range append(append([]string(nil), u.IMEI...), u.Serial) {
		if number != "" {
			tokens = append(tokens, number[max(0, len(number)-tokenLen):])
		}
	}
	return tokens
}

// Permit allows one reset of one handset. Only [Allow] makes one; its zero
// value allows nothing.
type Permit struct {
	serial string
}

// Allow gives the permit to reset the handset u when no finding of [Ready]
// stands against it and typed is one of its [Tokens], upper or lower case, or a whole
// IMEI of it. For
// an emulated handset [ConfirmEmulated] confirms as well. The error is
// ErrNotReady, naming the findings, or ErrNotConfirmed.
func Allow(ready []report.Finding, typed string, u report.Unit, emulated bool) (Permit, error) {
	if err := Stands(ready); err != nil {
		return Permit{}, err
	}
	if err := Confirms(typed, u, emulated); err != nil {
		return Permit{}, err
	}
	return Permit{serial: u.Serial}, nil
}

// Confirms returns ErrNotConfirmed if typed does not confirm a reset of the handset u.
func Confirms(typed string, u report.Unit, emulated bool) error {
	if !confirms(typed, u, emulated) {
		return message.Kind(message.Join(message.Colon, message.Of(ErrNotConfirmed), message.Say("reset.confirm.not-the-end", "typed", strconv.Quote(typed))), ErrNotConfirmed)
	}
	return nil
}

// Stands returns ErrNotReady, naming the findings of [Ready] that stand against a
// reset; nil if no finding does.
func Stands(ready []report.Finding) error {
	if len(ready) == 0 {
		return message.Kind(message.Join(message.Colon, message.Of(ErrNotReady), message.Say("reset.confirm.unchecked")), ErrNotReady)
	}
	var against []string
	for _, f := range ready {
		if blocks(f) {
			against = append(against, f.ID)
		}
	}
	if len(against) > 0 {
		return fmt.Errorf("%w: %s", ErrNotReady, strings.Join(against, ", "))
	}
	return nil
}

func confirms(typed string, u report.Unit, emulated bool) bool {
	typed = strings.TrimSpace(typed)
	if emulated && typed == ConfirmEmulated {
		return true
	}
	// A scanner types the whole number, and may put marks between its digits.
	digits := imei.Plain(typed)
	for _, number := range u.IMEI {
		if number != "" && digits == number {
			return true
		}
	}
	return slices.ContainsFunc(Tokens(u), func(token string) bool { return strings.EqualFold(typed, token) })
}

// blocks reports whether a finding of a precondition forbids the reset. An unknown, or a
// word that is no status, forbids it as much as a fail.
func blocks(f report.Finding) bool {
	return f.Status.OrUnknown() == report.StatusUnknown || f.Status == report.StatusFail
}
