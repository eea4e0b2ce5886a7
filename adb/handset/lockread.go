package handset

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// readProvider reads a lock that is one value of a content provider. judge
// turns the value into a status, or returns LockUnknown. untold is what people
// are told where there is no value.
func readProvider(line *Command, column, untold string, judge func(value string) (status, summary string)) func(context.Context, Reader, State) LockState {
	return func(ctx context.Context, r Reader, _ State) LockState {
		a, err := ask(ctx, r, line.Must())
		if err != nil {
			return unknownLock(untold, Printable([]byte(err.Error()), 200))
		}
		value, err := ParseContentValue(a, column)
		if err != nil {
			return unknownLock(untold, Printable([]byte(err.Error()), 240), a.Ref)
		}
		status, summary := judge(strings.TrimSpace(value))
		if line == FindDeviceSession && status == LockUnknown {
			value = masked // it may be the number of the owner's account
		}
		return LockState{Status: status, Summary: summary, Observed: Printable([]byte(value), 80), Refs: []string{a.Ref}}
	}
}

const (
	findDeviceUntold = "this handset does not let a computer see whether Find Device is on"
	debtUntold       = "this handset does not let a computer see whether a lender has locked it"
	debtSomebodys    = "Find Device names an account that it was used with, and a computer cannot see whether that is the owner's or a lender's"
)

func judgeFindDevice(value string) (status, summary string) {
	switch value {
	case "1":
		return LockSet, "Find Device is on: after the reset the handset would ask for the owner's account"
	case "0":
		return LockClear, "Find Device is off"
	}
	return LockUnknown, findDeviceUntold
}

// debtSession is the session number of a handset that a lender has locked: no
// account of the owner's opens it.
const debtSession = "1665249865"

var sessionNumber = regexp.MustCompile(`^[0-9]{1,20}$`)

// A row whose value is empty or 0 is an answer: Find Device has no session at all.
// (No row is none, see ParseContentValue.) Another number may be the owner's
// account, and may be the lender's with a digit lost: only the owner can see which.
func judgeDebt(value string) (status, summary string) {
	switch value {
	case "", "NULL", "0":
		return LockClear, "no lender has locked this handset"
	case debtSession:
		return LockSet, "a lender has locked this handset"
	}
	if sessionNumber.MatchString(value) {
		return LockUnknown, debtSomebodys
	}
	return LockUnknown, debtUntold
}

// readFRP concludes from the Google accounts: a reset from outside Settings
// leaves the protection asking for the account that was signed in.
func readFRP(ctx context.Context, r Reader, s State) LockState {
	state := readAccounts("Google account", "Google accounts", func(_ State, kind string) bool { return kind == googleType })(ctx, r, s)
	state.Inferred = true
	switch state.Status {
	case LockSet:
		state.Summary, state.Count = "the handset would ask for the Google account after the reset", 0
	case LockClear:
		state.Summary = "no Google account is left that the handset could ask for after the reset"
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
	case managed.Known() && managed.Value != "false":
		return unknownLock("the handset does not tell whether an organisation manages it", managed.Source+"="+managed.Value, refs...)
	case !owners.Known():
		return unknownLock("the handset does not tell whether an organisation manages it", owners.Unknown, refs...)
	case len(owners.Items) == 0:
		return LockState{Status: LockClear, Summary: "no organisation manages this handset", Observed: "no owners", Refs: refs}
	}
	admins := make([]string, len(owners.Items))
	for i, o := range owners.Items {
		admins[i] = fmt.Sprintf("user %d: %s", o.User, o.Admin)
	}
	return LockState{Status: LockSet, Summary: "an organisation's app manages this handset", Observed: strings.Join(admins, ", "), Refs: refs}
}

// resetRestrictions forbid a factory reset; the second one is the vendor's
// enterprise version.
var resetRestrictions = []string{"no_factory_reset", "disallow_factoryreset"}

const restrictionUntold = "the handset does not tell whether it may be reset"

// effectiveSince is the first API level whose dump sums up the restrictions.
const effectiveSince = 24

