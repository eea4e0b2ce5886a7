package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"preship/adb/reset"
	"preship/report"
	"preship/report/message"
)

// errRefused ends a step that preship itself would not carry out. The findings
// beside it say why; nothing failed and nothing was changed.
var errRefused = message.Error(message.Say("step.state.refused"), nil)

// runStep runs one row of the steps table and writes down how it ended, also
// when it did not end well.
func (j *Job) runStep(ctx context.Context, s step) error {
	rec := report.StepRecord{Name: s.name, State: report.StepRunning, Started: j.host.Now().UTC()}
	if err := j.save(rec); err != nil {
		return err
	}
	j.announce(s)
	data, findings, err := s.run(j, ctx)
	rec.Finished = j.host.Now().UTC()
	rec.Findings = findings
	rec.State, err = stateOf(ctx, err), timed(ctx, err)
	rec.Fail(whyEnded(ctx, err))
	if data != nil {
		raw, encErr := json.Marshal(data)
		if encErr != nil {
			return errors.Join(err, encErr)
		}
		rec.Data = raw
	}
	j.ended(rec)
	if saveErr := j.save(rec); saveErr != nil {
		return errors.Join(err, fmt.Errorf("case: %w", saveErr))
	}
	return err
}

// whyEnded is what an error says, without the words in which Go says that
// somebody pressed Ctrl-C: that the step was interrupted says it.
func whyEnded(ctx context.Context, err error) message.Sentence {
	if err == nil || ctx.Err() == nil || errors.Is(err, ErrTimeUp) {
		return message.Of(err)
	}
	text := strings.TrimSuffix(strings.TrimSuffix(err.Error(), context.Cause(ctx).Error()), ctx.Err().Error())
	switch text {
	case "":
		return message.Sentence{}
	case err.Error():
		return message.Of(err)
	}
	return message.AsIs(strings.TrimSuffix(text, ": "))
}

func stateOf(ctx context.Context, err error) report.StepState {
	switch {
	case err == nil:
		return report.StepDone
	case ctx.Err() != nil:
		return report.StepInterrupted
	case errors.Is(err, errRefused), errors.Is(err, reset.ErrNotConfirmed):
		return report.StepRefused
	}
	return report.StepFailed
}
