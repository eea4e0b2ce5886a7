package adbtest

import (
	"io"

	"preship/adb/adbtest/profile"
	"preship/adb/adbtest/trouble"
)

// Profile describes a model of handset. It is read-only: any number of handsets
// may be built from one.
type Profile = profile.Profile

// ErrProfile is wrapped by every error of [Parse] and [Load].
var ErrProfile = profile.ErrInvalid

// Profiles lists the names of the profiles that come with preship.
func Profiles() []string { return profile.Names() }

// Load reads a profile that comes with preship.
func Load(name string) (*Profile, error) { return profile.Load(name, programs) }

// Parse reads a profile from a txtar archive; see [profile.Parse] for its files.
func Parse(name string, archive []byte) (*Profile, error) {
	return profile.Parse(name, archive, programs)
}

// Trouble is one fault of a handset, for [WithTrouble].
type Trouble = trouble.Trouble

// The kinds of trouble that callers name in Go; package trouble has and describes them
// all.
const (
	TroubleUnauthorized = trouble.Unauthorized
	TroubleCut          = trouble.Cut
	TroubleStall        = trouble.Stall
	TroubleDeny         = trouble.Deny
	TroubleGrow         = trouble.Grow
	TroubleShrink       = trouble.Shrink
	TroubleVanish       = trouble.Vanish
	TroubleWrongSize    = trouble.WrongSize
	TroubleWrongHash    = trouble.WrongHash
	TroubleLowBattery   = trouble.LowBattery
	TroubleFormat       = trouble.Format
	TroubleNoNetwork    = trouble.NoNetwork
)

// ErrTroubleText is wrapped by every error of [ParseTrouble].
var ErrTroubleText = trouble.ErrText

// ParseTrouble reads troubles from text; see [trouble.Parse] for its form.
func ParseTrouble(r io.Reader) ([]Trouble, error) { return trouble.Parse(r) }