func readRestriction(ctx context.Context, r Reader, s State) LockState {
	line := DumpUser.Must()
	a, err := ask(ctx, r, line)
	if err != nil {
		return unknownLock(restrictionUntold, Printable([]byte(err.Error()), 200))
	}
	restrictions, err := ParseRestrictions(a.Stdout)
	if err != nil {
		return unknownLock(restrictionUntold, reasonOf(line, a, err), a.Ref)
	}
	sdk, err := strconv.Atoi(s.Identity.SDK.Value)
	for _, name := range resetRestrictions {
		switch {
		case slices.Contains(restrictions.User[0], name):
			return LockState{Status: LockSet, Summary: "a factory reset is forbidden on this handset", Observed: name, Refs: []string{a.Ref}}
		case bytes.Contains(a.Stdout, []byte(name)):
			return unknownLock(restrictionUntold, name+" stands there, but not for user 0", a.Ref)
		}
	}
	if !restrictions.Effective && (err != nil || sdk >= effectiveSince) {
		return unknownLock(restrictionUntold, "the list that sums up the restrictions is missing", a.Ref)
	}
	return LockState{Status: LockClear, Summary: "a factory reset is allowed", Observed: fmt.Sprintf("%d other restrictions", len(restrictions.User[0])), Refs: []string{a.Ref}}
}

func readSIM(_ context.Context, _ Reader, s State) LockState {
	sims := s.Identity.SIMs
	if !sims.Known() {
		return unknownLock("the handset does not tell whether a SIM card is in it", sims.Unknown, sims.Ref)
	}
	if s.Identity.NoModem() {
		return LockState{Status: LockClear, Summary: "this tablet has no modem, and so no SIM card", Observed: sims.Source, Inferred: true, Refs: []string{sims.Ref}}
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
		state.Status, state.Summary = LockSet, "a SIM card is in the handset, or an eSIM is in use"
		if present > 1 {
			state.Summary, state.Count = "%d SIM cards are in the handset, or eSIMs in use", present
		}
	case unclear > 0:
		state.Status, state.Summary = LockUnknown, "the handset does not tell whether a SIM card is in it"
	default:
		state.Status, state.Summary = LockClear, "no SIM card is in the handset"
	}
	return state
}

func readSD(_ context.Context, _ Reader, s State) LockState {
	volumes := s.Identity.Volumes
	if !volumes.Known() {
		return unknownLock("the handset does not tell whether an SD card is in it", volumes.Unknown, volumes.Ref)
	}
	for _, v := range volumes.Items {
		if v.Removable && v.Inside {
			return LockState{Status: LockSet, Summary: "an SD card or USB storage is in the handset", Observed: v.ID + " " + v.State, Refs: []string{volumes.Ref}}
		}
	}
	return LockState{Status: LockClear, Summary: "no SD card is in the handset", Observed: fmt.Sprintf("%d volumes", len(volumes.Items)), Refs: []string{volumes.Ref}}
}

// pinIsSet is what Android 10 and 11 answer where a PIN, pattern or password is
// set: they check the empty one first and throw (LockSettingsService, and a public
// report).
const pinIsSet = "java.lang.IllegalArgumentException: Credential can't be null or empty"

const screenUntold = "the handset does not tell whether its screen is locked"

// readScreenLock: "true" means that there is no lock screen at all. "false" may
// also be a lock screen that opens with a swipe.
func readScreenLock(ctx context.Context, r Reader, _ State) LockState {
	line := LockScreen.Must()
	a, err := ask(ctx, r, line)
	if err != nil {
		return unknownLock(screenUntold, Printable([]byte(err.Error()), 200))
	}
	text := strings.TrimSpace(string(a.Stdout[:min(len(a.Stdout), 4096)]))
	state := LockState{Observed: text, Inferred: true, Refs: []string{a.Ref}}
	switch {
	case a.Exit <= 0 && text == "true":
		state.Status, state.Summary = LockClear, "no screen lock is set"
	case a.Exit <= 0 && text == "false":
		state.Status, state.Summary = LockSet, "the screen is locked, perhaps with a PIN"
	case throws(a.Stderr, pinIsSet) || throws(a.Stdout, pinIsSet):
		state.Status, state.Summary, state.Observed = LockSet, "the screen is locked with a PIN, a pattern or a password", pinIsSet
	default:
		return unknownLock(screenUntold, reasonOf(line, Answer{Exit: a.Exit, Stderr: a.Stderr}, fmt.Errorf("%w: %q", ErrMalformed, Printable([]byte(text), 80))), a.Ref)
	}
	return state
}

// throws reports whether a line of an answer is exactly this exception.
func throws(answer []byte, exception string) bool {
	for line := range strings.Lines(string(answer[:min(len(answer), 4096)])) {
		if strings.TrimSpace(line) == exception {
			return true
		}
	}
	return false
}
