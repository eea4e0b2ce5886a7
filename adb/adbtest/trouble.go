package adbtest

import (
	"io"

	"preship/adb/adbtest/trouble"
)

// Trouble is one fault of a handset, for [WithTrouble].
type Trouble = trouble.Trouble

// TroubleKind names a kind of trouble, as the text form spells it.
type TroubleKind = trouble.Kind

// The kinds of trouble; package trouble describes them.
const (
	TroubleUnauthorized = trouble.Unauthorized
	TroubleOffline      = trouble.Offline
	TroubleCut          = trouble.Cut
	TroubleStall        = trouble.Stall
	TroubleChop         = trouble.Chop
	TroubleDeny         = trouble.Deny
	TroubleGrow         = trouble.Grow
	TroubleShrink       = trouble.Shrink
	TroubleVanish       = trouble.Vanish
	TroubleWrongSize    = trouble.WrongSize
	TroubleWrongHash    = trouble.WrongHash
	TroubleFullDisk     = trouble.FullDisk
	TroubleLowBattery   = trouble.LowBattery
	TroubleHugeOutput   = trouble.HugeOutput
	TroubleFormat       = trouble.Format
	TroubleNoNetwork    = trouble.NoNetwork
	TroubleSwapped      = trouble.Swapped
	TroubleRow          = trouble.Row
)

// ErrTroubleText is wrapped by every error of [ParseTrouble].
var ErrTroubleText = trouble.ErrText

// ParseTrouble reads troubles from text; see [trouble.Parse] for its form.
func ParseTrouble(r io.Reader) ([]Trouble, error) { return trouble.Parse(r) }
