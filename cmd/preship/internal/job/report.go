package job

import (
	"context"
	"fmt"

	"preship/report"
	"preship/report/message"
	"preship/report/page"
	"preship/report/seal"
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
	if err := seal.Seal(j.kept, j.end.Report, signer, seal.Pages{HTML: page.HTML, PDF: page.PDF, Label: page.Label}); err != nil {
		return nil, nil, err
	}
	j.end.Sealed = true
	return nil, nil, j.writeOutputs(j.end.Report, j.end.Report)
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
func (j *Job) sealer(ctx context.Context) (seal.Signer, error) {
	if err := j.loadKey(ctx); err != nil {
		return seal.Signer{}, err
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
