package job

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"preship/adb"
	"preship/adb/link"
	"preship/cmd/preship/internal/amount"
	"preship/report"
	"preship/report/message"
	"preship/report/wait"
	"preship/verify"
)

// beforeName is where the case keeps what the checks after the reset compare with.
const beforeName = "before-reset"

// Verify runs the step verify on the case in Options.Dir, and makes the outputs of
// its checks.
func (j *Job) Verify(ctx context.Context) (report.Clean, error) {
	if j.opts.Dir == "" {
		return j.clean, Usage(message.Say("usage.case"))
	}
	if err := j.opts.Online.check(); err != nil {
		return j.clean, err
	}
	if err := j.Open(); err != nil {
		return j.clean, err
	}
	if err := j.tryOutputs(); err != nil {
		return j.clean, err
	}
	err := j.Within(ctx, func(ctx context.Context) error { return j.runStep(ctx, stepNamed(report.StepVerify)) })
	return j.clean, errors.Join(err, j.stepOutputs(report.StepVerify))
}

// verify is the step after the reset. If the handset cannot be looked into, it relies on
// what the reset itself showed, and names what that leaves unproved.
func (j *Job) verify(ctx context.Context) (any, report.Findings, error) {
	wipe, ok, err := saved[report.Reset](j.kept, report.StepReset)
	if err != nil {
		return nil, nil, err
	}
	if !ok || wipe.TriggeredAt == nil && wipe.Rung == report.RungNone {
		return nil, nil, fmt.Errorf("%w: %w", errRefused, message.Error(message.Say("job.error.no-reset"), nil))
	}
	if err := j.watchOnly(ctx); err != nil {
		return nil, nil, err
	}
	inside, findings, err := j.lookInside(ctx, wipe)
	if err != nil {
		return nil, findings, err
	}
	clean, rung := verify.Rung(wipe, inside)
	j.clean = clean
	who, _, err := saved[report.Handset](j.kept, report.StepIdentify)
	if err != nil {
		return nil, findings, err
	}
	j.clean.Findings = slices.Concat(findings, rung, j.askOnline(ctx, who))
	return j.clean, j.clean.Findings, nil
}

// lookInside waits for the handset to let this computer in again and asks the
// checks. It returns nil when the handset does not come: that is no error, since
// a handset that was reset comes only when its owner has set it up.
func (j *Job) lookInside(ctx context.Context, wipe report.Reset) (*report.Clean, report.Findings, error) {
	limited, cancel := context.WithTimeout(ctx, j.opts.Wait)
	defer cancel()
	j.instruct(message.Say("job.set-up", "time", amount.Span(j.opts.Wait)))
	over := j.waits.Show(wait.Wait{Row: wait.SetUp, Limit: j.opts.Wait})
	_, err := link.New(j.device, link.Options{}).WaitFor(limited, adb.StateDevice)
	over()
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, nil, ctx.Err()
	case err != nil && limited.Err() != nil:
		j.say(message.Say("job.not-back", "folder", j.kept.Dir()))
		return nil, nil, nil
	case err != nil:
		return nil, nil, err
	}
	before, err := j.before(wipe)
	if err != nil {
		return nil, nil, err
	}
	clean, findings, err := verify.Clean(ctx, j.reader(), before)
	if err != nil {
		return nil, findings, err
	}
	return &clean, findings, nil
}

func (c *common) before(wipe report.Reset) (verify.Before, error) {
	var b verify.Before
	if _, err := c.kept.Kept(beforeName, &b); err != nil {
		return b, err
	}
	// A time before the backup is of a clock that was set back in between: nothing can be
	// compared with it.
	if wipe.TriggeredAt != nil && !wipe.TriggeredAt.Before(c.kept.Step(report.StepBackup).Finished.Add(-report.ClockStep)) {
		b.ResetAt = *wipe.TriggeredAt
	}
	return b, nil
}

// keepBefore reads the facts that are compared after the reset, and keeps them.
func (j *Job) keepBefore(ctx context.Context) (verify.Before, error) {
	b := verify.LookBefore(ctx, j.reader(), j.identity)
	if err := j.kept.Keep(beforeName, b); err != nil {
		return b, message.Error(message.Say("job.error.not-erased"), err)
	}
	return b, nil
}
