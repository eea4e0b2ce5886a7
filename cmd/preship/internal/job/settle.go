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
func (s *settlement) settleLosses(ctx context.Context) error {
	if s.withoutBackup() {
		return nil
	}
	if err := s.acceptLosses(); err != nil {
		return err
	}
	open, err := s.askLosses(ctx)
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
func (s *settlement) askLosses(ctx context.Context) (open bool, err error) {
	for _, f := range s.kept.Step(report.StepBackup).Findings {
		if !s.unsettled(f) {
			continue
		}
		if !acceptable(f.ID) || !s.person.CanAsk() {
			if f.ID == check.BackupUnsaveable {
				return true, s.mustAccept()
			}
			return true, nil
		}
		yes, err := s.askLoss(ctx, f)
		if err != nil || !yes {
			return true, err
		}
	}
	return false, nil
}

// unsettled reports whether a finding of the backup names a loss that is not accepted.
func (s *settlement) unsettled(f report.Finding) bool {
	return Stands(f) || f.ID == check.BackupUnsaveable && f.Method != report.MethodAttested && !s.emulated()
}

// askLoss asks about one loss, and writes down that it was accepted.
func (s *settlement) askLoss(ctx context.Context, f report.Finding) (yes bool, err error) {
	about := []message.Sentence{f.Sentence()}
	switch next := f.Advised(); {
	case next.Empty():
	case f.ID == check.BackupUnsaveable:
		about = append(about, message.Say("job.lost", "remedy", next))
	case !s.advice(f.ID, f.Remedy):
		about = append(about, next)
	}
	yes, err = s.askYes(ctx, "--despite="+f.ID, message.Say("ask.loss"), about...)
	if err != nil || !yes {
		return false, err
	}
	rec := s.kept.Step(report.StepBackup)
	for i := range rec.Findings {
		if rec.Findings[i].ID == f.ID {
			rec.Findings[i] = acceptedBy(f, message.Say("finding.accepted.asked"))
		}
	}
	return true, s.kept.SetStep(rec)
}

// losses returns the losses of the saved backup; empty if there is no backup.
func (s *settlement) losses() (backup.Losses, error) {
	l, err := backup.ReadLosses(s.kept.Root())
	if errors.Is(err, manifest.ErrNoBackup) {
		err = nil
	}
	return l, err
}
