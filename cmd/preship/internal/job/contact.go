package job

import (
	"context"
	"errors"
	"fmt"

	"preship/cmd/preship/internal/interview"
	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
	"preship/report/intake"
	"preship/report/message"
)

// skippedName is where the case keeps that the person did without the form.
const skippedName = "intake.skipped"

// contactFirst settles the form of the case before the backup: the maker or the seller is
// contacted first, the papers agree with the handset, and the owner agrees
// that the handset is erased. It refuses the rest of the job if one of them is not so.
func (j *Job) contactFirst(ctx context.Context) error {
	err := j.fillForm(ctx)
	if err == nil {
		err = j.agreeing(ctx)
	}
	if err != nil {
		return j.refuse(ctx, nil, err)
	}
	return nil
}

// paperwork is the intake form of the case, and the consent in it.
type paperwork struct{ *common }

// fillForm takes the form of --intake, or asks for one where the case has none.
func (p *paperwork) fillForm(ctx context.Context) error {
	_, formed, err := p.kept.Intake()
	switch {
	case err != nil:
		return err
	case p.opts.Intake != nil:
		in, err := p.kept.SetIntake(*p.opts.Intake, p.host.Now())
		if err != nil {
			return formUsage(err)
		}
		return p.writeClaim(in)
	case formed:
		return p.mendForm(ctx)
	}
	return p.offerForm(ctx)
}

// offerForm asks for the form, unless the person does without.
func (p *paperwork) offerForm(ctx context.Context) error {
	var skipped bool
	if _, err := p.kept.Kept(skippedName, &skipped); err != nil || skipped || !p.opts.interviews() || !p.person.CanAsk() {
		return err
	}
	_, begun, err := p.kept.Draft()
	if err != nil {
		return err
	}
	if !begun {
		answer, err := p.person.Ask(ctx, Question{Flag: "--no-intake", Text: message.Say("ask.intake")})
		if err != nil {
			return err
		}
		if yes, _ := message.YesOrNo(answer); !yes {
			return p.kept.Keep(skippedName, true)
		}
	}
	in, err := interview.Run(ctx, p.kept, p.interviewee(), p.interviewed())
	if err != nil {
		return formUsage(err)
	}
	return p.writeClaim(in)
}

// mendForm asks again for what contradicts the handset in a form that was filled in before
// the handset was connected. Where no question can be asked, it is an error.
func (p *paperwork) mendForm(ctx context.Context) error {
	in, _, err := p.kept.Intake()
	if err != nil {
		return err
	}
	differs, err := p.kept.Unlike(in)
	switch {
	case err != nil || len(differs) == 0:
		return err
	case !p.person.CanAsk():
		return fmt.Errorf("%w: %w", errRefused, formUsage(&intake.Error{Problems: differs}))
	}
	if in, err = interview.Mend(ctx, p.kept, p.interviewee(), p.interviewed()); err != nil {
		return formUsage(err)
	}
	return p.writeClaim(in)
}

// writeClaim writes the first message, and shows it to a person.
func (p *paperwork) writeClaim(in intake.Form) error {
	text, err := interview.FirstClaim(p.kept, in, p.host.Tool)
	if err != nil || text == nil {
		return err
	}
	if p.person.CanAsk() {
		interview.Show(p.interviewee(), text)
	}
	p.say(message.Say("form.claim", "file", casedir.ClaimName))
	return nil
}

// errNotAgreed: the owner did not agree that the handset is erased.
var errNotAgreed = message.Error(message.Say("job.error.not-agreed"), nil)

// agreeing asks for the consent where the case has a form. Nothing is asked of a person who
// does without the form: what they type before the reset is their consent.
func (p *paperwork) agreeing(ctx context.Context) error {
	in, formed, err := p.kept.Intake()
	if err != nil || !formed || in.Agreed() {
		return err
	}
	if !p.person.CanAsk() {
		if in.Consent.At == "" {
			return unanswered(message.Say("usage.no-answer.consent"), "--intake")
		}
		return fmt.Errorf("%w: %w", errRefused, errNotAgreed)
	}
	agreed, err := interview.Consent(ctx, p.kept, p.interviewee(), p.interviewed())
	if err == nil && !agreed {
		err = fmt.Errorf("%w: %w", errRefused, errNotAgreed)
	}
	return err
}

// consentFirst asks the owner of a form without a yes, where the reset is run by itself.
// The whole job has asked before the backup.
func (p *paperwork) consentFirst(ctx context.Context, ready report.Findings) (report.Findings, error) {
	f, formed := ready.ByID(check.ResetReadyConsent)
	if p.whole || !formed || !Stands(f) || !p.person.CanAsk() {
		return ready, nil
	}
	if _, err := interview.Consent(ctx, p.kept, p.interviewee(), p.interviewed()); err != nil {
		return ready, err
	}
	f, _ = p.consent()
	return replaced(ready, f), nil
}

func (p *paperwork) interviewee() interview.Asker { return Interviewee(p.person, "--intake") }

func (p *paperwork) interviewed() interview.Options {
	return interview.Options{Now: p.host.Now, Language: p.opts.Language}
}

// consent is whether the owner agreed to the reset, as the answer to a check; ok is false
// if the case has no form.
func (p *paperwork) consent() (f report.Finding, ok bool) {
	in, formed, err := p.kept.Intake()
	if err == nil && !formed {
		return f, false
	}
	f = report.Finding{ID: check.ResetReadyConsent, Method: report.MethodAttested, At: p.host.Now().UTC(), Evidence: []string{}}
	switch {
	case err != nil:
		f.Status = report.StatusUnknown
		f.Tell(message.Say("reset.ready.consent.unread", "error", message.Of(err)))
	case in.Agreed():
		f.Status = report.StatusPass
		f.Tell(message.Say("reset.ready.consent.given", "time", in.Consent.At, "wording", in.Consent.Wording))
	case in.Consent.At != "":
		f.Status = report.StatusFail
		f.Tell(message.Say("reset.ready.consent.declined", "time", in.Consent.At, "wording", in.Consent.Wording))
	default:
		f.Status = report.StatusUnknown
		f.Tell(message.Say("reset.ready.consent.missing"))
	}
	if f.Status != report.StatusPass {
		f.Advise(message.Say("reset.ready.consent.remedy"))
	}
	return f, true
}

// formUsage names every problem of a form in one [UsageError].
func formUsage(err error) error {
	wrong := (*intake.Error)(nil)
	if !errors.As(err, &wrong) {
		return err
	}
	var all []message.Sentence
	for _, p := range wrong.Problems {
		all = append(all, message.Say("form.problem", "field", p.Field, "problem", p.What))
	}
	return usageOf(message.Say("usage.intake.refused", "problems", message.Join(message.Stop, all...)), err)
}

// papers are the findings about the form of the case that stand against a reset: a
// contradiction with the handset, and a missing consent.
func (p *paperwork) papers() (against report.Findings) {
	if f, ok := p.consent(); ok {
		against = append(against, f)
	}
	in, formed, err := p.kept.Intake()
	if err != nil || !formed {
		return against
	}
	if f := in.Compare(&p.handset); f.Status == report.StatusFail {
		f.At, f.Evidence = p.host.Now().UTC(), []string{}
		against = append(against, f)
	}
	return against
}
