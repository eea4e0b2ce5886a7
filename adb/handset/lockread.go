package handset

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// readProvider reads a lock that is one value of a content provider. judge
// turns the value into a status, or returns LockUnknown.
func readProvider(line *Command, column string, judge func(value string) (status, summary string)) func(context.Context, Reader, State) LockState {
	return func(ctx context.Context, r Reader, _ State) LockState {
		a, err := ask(ctx, r, line.Must())
		if err != nil {
			return unknownLock("the handset did not answer: " + Printable([]byte(err.Error()), 200))
		}
		value, err := ParseContentValue(a, column)
		if err != nil {
			return unknownLock("the handset does not tell: "+Printable([]byte(err.Error()), 240), a.Ref)
		}
		status, summary := judge(strings.TrimSpace(value))
		return LockState{Status: status, Summary: summary, Observed: Printable([]byte(value), 80), Refs: []string{a.Ref}}
	}
}

func judgeFindDevice(value string) (status, summary string) {
	switch value {
	case "1":
		return LockSet, "Find Device is on: after a reset the handset asks for the owner's account"
	case "0":
		return LockClear, "Find Device is off"
	}
	return LockUnknown, "Find Device answered neither on nor off"
}

// debtSession is the session number of a handset that a lender has locked: no
// account of the owner's opens it.
const debtSession = 1665249865

// A row whose value is empty is an answer: Find Device has no session at all. (No
// row is none, see ParseContentValue.)
func judgeDebt(value string) (status, summary string) {
	if value == "" || value == "NULL" {
		return LockClear, "no session is open that a lender could have locked the handset by"
	}
	n, err := strconv.ParseInt(value, 10, 64)
	switch {
	case err != nil:
		return LockUnknown, "the session number is no number"
	case n == debtSession:
		return LockSet, "a lender has locked this handset"
	}
	return LockClear, "no lender's lock is set"
}

// readFRP concludes from the Google accounts: a reset from outside Settings
// leaves the protection asking for the account that was signed in.
func readFRP(ctx context.Context, r Reader, s State) LockState {
	state := readAccounts("Google account", func(_ State, kind string) bool { return kind == googleType })(ctx, r, s)
	state.Inferred = true
	switch state.Status {
	case LockSet:
		state.Summary = "a Google account is signed in, so the handset would ask for it after the reset"
	case LockClear:
		state.Summary = "no Google account is signed in that the handset could ask for"
	}
	return state
}

// readOwner asks for device and profile owners, in the way the handset has.
func readOwner(ctx context.Context, r Reader, s State) LockState {
	managed := s.Identity.Managed
	owners := List[Owner]{Unknown: "not asked"}
	if sdk, err := strconv.Atoi(s.Identity.SDK.Value); err != nil || sdk >= ListOwners.Since {
		owners = askList(ctx, r, ListOwners.Must(), ParseOwners)
	}
	if !owners.Known() {
		owners = askList(ctx, r, DumpPolicy.Must(), ParsePolicy)
	}
	refs := []string{owners.Ref, managed.Ref}
	switch {
	case managed.Value == "true":
		return LockState{Status: LockSet, Summary: "an organisation owns this handset", Observed: managed.Source + "=true", Refs: refs}
	case !owners.Known():
		return unknownLock("the handset does not tell who manages it: "+owners.Unknown, refs...)
	case len(owners.Items) == 0:
		return LockState{Status: LockClear, Summary: "no app manages this handset", Observed: "no owners", Refs: refs}
	}
	admins := make([]string, len(owners.Items))
	for i, o := range owners.Items {
		admins[i] = fmt.Sprintf("user %d: %s", o.User, o.Admin)
	}
	return LockState{Status: LockSet, Summary: "an app manages this handset", Observed: strings.Join(admins, ", "), Refs: refs}
}

// resetRestrictions forbid a factory reset; the second one is the vendor's
// enterprise version.
var resetRestrictions = []string{"no_factory_reset", "disallow_factoryreset"}

func readRestriction(ctx context.Context, r Reader, _ State) LockState {
	line := DumpUser.Must()
	a, err := ask(ctx, r, line)
	if err != nil {
		return unknownLock("the handset did not answer: " + Printable([]byte(err.Error()), 200))
	}
	restrictions, err := ParseRestrictions(a.Stdout)
	if err != nil {
		return unknownLock("the restrictions could not be read: "+reasonOf(line, a, err), a.Ref)
	}
	for _, name := range resetRestrictions {
		if slices.Contains(restrictions[0], name) {
			return LockState{Status: LockSet, Summary: "a factory reset is forbidden on this handset", Observed: name, Refs: []string{a.Ref}}
		}
	}
	return LockState{Status: LockClear, Summary: "a factory reset is allowed", Observed: fmt.Sprintf("%d other restrictions", len(restrictions[0])), Refs: []string{a.Ref}}
}

func readSIM(_ context.Context, _ Reader, s State) LockState {
	sims := s.Identity.SIMs
	if !sims.Known() {
		return unknownLock("the SIM slots are not known: "+sims.Unknown, sims.Ref)
	}
	var raw []string
	present, unclear := 0, 0
	for _, sim := range sims.Items {
		raw = append(raw, sim.Raw)
		switch sim.State {
		case SIMPresent:
			present++
		case SIMUnknown:
			unclear++
		}
	}
	state := LockState{Observed: strings.Join(raw, ","), Refs: []string{sims.Ref}}
	switch {
	case present > 0:
		state.Status, state.Summary = LockSet, fmt.Sprintf("SIM cards or eSIM profiles in use: %d", present)
	case unclear > 0:
		state.Status, state.Summary = LockUnknown, "the handset does not tell whether a SIM slot is empty"
	default:
		state.Status, state.Summary = LockClear, "no SIM card is in the handset"
	}
	return state
}

func readSD(_ context.Context, _ Reader, s State) LockState {
	volumes := s.Identity.Volumes
	if !volumes.Known() {
		return unknownLock("the volumes are not known: "+volumes.Unknown, volumes.Ref)
	}
	for _, v := range volumes.Items {
		if v.Removable && v.Inside {
			return LockState{Status: LockSet, Summary: "an SD card or USB storage is in the handset", Observed: v.ID + " " + v.State, Refs: []string{volumes.Ref}}
		}
	}
	return LockState{Status: LockClear, Summary: "no SD card is in the handset", Observed: fmt.Sprintf("%d volumes", len(volumes.Items)), Refs: []string{volumes.Ref}}
}

// readScreenLock: "true" means that there is no lock screen at all. "false" may
// also be a lock screen that opens with a swipe.
func readScreenLock(ctx context.Context, r Reader, _ State) LockState {
	f := askText(ctx, r, LockScreen.Must(), func(text string) (value, why string) {
		if text == "true" || text == "false" {
			return text, ""
		}
		return "", fmt.Sprintf("%q answered %q", LockScreen.Line, Printable([]byte(text), 80))
	})
	state := LockState{Observed: f.Value, Inferred: true, Refs: []string{f.Ref}}
	switch f.Value {
	case "true":
		state.Status, state.Summary = LockClear, "no screen lock is set"
	case "false":
		state.Status, state.Summary = LockSet, "the lock screen is on; whether it asks for a PIN is not told"
	default:
		return unknownLock("the screen lock is not known: "+f.Unknown, f.Ref)
	}
	return state
}
