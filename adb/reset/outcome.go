package reset

import (
	"context"
	"errors"
	"fmt"
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

// judge turns what the watch saw into findings and a rung. err is the watch's.
// A handset that stays away is no error: with USB debugging off, as after a
// reset, it is not on the bus.
func (a *attempt) judge(ctx context.Context, s Sighting, err error) error {
	a.notice(s)
	switch {
	case errors.Is(err, ErrStayed):
		a.find(check.ResetLeft, report.StatusFail, "reset.left.stayed", "")
		return err
	case errors.Is(err, ErrAway):
		a.foundLeft()
		a.foundAway()
		return nil
	case err != nil:
		return err
	}
	a.foundLeft()
	a.find(check.ResetReturned, report.StatusPass, "reset.returned.seen", fmt.Sprintf("%sback in state %s", after(s.Left, s.Returned), s.State))
	switch s.State {
	case adb.StateUnauthorized:
		a.find(check.ResetKeyForgotten, report.StatusPass, "reset.key-forgotten.forgotten", "state unauthorized")
		a.raise(report.RungCameBackUnauthorized)
		return nil
	case adb.StateDevice:
		return a.askAgain(ctx)
	}
	return a.foundElsewhere(s.State)
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

func after(left, returned time.Time) string {
	if left.IsZero() || returned.IsZero() {
		return ""
	}
	return fmt.Sprintf("away for %s, ", returned.Sub(left).Round(time.Second))
}

func (a *attempt) foundLeft() {
	if a.out.LeftAt == nil {
		a.find(check.ResetLeft, report.StatusWarn, "reset.left.not-seen", "")
		return
	}
	observed := a.out.LeftAt.Format(time.RFC3339)
	if !a.began.IsZero() && !a.gone.IsZero() {
		observed = fmt.Sprintf("%s after the reset was triggered", a.gone.Sub(a.began).Round(time.Second))
	}
	a.find(check.ResetLeft, report.StatusPass, "reset.left.seen", observed)
}

// foundAway: a handset that was reset is off the bus until it is set up, so that
// it is away stops nothing. How much is known then is for the rung to say.
func (a *attempt) foundAway() {
	a.find(check.ResetReturned, report.StatusWarn, "reset.returned.not-seen", "")
}

// askAgain settles what a handset that let this computer in is. Either it still
// knows us, and nothing was wiped, or its owner has set it up and allowed us
// since: a reset gives it another Android ID.
func (a *attempt) askAgain(ctx context.Context) error {
	id, ref, err := a.androidID(ctx)
	switch {
	case err != nil || a.AndroidID == "":
		a.find(check.ResetKeyForgotten, report.StatusUnknown, "reset.key-forgotten.unknown", reasonOr(err, "the Android ID before the reset is not known"), ref)
		return nil
	case id == a.AndroidID:
		a.find(check.ResetKeyForgotten, report.StatusFail, "reset.key-forgotten.not-reset", "", ref)
		a.out.Rung = report.RungNone
		return ErrNotReset
	}
	if a.out.Way == benchName {
		a.find(check.ResetAndroidID, report.StatusPass, "reset.android-id.changed", "", ref)
		return nil // it keeps this computer on purpose, so that there is no rung in that
	}
	a.find(check.ResetKeyForgotten, report.StatusPass, "reset.key-forgotten.new-id", "", ref)
	a.raise(report.RungCameBackUnauthorized)
	return nil
}

func (a *attempt) androidID(ctx context.Context) (id, ref string, err error) {
	line := handset.AndroidID.Must()
	answer, err := handset.Ask(ctx, a.Reader, line)
	if err != nil {
		return "", "", err
	}
	id = strings.TrimSpace(string(answer.Stdout))
	if !looksLikeID(id) {
		return "", answer.Ref, fmt.Errorf("the answer %q is no Android ID", dump.Printable(answer.Stdout, 60))
	}
	return id, answer.Ref, nil
}

// looksLikeID: an Android ID is a 64-bit number in hexadecimal, without leading zeros.
func looksLikeID(s string) bool {
	return s != "" && len(s) <= 16 && strings.Trim(s, "0123456789abcdef") == ""
}

func (a *attempt) foundElsewhere(state adb.State) error {
	a.findTold(check.ResetKeyForgotten, report.StatusUnknown, message.Say("reset.key-forgotten.state", "state", state), string(state))
	a.say("guide.elsewhere", "state", string(state))
	return nil
}

// Attest notes what a person says they saw of a reset, which counts only where
// nothing stronger is known.
func Attest(r *report.Reset, words string, at time.Time) {
	f := finding(check.ResetAttested, report.StatusWarn, "reset.attested.person", dump.Printable([]byte(words), 300))
	f.Method, f.At = report.MethodAttested, *stamp(at)
	r.Findings = append(r.Findings, f)
	if r.Rung == report.RungNone {
		r.Rung = report.RungAttested
	}
}
