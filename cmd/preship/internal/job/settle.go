package job

import (
	"context"
	"errors"
	"fmt"

	"preship/backup"
	"preship/backup/manifest"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// errUnsettled: a loss of the backup is not accepted.
var errUnsettled = message.Error(message.Say("job.error.losses-open"), nil)

// settleLosses has each loss of the backup accepted, by its flag or by an answer of its
// own, before anything irreversible is asked for. It returns errRefused if one is not.
func (j *Job) settleLosses(ctx context.Context) error {
	if j.withoutBackup() {
		return nil
	}
	if err := j.acceptLosses(); err != nil {
		return err
	}
	open, err := j.askLosses(ctx)
	switch {
	case err != nil:
		return err
	case !open:
		return nil
	}
	return fmt.Errorf("%w: %w", errRefused, errUnsettled)
}

// askLosses asks for each loss whether the person accepts it. open reports whether one is
// left that is not accepted.
func (j *Job) askLosses(ctx context.Context) (open bool, err error) {
	for _, f := range j.kept.Step(report.StepBackup).Findings {
		if !j.unsettled(f) {
			continue
		}
		if !acceptable(f.ID) || !j.person.CanAsk() {
			if f.ID == check.BackupUnsaveable {
				return true, j.mustAccept()
			}
			return true, nil
		}
		yes, err := j.askLoss(ctx, f)
		if err != nil || !yes {
			return true, err
		}
	}
	return false, nil
}

// unsettled reports whether a finding of the backup names a loss that is not accepted.
func (j *Job) unsettled(f report.Finding) bool {
	return Stands(f) || f.ID == check.BackupUnsaveable && f.Method != report.MethodAttested && !j.emulated()
}

// askLoss asks about one loss, and writes down that it was accepted.
func (j *Job) askLoss(ctx context.Context, f report.Finding) (yes bool, err error) {
	about := []message.Sentence{f.Told()}
	switch next := f.Advised(); {
	case next.Empty():
	case f.ID == check.BackupUnsaveable:
		about = append(about, message.Say("job.lost", "remedy", next))
	case !j.advice(f.ID, f.Remedy):
		about = append(about, next)
	}
	yes, err = j.askYes(ctx, "--despite="+f.ID, message.Say("ask.loss"), about...)
	if err != nil || !yes {
		return false, err
	}
	rec := j.kept.Step(report.StepBackup)
	for i := range rec.Findings {
		if rec.Findings[i].ID == f.ID {
			rec.Findings[i] = acceptedBy(f, message.Say("finding.accepted.asked"))
		}
	}
	return true, j.kept.SetStep(rec)
}

// losses returns the losses of the saved backup; empty if there is no backup.
func (j *Job) losses() (backup.Losses, error) {
	l, err := backup.ReadLosses(j.kept.Root())
	if errors.Is(err, manifest.ErrNoBackup) {
		err = nil
	}
	return l, err
}
