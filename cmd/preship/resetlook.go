package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/reset"
	"preship/backup"
	"preship/report"
	"preship/verify"
)

// Between the preconditions and the wipe a person is asked, and may take an hour to
// answer. So unit, locks, changes and backup are checked again after the answer, and
// the backup once more right before the command that wipes.

const (
	// answerHolds is how long the answer to the question to erase is good for.
	answerHolds = 5 * time.Minute
	// maxAnswers is how often one run asks the question: each time after the first
	// because something came to the handset while the last one was open.
	maxAnswers = 3
)

// confirmReset asks for the permit, and checks the preconditions again after the
// answer. If something is new on the handset, it saves that and asks again.
func (j *job) confirmReset(ctx context.Context, ready report.Findings) (reset.Permit, verify.Before, report.Findings, error) {
	j.anew = ""
	first := verify.LookBefore(ctx, j.reader(), j.identity)
	for asked := 1; ; asked++ {
		var err error
		if ready, err = j.saveChanges(ctx, ready); err == nil {
			ready, err = j.attestUnchanged(ctx, ready)
		}
		if err != nil {
			return reset.Permit{}, first, ready, err
		}
		permit, err := j.permit(ctx, ready)
		if err != nil {
			return reset.Permit{}, first, ready, err
		}
		answered := j.env.Now()
		j.say("looking once more, at the handset and at the backup, before anything is erased")
		before, after, err := j.lookAfterAnswer(ctx, first)
		if err != nil {
			return reset.Permit{}, before, ready, fmt.Errorf("nothing was erased: %w", err)
		}
		late := j.env.Now().Sub(answered) > answerHolds
		if reset.Stands(after) == nil && !late {
			return permit, before, after, nil
		}
		ready = after
		slow := fmt.Sprintf("looking once more took over %s", spoken(answerHolds))
		if asked == maxAnswers || !late && !onlyUnsaved(after) {
			err := reset.Stands(after)
			if err == nil {
				err = fmt.Errorf("%w: %s, each of %d times", reset.ErrNotReady, slow, asked)
				j.say("nothing is erased: %s", slow)
			} else {
				j.say("nothing is erased: this changed after the question was asked")
				j.tellAgainst(after)
			}
			return reset.Permit{}, before, after, fmt.Errorf("%w: %w", errRefused, err)
		}
		j.anew = "the question is asked once more: " + slow
		if f, _ := after.ByID(reset.CheckReadyUnchanged); stands(f) {
			j.anew = "the question is asked once more, since this changed after it was asked: " + withObserved(f)
		}
	}
}

// onlyUnsaved reports whether changes that a new backup would save are all that
// stands against the reset.
func onlyUnsaved(ready report.Findings) bool {
	return !slices.ContainsFunc(ready, func(f report.Finding) bool {
		return stands(f) && (f.ID != reset.CheckReadyUnchanged || f.Status != report.StatusFail)
	})
}

// lookAfterAnswer repeats canFinish, identifies the handset again and checks the
// preconditions again. It also reads what the checks after the reset compare with.
func (j *job) lookAfterAnswer(ctx context.Context, first verify.Before) (verify.Before, report.Findings, error) {
	if err := j.canErase(ctx); err != nil {
		return first, nil, err
	}
	asked, reader := j.identity, j.reader()
	id, err := handset.Identify(ctx, reader)
	if err = reader.whole(err); err != nil {
		return first, nil, err
	}
	j.describes(id)
	ready := j.readyNow(ctx)
	before, err := j.keepBefore(ctx)
	if err != nil {
		return before, ready, err
	}
	if err := j.stillThere(ctx); err != nil {
		return before, nil, err
	}
	if err := sameHandset(asked, id); err != nil {
		ready = replaced(ready, reset.Since(err))
	} else if err := sameID(first.AndroidID, before.AndroidID); err != nil {
		ready = replaced(ready, reset.Since(err))
	}
	return before, ready, nil
}

// stillThere is an error where the handset left meanwhile: what it did not answer
// then says nothing of it.
func (j *job) stillThere(ctx context.Context) error {
	state, err := j.device.State(ctx)
	switch {
	case err != nil:
		return err
	case state == adb.StateAbsent:
		return fmt.Errorf("%s: %w", j.device.Serial(), adb.ErrGone)
	case state != adb.StateDevice:
		return &adb.StateError{Serial: j.device.Serial(), State: state}
	}
	return nil
}

func sameID(then, now string) error {
	switch {
	case then == "" || then == now:
		return nil
	case now == "":
		return fmt.Errorf("%w: no Android ID", reset.ErrSilent)
	}
	return exchanged("Android ID")
}

func exchanged(number string) error {
	return fmt.Errorf("%w: it does not answer the same %s", reset.ErrExchanged, number)
}

