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

func (j *Job) report(ctx context.Context) (any, report.Findings, error) {
	signer, err := j.sealer(ctx)
	if err != nil {
		return nil, nil, err
	}
	r, err := j.kept.Report(j.tool(ctx))
	j.end.Report = r
	if err != nil {
		return nil, nil, err
	}
	if j.opts.Language != "" {
		j.end.Report.Language = j.opts.Language
	}
	pages := Pages()
	pages.Stamp = j.stamp(ctx)
	if err := seal.Seal(j.kept, j.end.Report, signer, pages); err != nil {
		return nil, nil, err
	}
	j.end.Sealed = true
	for _, s := range r.Steps {
		if f, ok := s.Findings.ByID(check.ComputerClock); ok && j.read(f.Told()) {
			j.waits.Tell(Warned{f.Told()})
		}
	}
	if err := j.pack(); err != nil {
		return nil, nil, err
	}
	return nil, nil, j.writeOutputs(j.end.Report, j.end.Report)
}

// Pages draws the pages of a report.
func Pages() seal.Pages {
	return seal.Pages{HTML: page.HTML, PDF: page.PDF, Label: page.Label, Fault: page.FaultPDF}
}

// stamp returns how the report gets its time stamp, nil if none was asked for. A report
// without one is better than no report: the handset may be erased by now.
func (j *Job) stamp(ctx context.Context) seal.Stamper {
	if j.opts.Timestamp == "" {
		return nil
	}
	return func(signature []byte) ([]byte, error) {
		token, err := authority.Get(ctx, j.opts.Timestamp, signature)
		if err != nil {
			j.end.Unstamped = err
			j.waits.Tell(Warned{message.Say("job.no-stamp", "error", message.Of(err))})
		}
		return token, nil
	}
}

// pack writes the parcel file into the case. A handset that is not READY is not to be
// posted, so its case gets none.
func (j *Job) pack() error {
	if j.end.Report.Verdict != report.VerdictReady {
		return nil
	}
	_, err := seal.PackFile(j.kept.Root(), casedir.ParcelName(j.end.Report.ID), j.kept.Dir(), seal.PackOptions{})
	return err
}

func (j *Job) tryOutputs() error {
	if j.host.Outputs == nil {
		return nil
	}
	return j.host.Outputs.Try()
}

// writeOutputs applies the policy to the whole report and writes the outputs of a
// part of it.
func (j *Job) writeOutputs(whole, part report.Report) error {
	if j.host.Outputs == nil {
		return nil
	}
	j.end.Ruling = j.host.Outputs.Rule(whole, j.host.Now())
	return j.host.Outputs.Write(part, j.end.Ruling)
}

// stepOutputs makes the outputs of one step of the case, without sealing it.
func (j *Job) stepOutputs(step string) error {
	if j.host.Outputs == nil {
		return nil
	}
	r, err := j.kept.Report(j.host.Tool)
	if err != nil {
		return err
	}
	return j.writeOutputs(r, r.Only(step))
}

// sealer is who signs the report: the key that was tried before the first step.
func (j *Job) sealer(ctx context.Context) (trust.Signer, error) {
	if err := j.loadKey(ctx); err != nil {
		return trust.Signer{}, err
	}
	j.TellKey()
	return j.key.Signer, nil
}

func (j *Job) tool(ctx context.Context) report.Tool {
	t := j.host.Tool
	if j.client == nil {
		return t
	}
	if n, err := j.client.Version(ctx); err == nil {
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
