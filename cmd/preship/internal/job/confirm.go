package job

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/reset"
	"preship/cmd/preship/internal/amount"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/verify"
)

// Between the preconditions and the wipe a person is asked, and may take an hour to
// answer. So unit, locks, changes and backup are checked again after the answer, and
// the backup again right before the command that wipes.

const (
	// answerHolds is how long the answer to the question to erase is good for.
	answerHolds = 5 * time.Minute
	// maxAnswers is how often one run asks the question: each time after the first
	// because something came to the handset while the last one was open.
	maxAnswers = 3
)

// confirmReset asks for the permit, and checks the preconditions again after the
// answer. If something is new on the handset, it saves that and asks again.
func (e *erasure) confirmReset(ctx context.Context, ready report.Findings) (reset.Permit, verify.Before, report.Findings, error) {
	e.anew = message.Sentence{}
	first := verify.LookBefore(ctx, e.reader(), e.identity)
	for asked := 1; ; asked++ {
		var err error
		if ready, err = e.saveChanges(ctx, ready); err == nil {
			ready, err = e.attestUnchanged(ctx, ready)
		}
		if err != nil {
			return reset.Permit{}, first, ready, err
		}
		permit, err := e.permit(ctx, ready)
		if err != nil {
			return reset.Permit{}, first, ready, err
		}
		answered := e.host.Now()
		if !e.unasked() { // nobody took time to answer
			e.say(message.Say("job.check-again"))
		}
		before, after, err := e.lookAfterAnswer(ctx, first)
		if err != nil {
			return reset.Permit{}, before, ready, message.Error(message.Say("job.error.not-erased"), err)
		}
		late := e.host.Now().Sub(answered) > answerHolds
		if reset.Stands(after) == nil && !late {
			return permit, before, after, nil
		}
		ready = after
		slow := message.Say("job.slow", "time", amount.Span(answerHolds))
		if asked == maxAnswers || !late && !onlyUnsaved(after) {
			err := reset.Stands(after)
			if err == nil {
				err = fmt.Errorf("%w: %w", reset.ErrNotReady, message.Error(message.Say("job.slow.times", "time", amount.Span(answerHolds), "count", asked), nil))
				e.say(message.Say("job.not-erased", "why", slow))
			} else {
				e.say(message.Say("job.not-erased.changed"))
				e.sayAgainst(after)
			}
			return reset.Permit{}, before, after, fmt.Errorf("%w: %w", errRefused, err)
		}
		e.anew = message.Say("job.ask-again.slow", "why", slow)
		if f, _ := after.ByID(check.ResetReadyUnchanged); Stands(f) {
			e.anew = message.Say("job.ask-again.changed", "finding", withSeen(f))
		}
	}
}

// onlyUnsaved reports whether changes that a new backup would save are all that
// stands against the reset.
func onlyUnsaved(ready report.Findings) bool {
	return !slices.ContainsFunc(ready, func(f report.Finding) bool {
		return Stands(f) && (f.ID != check.ResetReadyUnchanged || f.Status != report.StatusFail)
	})
}

// lookAfterAnswer repeats CanFinish, identifies the handset again and checks the
// preconditions again. It also reads what the checks after the reset compare with.
func (e *erasure) lookAfterAnswer(ctx context.Context, first verify.Before) (verify.Before, report.Findings, error) {
	if err := e.canErase(ctx); err != nil {
		return first, nil, err
	}
	asked, reader := e.identity, e.reader()
	id, err := handset.Identify(ctx, reader)
	if err = reader.Whole(err); err != nil {
		return first, nil, err
	}
	if _, _, err := e.describes(id); err != nil {
		return first, nil, err
	}
	ready := e.readyNow(ctx)
	before, err := e.keepBefore(ctx)
	if err != nil {
		return before, ready, err
	}
	if err := e.stillThere(ctx); err != nil {
		return before, nil, err
	}
	if err := sameHandset(asked, id); err != nil {
		ready = replaced(ready, reset.Since(err))
	} else if err := sameID(first.AndroidID, before.AndroidID); err != nil {
		ready = replaced(ready, reset.Since(err))
	}
	return before, ready, nil
}