// stillReady asks the preconditions again before another way is tried: the first
// one may have waited long for somebody at the handset.
func (j *job) stillReady(ctx context.Context) error {
	_, ready, err := j.lookAfterAnswer(ctx, verify.Before{})
	if err != nil {
		return err
	}
	if err := reset.Stands(ready); err != nil {
		j.wipe.Findings = append(j.wipe.Findings, slices.DeleteFunc(ready, func(f report.Finding) bool { return !stands(f) })...)
		return fmt.Errorf("%w: %w", errRefused, err)
	}
	return nil
}

// sameHandset compares the handset with the one that the question was about. It has
// to give every number that it gave then. The error is a reset.ErrExchanged for
// another number, and a reset.ErrSilent for a number that it no longer gives.
func sameHandset(asked, now handset.Identity) error {
	for _, row := range []struct{ name, then, now string }{
		{"S/N", asked.SN.Value, now.SN.Value},
		{"IMEI", imeisOf(asked), imeisOf(now)},
		{"processor number", asked.CPUID.Value, now.CPUID.Value},
		{"serial number", asked.Serial.Value, now.Serial.Value},
		{"build", asked.Build.Value, now.Build.Value},
	} {
		switch {
		case row.then == "" || row.then == row.now:
		case row.now == "":
			return fmt.Errorf("%w: no %s", reset.ErrSilent, row.name)
		default:
			return exchanged(row.name)
		}
	}
	return nil
}

func imeisOf(id handset.Identity) string {
	var all []string
	for _, i := range id.IMEIs.Items {
		all = append(all, i.Value)
	}
	return strings.Join(all, " ")
}

// replaced returns fs with the finding of the same check replaced by f.
func replaced(fs report.Findings, f report.Finding) report.Findings {
	out := slices.Clone(fs)
	if i := slices.IndexFunc(out, func(o report.Finding) bool { return o.ID == f.ID }); i >= 0 {
		f.At = out[i].At
		out[i] = f
	}
	return out
}

// attestUnchanged asks the person whether the kinds that the handset no longer shows
// have changed since the backup. Without a terminal the finding stays as it is.
func (j *job) attestUnchanged(ctx context.Context, ready report.Findings) (report.Findings, error) {
	f, _ := ready.ByID(reset.CheckReadyUnchanged)
	if f.Status != report.StatusUnknown || !j.hidden || j.globals.noInput || !j.env.InTTY {
		return ready, nil
	}
	j.say("%s", f.Summary)
	answer, err := j.env.ask(ctx, j.globals, "--despite="+f.ID, "    was anything added or changed there since the backup? [y/N]")
	if err != nil || strings.HasPrefix(strings.ToLower(answer), "y") {
		return ready, err
	}
	j.saidUnchanged = true
	return j.withWhatWasSaid(ready), nil
}

// withWhatWasSaid accepts that the handset hides what it showed for the backup, where
// the person said that nothing changed there. It accepts no change that is seen.
func (j *job) withWhatWasSaid(ready report.Findings) report.Findings {
	f, _ := ready.ByID(reset.CheckReadyUnchanged)
	if f.Status != report.StatusUnknown || !j.hidden || !j.saidUnchanged {
		return ready
	}
	return replaced(ready, accepted(f))
}

// backupIsWhole reads every saved file, unless nothing was written to any of
// them since this run did so last.
func (j *job) backupIsWhole() error {
	if err := j.inPlace(); err != nil {
		return err
	}
	now, err := backup.StampOf(j.kept.Root())
	if err != nil {
		return fmt.Errorf("the backup cannot be read: %w", err)
	}
	if j.proof != nil && *j.proof == now {
		return nil
	}
	j.proof = nil
	res, err := backup.Check(j.kept.Root(), true)
	if err != nil {
		return err
	}
	if len(res.Problems) > 0 {
		p := res.Problems[0]
		return fmt.Errorf("%d saved files are not as they were; first %s: %s", len(res.Problems), p.File, p.What)
	}
	j.proof = &now
	return nil
}

// recheck is the last check before the wipe: of the backup and, if the handset's
// system is running, of which handset it is. Package reset asks a recovery that.
func (j *job) recheck(ctx context.Context) error {
	state, err := j.device.State(ctx)
	if err != nil {
		return err
	}
	if state == adb.StateDevice {
		reader := j.reader()
		id, err := handset.Identify(ctx, reader)
		if err = reader.whole(err); err != nil {
			return err
		}
		if err := sameHandset(j.identity, id); err != nil {
			return fmt.Errorf("%w: %w", reset.ErrSince, err)
		}
	}
	if strings.TrimSpace(j.opts.withoutBackup) != "" {
		return nil
	}
	if err := j.backupIsWhole(); err != nil {
		return fmt.Errorf("%w: %w", reset.ErrSince, err)
	}
	return nil
}

// noteSince replaces the precondition that recheck found to hold no longer.
func noteSince(ready report.Findings, err error) report.Findings {
	if !errors.Is(err, reset.ErrSince) {
		return ready
	}
	return replaced(ready, reset.Since(err))
}
