package job

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"preship/adb/reset"
	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
	"preship/report/message"
	"preship/report/page"
	"preship/report/policy"
	"preship/report/seal"
	"preship/report/timestamp/authority"
	"preship/report/trust"
)

// Report seals the report of the case in Options.Dir, as far as its job got.
func (j *Job) Report(ctx context.Context) error {
	if j.opts.Dir == "" {
		return Usage(message.Say("usage.case"))
	}
	if err := j.Open(); err != nil {
		return err
	}
	if err := j.CanFinish(ctx); err != nil {
		return err
	}
	return j.Seal(ctx)
}

// Seal makes the report of what the case holds so far, and seals it.
func (j *Job) Seal(ctx context.Context) error {
	return j.runStep(ctx, stepNamed(report.StepReport))
}

func (s *sealing) report(ctx context.Context) (any, report.Findings, error) {
	signer, err := s.sealer(ctx)
	if err != nil {
		return nil, nil, err
	}
	r, err := s.kept.Report(s.tool(ctx))
	s.end.Report = r
	if err != nil {
		return nil, nil, err
	}
	if s.opts.Language != "" {
		s.end.Report.Language = s.opts.Language
	}
	pages := Pages()
	pages.Stamp = s.stamp(ctx)
	if err := seal.Seal(s.kept, s.end.Report, signer, pages); err != nil {
		return nil, nil, err
	}
	s.end.Sealed = true
	for _, step := range r.Steps {
		if f, ok := step.Findings.ByID(check.ComputerClock); ok && s.read(f.Sentence()) {
			s.waits.Tell(Warned{f.Sentence()})
		}
	}
	if err := s.pack(); err != nil {
		return nil, nil, err
	}
	return nil, nil, s.writeOutputs(s.end.Report, s.end.Report)
}

// Pages draws the pages of a report.
func Pages() seal.Pages {
	return seal.Pages{HTML: page.HTML, PDF: page.PDF, Label: page.Label, Fault: page.FaultPDF}
}

// stamp returns how the report gets its time stamp, nil if none was asked for. A report
// without one is better than no report: the handset may be erased by now.
func (s *sealing) stamp(ctx context.Context) seal.Stamper {
	if s.opts.Timestamp == "" {
		return nil
	}
	return func(signature []byte) ([]byte, error) {
		token, err := authority.Get(ctx, s.opts.Timestamp, signature)
		if err != nil {
			s.end.Unstamped = err
			s.waits.Tell(Warned{message.Say("job.no-stamp", "error", message.Of(err))})
		}
		return token, nil
	}
}

// pack writes the parcel file into the case. A handset that is not READY is not to be
// posted, so its case gets none.
func (s *sealing) pack() error {
	if s.end.Report.Verdict != report.VerdictReady {
		return nil
	}
	_, err := seal.PackFile(s.kept.Root(), casedir.ParcelName(s.end.Report.ID), s.kept.Dir(), seal.PackOptions{})
	return err
}

func (s *sealing) tryOutputs() error {
	if s.host.Outputs == nil {
		return nil
	}
	return s.host.Outputs.Try()
}

// writeOutputs applies the policy to the whole report and writes the outputs of a
// part of it.
func (s *sealing) writeOutputs(whole, part report.Report) error {
	if s.host.Outputs == nil {
		return nil
	}
	s.end.Ruling = s.host.Outputs.Rule(whole, s.host.Now())
	return s.host.Outputs.Write(part, s.end.Ruling)
}

// stepOutputs makes the outputs of one step of the case, without sealing it.
func (s *sealing) stepOutputs(step string) error {
	if s.host.Outputs == nil {
		return nil
	}
	r, err := s.kept.Report(s.host.Tool)
	if err != nil {
		return err
	}
	return s.writeOutputs(r, r.Only(step))
}

// sealer is who signs the report: the key that was tried before the first step.
func (s *sealing) sealer(ctx context.Context) (trust.Signer, error) {
	if err := s.loadKey(ctx); err != nil {
		return trust.Signer{}, err
	}
	s.TellKey()
	return s.key.Signer, nil
}

func (s *sealing) tool(ctx context.Context) report.Tool {
	t := s.host.Tool
	if s.client == nil {
		return t
	}
	if n, err := s.client.Version(ctx); err == nil {
		t.ADB = fmt.Sprintf("server %d", n)
	}
	return t
}

// End is how a job ended, as far as it got.
type End struct {
	Begun      bool  // the whole job began its first step
	Stopped    bool  // a blocker of the outlook ended it, and nothing was asked
	Err        error // all that went wrong, also in a job that came to its end
	Unreported bool  // the report could not be made whole; Err says why
	Unstamped  error // why the report has no time stamp, although one was asked for
	Sealed     bool  // Report is sealed in the case, whatever failed afterwards
	Report     report.Report
	Ruling     *policy.Ruling // of the policy on Report; nil if there is no policy
}

// Ended lets go of the handset and the case of a whole job, and calls Host.After. An error of
// it is a warning: the report is sealed. The files of the case are closed then.
func (j *Job) Ended(ctx context.Context) {
	if j.host.After == nil || !j.end.Begun {
		return
	}
	end := Ending{j.kept.Dir(), j.kept.ID(), j.end.Sealed, j.end.Report}
	err := j.Close()
	if err == nil {
		err = j.host.After(context.WithoutCancel(ctx), end)
	}
	if err != nil {
		what := message.Say("job.after", "error", message.Of(err))
		j.waits.Tell(Warned{what})
		j.waits.Tell(Found{report.Finding{
			ID: check.ComputerAfter, Status: report.StatusWarn, Method: report.MethodObserved, Summary: what.String(), Message: &what, At: j.host.Now().UTC(),
		}})
	}
}

// End returns how the job ended.
func (j *Job) End() End { return j.end }

// Reasons returns the reasons of the verdict for the owner, who needs the names of
// files that the sealed report masks. Of a reset that was not ready it leaves out the
// names of the checks, since each of those is a reason itself.
func (j *Job) Reasons() []report.Reason {
	reasons := slices.Clone(j.end.Report.Reasons)
	for i := range reasons {
		why := &reasons[i]
		rec := j.kept.Step(why.Step)
		if f, ok := rec.Findings.ByID(why.Check); ok {
			why.What, why.Message, why.Next, why.NextMessage = f.Summary, f.Message, f.Remedy, f.RemedyMessage
		} else if why.Check == "" && notReady(rec) {
			s := message.Say("job.not-ready")
			why.What, why.Message = s.String(), &s
		}
	}
	return reasons
}

// notReady reports whether a step is a reset that a precondition stood against.
func notReady(rec report.StepRecord) bool {
	return rec.Name == report.StepReset && rec.State == report.StepRefused && errors.Is(reset.Stands(rec.Findings), reset.ErrNotReady)
}

// Why returns a reason as a sentence.
func Why(why report.Reason) message.Sentence { return message.Signed(why.What, why.Message) }

// Next returns what to do about a reason; empty if that is not known.
func Next(why report.Reason) message.Sentence { return message.Signed(why.Next, why.NextMessage) }