// stillThere returns an error if the handset left meanwhile: its missing answers then
// prove nothing.
func (e *erasure) stillThere(ctx context.Context) error {
	state, err := e.device.State(ctx)
	switch {
	case err != nil:
		return err
	case state == adb.StateAbsent:
		return fmt.Errorf("%s: %w", e.device.Serial(), adb.ErrGone)
	case state != adb.StateDevice:
		return &adb.StateError{Serial: e.device.Serial(), State: state}
	}
	return nil
}

// stillReady asks the preconditions again before another way is tried: the first
// one may have waited long for somebody at the handset.
func (e *erasure) stillReady(ctx context.Context) error {
	_, ready, err := e.lookAfterAnswer(ctx, verify.Before{})
	if err != nil {
		return err
	}
	if err := reset.Stands(ready); err != nil {
		e.wipe.Findings = append(e.wipe.Findings, slices.DeleteFunc(ready, func(f report.Finding) bool { return !Stands(f) })...)
		return fmt.Errorf("%w: %w", errRefused, err)
	}
	return nil
}

// attestUnchanged asks the person whether the kinds that the handset no longer shows
// have changed since the backup. Without a terminal the finding stays unchanged.
func (e *erasure) attestUnchanged(ctx context.Context, ready report.Findings) (report.Findings, error) {
	f, _ := ready.ByID(check.ResetReadyUnchanged)
	if f.Status != report.StatusUnknown || !e.hidden || !e.person.CanAsk() {
		return ready, nil
	}
	e.say(f.Sentence())
	answer, err := e.ask(ctx, "--despite="+f.ID, message.Say("ask.unchanged"))
	if yes, plain := message.YesOrNo(answer); err != nil || answer != "" && (!plain || yes) {
		return ready, err // anything but a plain no saves the data again
	}
	e.saidUnchanged = true
	return e.withAttestation(ready), nil
}

// withAttestation accepts that the handset hides kinds of data that the backup has, if
// the person attests that they did not change. It accepts no visible change.
func (e *erasure) withAttestation(ready report.Findings) report.Findings {
	f, _ := ready.ByID(check.ResetReadyUnchanged)
	if f.Status != report.StatusUnknown || !e.hidden || !e.saidUnchanged {
		return ready
	}
	return replaced(ready, accepted(f))
}

// confirmTries is how often a person may type the numbers of one handset.
const confirmTries = 3

// confirmed is the permit for what the owner typed, or gave beforehand. A
// confirmation given beforehand for another handset does not count.
func (e *erasure) confirmed(ctx context.Context, allow func(typed string) (reset.Permit, error)) (reset.Permit, error) {
	var permit reset.Permit
	err := error(nil)
	for _, given := range e.opts.Confirm {
		if permit, err = allow(given); !errors.Is(err, reset.ErrNotConfirmed) {
			return permit, err
		}
	}
	if len(e.opts.Confirm) == 0 {
		permit, err = e.typed(ctx, allow)
	}
	if errors.Is(err, reset.ErrNotConfirmed) {
		return reset.Permit{}, usageOf(message.Say("usage.not-confirmed", "error", message.Of(err)), err)
	}
	return permit, err
}

// typed asks the person, and again when they mistyped.
func (e *erasure) typed(ctx context.Context, allow func(typed string) (reset.Permit, error)) (reset.Permit, error) {
	wrong := error(nil)
	question := message.Say("ask.erase")
	for range confirmTries {
		answer, err := e.ask(ctx, "--confirm", question)
		if err != nil && wrong != nil && ctx.Err() == nil {
			return reset.Permit{}, wrong // the input has ended
		}
		if err != nil {
			return reset.Permit{}, err
		}
		permit, err := allow(answer)
		if !errors.Is(err, reset.ErrNotConfirmed) {
			return permit, err
		}
		wrong = err
		question = message.Say("ask.erase.again", "typed", answer)
	}
	return reset.Permit{}, wrong
}
