package locks

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report/message"
)

// readProvider reads a lock that is one value of a content provider. judge
// turns the value into a status, or returns Unknown. untold is the
// sentence for people where there is no value.
func readProvider(line *handset.Command, column string, untold message.ID, judge func(value string) (status string, summary message.ID)) func(context.Context, handset.Reader, Answers) State {
	return func(ctx context.Context, r handset.Reader, _ Answers) State {
		a, err := ask(ctx, r, line.Must())
		if err != nil {
			return unknownLock(untold, handset.Because(err))
		}
		value, err := handset.ParseContentValue(a, column)
		if err != nil {
			return unknownLock(untold, handset.Because(err), a.Ref)
		}
		status, summary := judge(strings.TrimSpace(value))
		if line == handset.FindDeviceSession && status == Unknown {
			value = dump.Masked // it may be the number of the owner's account
		}
		return State{Status: status, Summary: summary, Observed: dump.Printable([]byte(value), 80), Refs: []string{a.Ref}}
	}
}

const (
	findDeviceUntold message.ID = "lock.find-device.unknown"
	debtUntold       message.ID = "lock.debt.unknown"
	debtSomebodys    message.ID = "lock.debt.account-unknown"
)

func judgeFindDevice(value string) (status string, summary message.ID) {
	switch value {
	case "1":
		return Set, "lock.find-device.on"
	case "0":
		return Clear, "lock.find-device.off"
	}
	return Unknown, findDeviceUntold
}

// debtSession is the session number of a handset that a lender has locked: no
// account of the owner's opens it.
const debtSession = "1665249865"

var sessionNumber = regexp.MustCompile(`^[0-9]{1,20}$`)

// A row whose value is empty or 0 is an answer: Find Device has no session.
// (An answer without a row is an error, see handset.ParseContentValue.) Another number may be the owner's
// account, and may be the lender's with a digit lost: only the owner can see which.
func judgeDebt(value string) (status string, summary message.ID) {
	switch value {
	case "", "NULL", "0":
		return Clear, "lock.debt.off"
	case debtSession:
		return Set, "lock.debt.on"
	}
	if sessionNumber.MatchString(value) {
		return Unknown, debtSomebodys
	}
	return Unknown, debtUntold
}

// readFRP concludes from the Google accounts: a reset from outside Settings
// leaves the protection asking for the account that was signed in.
func readFRP(ctx context.Context, r handset.Reader, s Answers) State {
	state := readAccounts(googleWords, googleTypes)(ctx, r, s)
	state.Inferred = true
	switch state.Status {
	case Set:
		state.Summary, state.Count = "lock.frp.on", 0
	case Clear:
		state.Summary = "lock.frp.off"
	}
	return state
}

// readOwner asks for device and profile owners, in the way the handset has.
func readOwner(ctx context.Context, r handset.Reader, s Answers) State {
	managed := s.Identity.Managed
	owners := handset.List[dump.Owner]{Unknown: message.Say("lock.why.not-asked")}
	if sdk, err := strconv.Atoi(s.Identity.SDK.Value); err != nil || sdk >= handset.ListOwners.Since {
		owners = handset.AskList(ctx, r, handset.ListOwners.Must(), dump.ParseOwners)
	}
	if !owners.Known() {
		owners = handset.AskList(ctx, r, handset.DumpPolicy.Must(), dump.ParsePolicy)
	}
	refs := []string{owners.Ref, managed.Ref}
	switch {
	case managed.Value == "true":
		return State{Status: Set, Summary: "lock.owner.organisation", Observed: managed.Source + "=true", Refs: refs}
	case managed.Known() && managed.Value != "false":
		return unknownLock("lock.owner.unknown", message.AsIs(managed.Source+"="+managed.Value), refs...)
	case !owners.Known():
		return unknownLock("lock.owner.unknown", owners.Unknown, refs...)
	case len(owners.Items) == 0:
		managed, ref := usersManaged(ctx, r)
		if refs = append(refs, ref); managed {
			return unknownLock("lock.owner.unknown", message.Say("lock.why.owner-hidden"), refs...)
		}
		return State{Status: Clear, Summary: "lock.owner.clear", Refs: refs}.seen(message.Say("lock.seen.no-owners"))
	}
	admins := make([]message.Sentence, len(owners.Items))
	for i, o := range owners.Items {
		admins[i] = message.Say("lock.seen.user-admin", "user", strconv.Itoa(o.User), "app", o.Admin)
	}
	state := State{Status: Set, Summary: "lock.owner.app", Refs: refs}.seen(message.Join(message.Comma, admins...))
	if m := managerOf(owners.Items); m != nil {
		state.Summary, state.Remove = m.summary, m.removal
	}
	return state
}

// usersManaged asks another service than the one that lists the owners whether a user has
// one. No answer is no sign of an owner: what lists them has answered.
func usersManaged(ctx context.Context, r handset.Reader) (managed bool, ref string) {
	a, err := ask(ctx, r, handset.DumpUser.Must())
	if err != nil {
		return false, ""
	}
	restrictions, err := dump.ParseRestrictions(a.Stdout)
	return err == nil && restrictions.Managed, a.Ref
}

// resetRestrictions forbid a factory reset; the second one is the vendor's
// enterprise version.
var resetRestrictions = []string{"no_factory_reset", "disallow_factoryreset"}

const restrictionUntold message.ID = "lock.reset.unknown"

// effectiveSince is the first API level whose dump sums up the restrictions.
const effectiveSince = 24

