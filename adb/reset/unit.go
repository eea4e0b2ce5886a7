package reset

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"preship/adb/handset"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

var (
	// ErrOtherUnit: the recovery that answers cannot be shown to be this handset's.
	ErrOtherUnit = message.Error(message.Say("error.other-in-recovery"), nil)
	// ErrExchanged: the handset on the cable is not the one that was confirmed.
	ErrExchanged = message.Error(message.Say("error.other-connected"), nil)
	// ErrSilent: the handset on the cable does not report a number that it reported before.
	ErrSilent = message.Error(message.Say("error.no-number"), nil)
)

// match is how one answer of the recovery compares with the identity.
type match int

const (
	cannotTell match = iota // one side does not know it
	same
	differs
)

// question is one question to the recovery before it formats.
type question struct {
	row  *handset.Command
	what message.ID
	// want lists what this handset may answer, empty where that is unknown.
	want func(handset.Identity) []string
	// decides: a difference is another handset. Otherwise it is only shown.
	decides bool
	// proves: agreement is enough to know the handset by.
	proves bool
	// unique: the number belongs to one unit. If this handset has one, a recovery that
	// does not answer it is not accepted.
	unique bool
}

// questions: getsn: answers the processor's number, which is the unit's own;
// getdevice: the model's name, which may be that of a sister model; getversion:
// the build, which an update that waits for its restart can make differ.
var questions = []question{
	{handset.RecoverySN, "guide.unit.processor", func(id handset.Identity) []string { return known(id.CPUID) }, true, true, true},
	{handset.RecoveryDevice, "guide.unit.model", func(id handset.Identity) []string { return known(id.ModDevice, id.Codename) }, true, true, false},
	{handset.RecoveryVersion, "guide.unit.build", func(id handset.Identity) []string { return known(id.Build) }, false, false, false},
}

func known(facts ...handset.Fact) []string {
	var values []string
	for _, f := range facts {
		if f.Known() {
			values = append(values, f.Value)
		}
	}
	return values
}

// checkUnit asks the recovery who it is, and refuses any handset
// but the one identified. A cable can be changed while the handset restarts, and
// a recovery that answers "unknown" may be any unit's of the model.
func (a *attempt) checkUnit(ctx context.Context) error {
	var answers []message.Sentence
	var refs []string
	proved, other, silent, single := false, false, false, false
	for _, q := range questions {
		b, ref, err := a.service(ctx, q.row)
		if err != nil {
			return message.Error(message.Say("guide.error.ask-recovery", "what", message.Say(q.what)), err)
		}
		lines, want := answerLines(b), q.want(a.Identity)
		m := compare(lines, want)
		proved = proved || m == same && q.proves
		other = other || m == differs && q.decides
		silent = silent || q.unique && m == cannotTell && len(want) > 0
		single = single || q.unique && m == same
		answers, refs = append(answers, compared(q, m, lines)), append(refs, ref)
	}
	all := message.Join(message.Semicolon, answers...)
	switch {
	case other:
		a.find(check.ResetUnit, report.StatusFail, "reset.unit.other", all, refs...)
		return fmt.Errorf("%w: %w", ErrOtherUnit, message.Error(all, nil))
	case !proved || silent:
		a.find(check.ResetUnit, report.StatusUnknown, "reset.unit.unknown", all, refs...)
		a.advise("reset.unit.unknown.remedy")
		return fmt.Errorf("%w: %w", ErrOtherUnit, message.Error(message.Say("guide.error.other-confirmed"), message.Error(all, nil)))
	case !single:
		a.find(check.ResetUnit, report.StatusWarn, "reset.unit.model-only", all, refs...)
		a.advise("") // the reset continues, so "nothing was erased" would be untrue
		return nil
	}
	a.find(check.ResetUnit, report.StatusPass, "reset.unit.same", all, refs...)
	return nil
}

// noValue is what the recovery answers for a property it lacks.
const noValue = "unknown"

// compare: some recoveries write an answer twice when a property is missing, so
// every line must agree.
func compare(lines, want []string) match {
	lines = slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return strings.EqualFold(l, noValue) })
	if len(lines) == 0 || len(want) == 0 {
		return cannotTell
	}
	for _, line := range lines {
		if !slices.ContainsFunc(want, func(w string) bool { return sameNumber(w, line) }) {
			return differs
		}
	}
	return same
}

// sameNumber compares names, and processor numbers with and without 0x and
// leading zeros: recovery and system print them differently.
func sameNumber(a, b string) bool {
	if strings.EqualFold(a, b) {
		return true
	}
	x, hexA := strings.CutPrefix(strings.ToLower(a), "0x")
	y, hexB := strings.CutPrefix(strings.ToLower(b), "0x")
	x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
	return (hexA || hexB) && x != "" && x == y
}

// compared says what the recovery answered to a question, and what that shows.
func compared(q question, m match, lines []string) message.Sentence {
	what := message.Say(q.what)
	if len(lines) == 0 {
		return message.Say("guide.unit.silent", "what", what)
	}
	id := map[match]message.ID{same: "guide.unit.same", differs: "guide.unit.differs", cannotTell: "guide.unit.alone"}[m]
	return message.Say(id, "what", what, "answer", lines)
}

// Known is what a later run compares a recovery with, when the handset itself
// can no longer be asked. It belongs in the case.
type Known struct {
	Vendor    string `json:"vendor"`
	Serial    string `json:"serial,omitempty"`
	CPUID     string `json:"cpu_id,omitempty"`
	ModDevice string `json:"mod_device,omitempty"`
	Codename  string `json:"codename,omitempty"`
	Build     string `json:"build,omitempty"`
}

// Know takes from an identity what a recovery can be compared with.
func Know(id handset.Identity) Known {
	k := Known{
		Serial: id.Serial.Value, CPUID: id.CPUID.Value, ModDevice: id.ModDevice.Value,
		Codename: id.Codename.Value, Build: id.Build.Value,
	}
	if id.Vendor != nil {
		k.Vendor = id.Vendor.Name
	}
	return k
}

// Identity is as much of the identity as is known.
func (k Known) Identity() handset.Identity {
	fact := func(value string) handset.Fact {
		if value == "" {
			return handset.Fact{Unknown: message.Say("identity.why.before-reset")}
		}
		return handset.Fact{Value: value, Source: "the case"}
	}
	id := handset.Identity{
		Serial: fact(k.Serial), CPUID: fact(k.CPUID), ModDevice: fact(k.ModDevice),
		Codename: fact(k.Codename), Build: fact(k.Build),
	}
	for _, v := range handset.Vendors {
		if v.Name == k.Vendor {
			id.Vendor = v
		}
	}
	return id
}
