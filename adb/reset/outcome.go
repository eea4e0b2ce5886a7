package reset

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// ErrNotReset: the handset came back as it was.
var ErrNotReset = message.Error(message.Say("error.not-reset"), nil)

// maxLooks is how often a handset that leaves while it is asked is looked at.
const maxLooks = 3

// judge turns what the watch saw into findings and a rung. err is the watch's.
// A handset that stays away is no error: with USB debugging off, as after a
// reset, it is not on the bus. One that leaves while it is asked is judged by the
// state that it comes back in.
func (a *attempt) judge(ctx context.Context, s Sighting, err error) error {
	before := slices.Clip(a.out.Findings)
	for look := 1; ; look++ {
		lost, judged := a.judgeOnce(ctx, s, err)
		if !lost || look == maxLooks || ctx.Err() != nil {
			return judged
		}
		state, stateErr := a.Device.State(ctx)
		if stateErr != nil {
			return judged
		}
		a.out.Findings, a.out.ReturnedAt, a.out.ReturnedState = before, nil, nil
		if state == adb.StateAbsent {
			a.leaving()
		}
		s, err = a.await(ctx)
	}
}

// judgeOnce is judge for one look. lost reports that the handset did not answer.
func (a *attempt) judgeOnce(ctx context.Context, s Sighting, err error) (lost bool, judged error) {
	a.notice(s)
	switch {
	case errors.Is(err, ErrStayed):
		a.find(check.ResetLeft, report.StatusFail, "reset.left.stayed", unseen)
		return false, err
	case errors.Is(err, ErrAway):
		a.foundLeft()
		a.foundAway()
		return false, nil
	case err != nil:
		return false, err
	}
	a.foundLeft()
	a.find(check.ResetReturned, report.StatusPass, "reset.returned.seen", back(s))
	switch s.State {
	case adb.StateUnauthorized:
		a.find(check.ResetKeyForgotten, report.StatusPass, "reset.key-forgotten.forgotten", message.Say("reset.seen.unauthorized"))
		a.raise(report.RungCameBackUnauthorized)
		return false, nil
	case adb.StateDevice:
		return a.askAgain(ctx)
	}
	return false, a.foundElsewhere(s.State)
}

// notice keeps when the handset came back; when it left was kept at that moment.
func (a *attempt) notice(s Sighting) {
	if !s.Returned.IsZero() {
		state := string(s.State)
		a.out.ReturnedAt, a.out.ReturnedState = a.now(), &state
	}
}

func stamp(t time.Time) *time.Time {
	t = t.UTC().Truncate(time.Second)
	return &t
}

// back says in which state the handset came back, and after how long.
func back(s Sighting) message.Sentence {
	if s.Left.IsZero() || s.Returned.IsZero() {
		return message.Say("reset.seen.back", "state", string(s.State))
	}
	return message.Say("reset.seen.back-after", "time", s.Returned.Sub(s.Left).Round(time.Second).String(), "state", string(s.State))
}

func (a *attempt) foundLeft() {
	if a.out.LeftAt == nil {
		a.find(check.ResetLeft, report.StatusWarn, "reset.left.not-seen", unseen)
		return
	}
	observed := message.AsIs(a.out.LeftAt.Format(time.RFC3339))
	if !a.began.IsZero() && !a.gone.IsZero() {
		observed = message.Say("reset.seen.left", "time", a.gone.Sub(a.began).Round(time.Second).String())
	}
	a.find(check.ResetLeft, report.StatusPass, "reset.left.seen", observed)
}

// foundAway: a handset that was reset is off the bus until it is set up, so that
// it is away stops nothing. How much is known then is for the rung to say.
func (a *attempt) foundAway() {
	a.find(check.ResetReturned, report.StatusWarn, "reset.returned.not-seen", unseen)
}

// askAgain settles what a handset that let this computer in is. Either it still
// knows us, and nothing was wiped, or its owner has set it up and allowed us
// since: a reset gives it another Android ID. lost reports that there was no answer.
func (a *attempt) askAgain(ctx context.Context) (lost bool, judged error) {
	id, ref, err := a.androidID(ctx)
	switch {
	case err != nil || a.AndroidID == "":
		a.find(check.ResetKeyForgotten, report.StatusUnknown, "reset.key-forgotten.unknown", reasonOr(err, "reset.seen.no-id"), ref)
		return err != nil && ref == "", nil
	case id == a.AndroidID:
		a.find(check.ResetKeyForgotten, report.StatusFail, "reset.key-forgotten.not-reset", unseen, ref)
		a.out.Rung = report.RungNone
		return false, ErrNotReset
	}
	if a.out.Way == benchName {
		a.find(check.ResetAndroidID, report.StatusPass, "reset.android-id.changed", unseen, ref)
		return false, nil // it keeps this computer on purpose, so that there is no rung in that
	}
	a.find(check.ResetKeyForgotten, report.StatusPass, "reset.key-forgotten.new-id", unseen, ref)
	a.raise(report.RungCameBackUnauthorized)
	return false, nil
}

func (a *attempt) androidID(ctx context.Context) (id, ref string, err error) {
	line := handset.AndroidID.Must()
	answer, err := handset.Ask(ctx, a.Reader, line)
	if err != nil {
		return "", "", err
	}
	id = strings.TrimSpace(string(answer.Stdout))
	if !looksLikeID(id) {
		return "", answer.Ref, message.Error(message.Say("reset.seen.answer-no-id", "value", strconv.Quote(dump.Printable(answer.Stdout, 60))), nil)
	}
	return id, answer.Ref, nil
}

// looksLikeID: an Android ID is a 64-bit number in hexadecimal, without leading zeros.
func looksLikeID(s string) bool {
	return s != "" && len(s) <= 16 && strings.Trim(s, "0123456789abcdef") == ""
}

func (a *attempt) foundElsewhere(state adb.State) error {
	a.findTold(check.ResetKeyForgotten, report.StatusUnknown, message.Say("reset.key-forgotten.state", "state", state), message.AsIs(string(state)))
	a.say("guide.elsewhere", "state", string(state))
	return nil
}

// Attest notes what a person says they saw of a reset, which counts only where
// nothing stronger is known.
func Attest(r *report.Reset, words string, at time.Time) {
	f := finding(check.ResetAttested, report.StatusWarn, "reset.attested.person", printed(words, 300))
	f.Method, f.At = report.MethodAttested, *stamp(at)
	r.Findings = append(r.Findings, f)
	if r.Rung == report.RungNone {
		r.Rung = report.RungAttested
	}
}