func readRestriction(ctx context.Context, r handset.Reader, s Answers) State {
	line := handset.DumpUser.Must()
	a, err := ask(ctx, r, line)
	if err != nil {
		return unknownLock(restrictionUntold, handset.Because(err))
	}
	restrictions, err := dump.ParseRestrictions(a.Stdout)
	if err != nil {
		return unknownLock(restrictionUntold, handset.Reason(line, a, err), a.Ref)
	}
	sdk, err := strconv.Atoi(s.Identity.SDK.Value)
	for _, name := range resetRestrictions {
		switch {
		case slices.Contains(restrictions.User[0], name):
			return State{Status: Set, Summary: "lock.reset.forbidden", Observed: name, Refs: []string{a.Ref}}
		case bytes.Contains(a.Stdout, []byte(name)):
			return unknownLock(restrictionUntold, message.Say("lock.why.elsewhere", "name", name), a.Ref)
		}
	}
	if !restrictions.Effective && (err != nil || sdk >= effectiveSince) {
		return unknownLock(restrictionUntold, message.Say("lock.why.no-summary"), a.Ref)
	}
	return State{Status: Clear, Summary: "lock.reset.allowed", Refs: []string{a.Ref}}.seen(message.Say("lock.seen.restrictions", "count", len(restrictions.User[0])))
}

func readSIM(_ context.Context, _ handset.Reader, s Answers) State {
	sims := s.Identity.SIMs
	if !sims.Known() {
		return unknownLock("inside.sim.unknown", sims.Unknown, sims.Ref)
	}
	if s.Identity.NoModem() {
		return State{Status: Clear, Summary: "inside.sim.no-modem", Inferred: true, Refs: []string{sims.Ref}}.seen(sims.Saw)
	}
	var raw []string
	present, unclear := 0, 0
	for _, sim := range sims.Items {
		raw = append(raw, sim.Raw)
		switch sim.State {
		case handset.SIMPresent:
			present++
		case handset.SIMUnknown:
			unclear++
		}
	}
	state := State{Observed: strings.Join(raw, ","), Refs: []string{sims.Ref}}
	switch {
	case present > 0:
		state.Status, state.Summary, state.Count = Set, "inside.sim.there", present
	case unclear > 0:
		state.Status, state.Summary = Unknown, "inside.sim.unknown"
	default:
		state.Status, state.Summary = Clear, "inside.sim.absent"
	}
	return state
}

func readSD(_ context.Context, _ handset.Reader, s Answers) State {
	volumes := s.Identity.Volumes
	if !volumes.Known() {
		return unknownLock("inside.sd.unknown", volumes.Unknown, volumes.Ref)
	}
	for _, v := range volumes.Items {
		if v.Removable && v.Inside {
			return State{Status: Set, Summary: "inside.sd.there", Observed: v.ID + " " + v.State, Refs: []string{volumes.Ref}}
		}
	}
	return State{Status: Clear, Summary: "inside.sd.absent", Refs: []string{volumes.Ref}}.seen(message.Say("lock.seen.volumes", "count", len(volumes.Items)))
}

// pinIsSet is what Android 10 and 11 answer where a PIN, pattern or password is
// set: they check the empty one first and throw (LockSettingsService, and a public
// report).
const pinIsSet = "java.lang.IllegalArgumentException: Credential can't be null or empty"

const screenUntold message.ID = "lock.screen.unknown"

// readScreenLock: "true" means that there is no lock screen at all. "false" may
// also be a lock screen that opens with a swipe.
func readScreenLock(ctx context.Context, r handset.Reader, _ Answers) State {
	line := handset.LockScreen.Must()
	a, err := ask(ctx, r, line)
	if err != nil {
		return unknownLock(screenUntold, handset.Because(err))
	}
	text := strings.TrimSpace(string(a.Stdout[:min(len(a.Stdout), 4096)]))
	state := State{Observed: text, Inferred: true, Refs: []string{a.Ref}}
	switch {
	case a.Exit <= 0 && text == "true":
		state.Status, state.Summary = Clear, "lock.screen.off"
	case a.Exit <= 0 && text == "false":
		state.Status, state.Summary = Set, "lock.screen.maybe-pin"
	case throws(a.Stderr, pinIsSet) || throws(a.Stdout, pinIsSet):
		state.Status, state.Summary, state.Observed = Set, "lock.screen.on", pinIsSet
	default:
		return unknownLock(screenUntold, handset.Reason(line, handset.Answer{Exit: a.Exit, Stderr: a.Stderr}, fmt.Errorf("%w: %q", dump.ErrMalformed, dump.Printable([]byte(text), 80))), a.Ref)
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

func readSystem(_ context.Context, _ handset.Reader, s Answers) State { return ReadSystem(s.Identity) }

// ReadSystem returns whose system the handset runs as the state of [System]. A
// service centre works on the maker's system only.
func ReadSystem(id handset.Identity) State {
	f := id.System
	switch f.Value {
	case handset.SystemOwn:
		return State{Status: Clear, Summary: "identity.system.makers", Inferred: true, Refs: []string{f.Ref}}.seen(saw(f))
	case handset.SystemForeign:
		return State{Status: Set, Summary: "identity.system.other", Refs: []string{f.Ref}}.seen(saw(f))
	}
	state := unknownLock("identity.system.unknown", f.Unknown, f.Ref)
	state.Refs = slices.DeleteFunc(state.Refs, func(ref string) bool { return ref == "" })
	return state
}

// ask is [handset.Ask] with the name of the row in its error.
func ask(ctx context.Context, r handset.Reader, line handset.Line) (handset.Answer, error) {
	a, err := handset.Ask(ctx, r, line)
	if err != nil {
		return handset.Answer{}, fmt.Errorf("%s: %w", line.Command().Name, err)
	}
	return a, nil
}
