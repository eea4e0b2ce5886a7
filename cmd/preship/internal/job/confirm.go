package job

import (
	"context"
	"errors"

	"preship/adb/reset"
	"preship/report/message"
)

// confirmTries is how often a person may type the numbers of one handset.
const confirmTries = 3

// confirmed is the permit for what the owner typed, or gave beforehand. Of what
// was given beforehand, what names another handset counts for nothing here.
func (j *Job) confirmed(ctx context.Context, allow func(typed string) (reset.Permit, error)) (reset.Permit, error) {
	var permit reset.Permit
	err := error(nil)
	for _, given := range j.opts.Confirm {
		if permit, err = allow(given); !errors.Is(err, reset.ErrNotConfirmed) {
			return permit, err
		}
	}
	if len(j.opts.Confirm) == 0 {
		permit, err = j.typed(ctx, allow)
	}
	if errors.Is(err, reset.ErrNotConfirmed) {
		return reset.Permit{}, UsageOf(message.Say("usage.not-confirmed", "error", message.Of(err)), err)
	}
	return permit, err
}

// typed asks the person, and again when they mistyped.
func (j *Job) typed(ctx context.Context, allow func(typed string) (reset.Permit, error)) (reset.Permit, error) {
	wrong := error(nil)
	question := message.Say("ask.erase")
	for range confirmTries {
		answer, err := j.ask(ctx, "--confirm", question)
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
