package handset

import (
	"fmt"
	"strings"
)

// States of a SIM slot.
const (
	SIMPresent = "present"
	SIMAbsent  = "absent"
	SIMUnknown = "unknown"
)

// SIM is one SIM slot.
type SIM struct {
	Slot  int    // from 0
	State string // SIMPresent, SIMAbsent or SIMUnknown
	Raw   string // as the handset says it: "LOADED"
}

// simStates are the states of TelephonyManager that tell whether a card is
// there. NOT_READY and UNKNOWN do not: a slot that is switched off says so too.
var simStates = map[string]string{
	"ABSENT": SIMAbsent, "LOADED": SIMPresent, "READY": SIMPresent, "IMSI": SIMPresent,
	"PIN_REQUIRED": SIMPresent, "PUK_REQUIRED": SIMPresent, "NETWORK_LOCKED": SIMPresent,
	"PERM_DISABLED": SIMPresent, "CARD_IO_ERROR": SIMPresent, "CARD_RESTRICTED": SIMPresent,
}

// simsOf reads the SIM slots' states.
func simsOf(p Properties, ref string) List[SIM] {
	const key = "gsm.sim.state"
	value, why := p.text(key)
	if value == "" {
		return List[SIM]{Unknown: why, Ref: ref}
	}
	list := List[SIM]{Source: key, Ref: ref}
	for slot, state := range strings.Split(value, ",") {
		sim := SIM{Slot: slot, State: simStates[state], Raw: state}
		if sim.State == "" {
			sim.State = SIMUnknown
		}
		list.Items = append(list.Items, sim)
	}
	if len(list.Items) > 4 {
		return List[SIM]{Unknown: fmt.Sprintf("%s names %d slots", key, len(list.Items)), Ref: ref}
	}
	return list
}
