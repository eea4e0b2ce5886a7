package interview

import (
	"context"
	"time"

	"preship/report"
	"preship/report/casedir"
	"preship/report/intake"
	"preship/report/message"
)

// Consent asks the owner whether the handset may be erased, unless the form of the case has
// the answer yes. It keeps the answer with its words and its time, and returns it.
func Consent(ctx context.Context, c *casedir.Case, asker Asker, opts Options) (agreed bool, err error) {
	in, ok, err := c.Intake()
	if err != nil || !ok || in.Agreed() {
		return in.Agreed(), err
	}
	h, err := c.Handset()
	if err != nil {
		return false, err
	}
	if in, err = askConsent(ctx, in, h, asker, opts); err != nil {
		return false, err
	}
	in, err = c.SetIntake(in, opts.Now())
	return in.Agreed(), err
}

func askConsent(ctx context.Context, in intake.Form, h *report.Handset, asker Asker, opts Options) (intake.Form, error) {
	wording := wordingOf(h)
	words, ok := wording.In(opts.Language)
	if !ok {
		words = wording.String()
	}
	for {
		answer, err := asker.Ask(ctx, message.Say("form.consent.ask", "wording", wording))
		if err != nil {
			return in, err
		}
		yes, plain := message.YesOrNo(answer)
		if !plain {
			asker.Say(message.Say("form.yes-or-no"))
			continue
		}
		in.Consent = intake.Consent{Wipe: yes, By: in.Customer.Name, At: opts.Now().UTC().Format(time.RFC3339), Wording: words}
		return in, nil
	}
}

// wordingOf is what an owner agrees to.
func wordingOf(h *report.Handset) message.Sentence {
	if h == nil {
		return message.Say("form.consent.wording.unnamed")
	}
	return message.Say("form.consent.wording", "handset", h.DisplayName())
}
