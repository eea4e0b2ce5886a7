package reset

import (
	"context"
	"errors"
	"fmt"
	"time"

	"preship/adb"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/report/wait"
)

// MayBeSent says whether an earlier run may have sent the wipe without learning
// how it ended. From there a job is only watched, unless its owner says otherwise.
func MayBeSent(r report.Reset) bool {
	way, known := WayNamed(r.Way)
	switch {
	case r.TriggeredAt == nil || r.Answer == nil && tells(r.ReturnedState):
		return false
	case known && !way.Wipes:
		return r.LeftAt != nil // nothing is sent, so a handset that never left is watched anew
	case r.Answer == nil:
		return true
	}
	_, meaning := readFormat([]byte(*r.Answer))
	switch {
	case meaning == nil:
		return r.ReturnedState == nil
	case errors.Is(meaning, ErrFormatUnknown):
		return true
	}
	return false // answered, and not done
}

// tells reports whether the state of a returned handset shows what became
// of the reset. One that is in its recovery again shows nothing.
func tells(state *string) bool {
	return state != nil && (*state == string(adb.StateDevice) || *state == string(adb.StateUnauthorized))
}

// Awaited says whether an earlier run was watching for a reset that the person
// starts, and ended before the handset left. Whether there was one since is for
// the handset to show.
func Awaited(r report.Reset) bool {
	way, known := WayNamed(r.Way)
	return known && !way.Wipes && r.TriggeredAt != nil && r.LeftAt == nil && r.ReturnedState == nil
}

// Done says whether an earlier run saw the reset to its end.
func Done(r report.Reset) bool {
	changed, _ := r.Findings.ByID(check.ResetAndroidID)
	return r.TriggeredAt != nil && !MayBeSent(r) && (r.Rung != report.RungNone || changed.Status == report.StatusPass)
}

// Resume continues a job whose earlier run was interrupted after the wipe
// may have been sent. It watches; the one thing it may send is the restart of a
// handset that has answered that it is formatted. The errors are those of Run.
func Resume(ctx context.Context, j *Job) (report.Reset, error) {
	a := newAttempt(j, j.Earlier)
	err := a.resume(ctx)
	a.keep()
	return a.out, errors.Join(err, a.lost)
}

func (a *attempt) resume(ctx context.Context) error {
	if Awaited(a.out) {
		a.say("guide.was-watching")
	} else {
		a.say("guide.maybe-sent")
	}
	state, err := a.Device.State(ctx)
	if err != nil {
		return err
	}
	seen := Sighting{Returned: time.Now(), State: state}
	if state == adb.StateAbsent {
		if seen, err = a.await(ctx); err != nil {
			return a.judge(ctx, seen, err)
		}
	}
	if seen.State = settle(ctx, a.Device, seen.State, a.limits.Settle); seen.State != adb.StateSideload {
		return a.judge(ctx, seen, nil)
	}
	if a.out.Rung == report.RungFormatAnswered {
		return a.leaveAssistant(ctx)
	}
	a.find(check.ResetAnswer, report.StatusUnknown, "reset.answer.unknown", message.Say("reset.seen.in-recovery"))
	return fmt.Errorf("%w: %w", ErrFormatUnknown, message.Error(message.Say("guide.error.still-waiting"), nil))
}

// await waits for a handset that was away, and may be back by now. The error is ErrAway
// or the bus's own.
func (a *attempt) await(ctx context.Context) (Sighting, error) {
	defer a.wait(wait.Return, a.limits.Return)()
	ctx, cancel := context.WithTimeoutCause(ctx, a.limits.Return, ErrAway)
	defer cancel()
	info, err := a.Device.WaitFor(ctx)
	if err != nil {
		return Sighting{}, becauseOf(ctx, err)
	}
	return Sighting{Left: a.gone, Returned: time.Now(), State: settle(ctx, a.Device, info.State, a.limits.Settle)}, nil
}
