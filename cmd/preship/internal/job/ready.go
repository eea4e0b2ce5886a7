package job

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"preship/adb/handset"
	"preship/adb/reset"
	"preship/backup"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// prepareReset reads the handset again and asks the preconditions, whatever the
// case says: it may be another handset, accounts can be signed in again, and
// photos taken.
func (e *erasure) prepareReset(ctx context.Context) (*reset.Way, report.Findings, error) {
	if err := checkDespite(e.opts.Despite); err != nil {
		return &reset.Way{}, nil, err
	}
	if err := e.connect(ctx); err != nil {
		return &reset.Way{}, nil, err
	}
	id, err := handset.Identify(ctx, e.reader())
	if err != nil {
		return &reset.Way{}, nil, err
	}
	if _, _, err := e.describes(id); err != nil {
		return &reset.Way{}, nil, err
	}
	way, err := e.chooseWay()
	if err != nil {
		return &reset.Way{}, nil, err
	}
	return way, e.readyNow(ctx), nil
}

func (e *erasure) readyNow(ctx context.Context) report.Findings {
	unit, _ := e.kept.Unit()
	return append(e.papers(), e.withAttestation(reset.Ready(ctx, reset.Preconditions{
		Case: unit, Connected: e.handset.Unit(), Reader: e.reader(), Now: e.host.Now,
		Backup: e.backupProved, WithoutBackup: e.opts.WithoutBackup,
		Changes: e.changedSince,
		Locks:   e.locksNow,
		Despite: e.opts.Despite,
	}))...)
}

func (e *erasure) changedSince(ctx context.Context) (reset.Changes, error) {
	c, err := backup.Changes(ctx, e.device, e.reader(), e.kept)
	e.hidden = err == nil && len(c.Hidden) > 0
	return reset.Changes{Owners: c.Owners(), Idle: c.Idle, Names: c.Named(), Rows: c.Rows, Hidden: c.Hidden}, err
}

// saveChanges saves what came after the backup, where that is all that is asked
// for: at once when the whole job is being done, else when the person says so.
func (e *erasure) saveChanges(ctx context.Context, ready report.Findings) (report.Findings, error) {
	f, _ := ready.ByID(check.ResetReadyUnchanged)
	copied, _ := ready.ByID(check.ResetReadyBackup)
	if f.Status != report.StatusFail || copied.Status != report.StatusPass {
		return ready, nil
	}
	if _, err := e.ownersData(ctx); errors.Is(err, errRefused) {
		return ready, nil // the locks say why, and the record of the saved data stays
	} else if err != nil {
		return ready, err
	}
	e.say(withSeen(f))
	if !e.whole {
		if !e.person.CanAsk() {
			return ready, nil // the finding says what to do
		}
		answer, err := e.ask(ctx, "--despite="+f.ID, message.Say("ask.save-first"))
		if yes, _ := message.YesOrNo(answer); err != nil || answer != "" && !yes {
			return ready, err
		}
	}
	e.say(message.Say("job.save-first"))
	if err := e.backupAgain(ctx); err != nil {
		return ready, err
	}
	if err := e.acceptLosses(); err != nil {
		return ready, err
	}
	if e.whole && e.person.CanAsk() {
		if _, err := e.askLosses(ctx); err != nil { // a loss that stays open is in the way
			return ready, err
		}
	}
	return e.readyNow(ctx), nil
}

// backupAgain replaces the record of the backup by that of a new one, which
// copies only what changed.
func (e *erasure) backupAgain(ctx context.Context) error {
	was, err := e.settledLosses()
	if err != nil {
		return err
	}
	rec := report.StepRecord{Name: report.StepBackup, Started: e.host.Now().UTC()}
	copied, findings, err := e.backup(ctx)
	rec.Finished, rec.State, rec.Findings = e.host.Now().UTC(), stateOf(ctx, err), findings
	rec.Fail(message.Of(err))
	raw, encErr := json.Marshal(copied)
	if encErr != nil {
		return errors.Join(err, encErr)
	}
	rec.Data = raw
	if err := errors.Join(err, e.save(rec)); err != nil {
		return err
	}
	return e.carryOver(was)
}

// locksNow reads the locks again. It leaves out findings that are neither required nor
// failed, except those about cards inside the handset, which the person is asked about.
func (e *erasure) locksNow(ctx context.Context) ([]report.Finding, error) {
	_, found, err := e.look(ctx)
	found = append(found, e.askOnline(ctx, e.handset)...)
	return slices.DeleteFunc(found, func(f report.Finding) bool {
		return !check.Required(f.ID) && f.Status != report.StatusFail && !strings.HasPrefix(f.ID, "inside.")
	}), err
}

// acceptLosses writes down what the owner gives up explicitly: a finding of the
// backup that --despite names is a warning from here on, and says who said so.
// No other finding changes: an overridden lock stays failed.
func (s *settlement) acceptLosses() error {
	rec := s.kept.Step(report.StepBackup)
	if len(s.opts.Despite) == 0 {
		return nil
	}
	losses, err := s.losses()
	if err != nil {
		return err
	}
	changed, accepts := false, s.accepting(losses)
	for i, f := range rec.Findings {
		loss := Stands(f) || f.ID == check.BackupUnsaveable && f.Method != report.MethodAttested
		if !loss || !accepts.covers(f) {
			continue
		}
		f = accepted(f)
		rec.Findings[i], changed = f, true
		s.say(f.Sentence())
	}
	if !changed {
		return nil
	}
	return s.kept.SetStep(rec)
}

// backupProved reads the saved files again: the disk may have lost a file that was
// proved yesterday.
func (e *erasure) backupProved(ctx context.Context) error {
	rec := e.kept.Step(report.StepBackup)
	if rec.State != report.StepDone {
		return message.Error(message.Say("job.error.nothing-saved"), nil)
	}
	for _, f := range rec.Findings {
		if Stands(f) {
			return message.Error(message.Say("job.error.finding", "check", f.ID, "status", f.Status.Word(), "finding", f.Sentence()), nil)
		}
	}
	if err := e.backupIsWhole(); err != nil {
		return err
	}
	return ctx.Err()
}
