package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"preship/adb/handset"
	"preship/adb/reset"
	"preship/backup"
	"preship/report"
	"preship/verify"
)

// reset is the step that erases. Until a permit is there it only reads; once the
// wipe may have been sent it only watches.
func (j *job) reset(ctx context.Context) (any, report.Findings, error) {
	earlier, _, err := saved[report.Reset](j.kept, report.StepReset)
	if err != nil {
		return nil, nil, err
	}
	work := reset.Job{
		Reader: j.reader(), Earlier: earlier, Record: j.kept.Record, Now: j.env.now,
		Say:     func(s string) { j.say("%s", s) },
		Save:    j.saveReset,
		Devices: j.allDevices,
		Timeouts: reset.Timeouts{
			Assistant: j.opts.wait, ByHand: j.opts.wait, Return: j.opts.wait,
		},
	}
	switch {
	case reset.MayBeSent(earlier):
		return j.resumeReset(ctx, work)
	case earlier.TriggeredAt != nil && earlier.Rung != report.RungNone:
		// It was seen to its end by a run that died before it could say so.
		j.wipe = earlier
		return earlier, earlier.Findings, nil
	}
	return j.freshReset(ctx, work)
}

func (j *job) resumeReset(ctx context.Context, work reset.Job) (any, report.Findings, error) {
	if err := j.watchOnly(ctx); err != nil {
		return nil, nil, err
	}
	work.Device, work.Reader = j.device, j.reader()
	before, err := j.before(work.Earlier)
	if err != nil {
		return nil, nil, err
	}
	work.AndroidID = before.AndroidID
	j.wipe, err = reset.Resume(ctx, &work)
	return j.wipe, j.wipe.Findings, err
}

func (j *job) freshReset(ctx context.Context, work reset.Job) (any, report.Findings, error) {
	if err := j.acceptLosses(); err != nil {
		return nil, nil, err
	}
	way, ready, err := j.prepareReset(ctx)
	j.wipe = report.Reset{Way: way.Name, Findings: ready}
	if err != nil {
		return j.wipe, ready, err
	}
	typed, err := j.confirmation(ctx)
	if err != nil {
		return j.wipe, ready, err
	}
	// A person reads the handset's own serial, not the address adb reaches it by.
	unit := j.handset.Unit()
	if j.identity.Serial.Known() {
		unit.Serial = j.identity.Serial.Value
	}
	permit, err := reset.Allow(ready, typed, unit, j.emulated())
	switch {
	case errors.Is(err, reset.ErrNotConfirmed):
		return j.wipe, ready, usagef("%v; nothing was erased", err)
	case err != nil:
		j.say("nothing is erased: %v", err)
		return j.wipe, ready, fmt.Errorf("%w: %w", errRefused, err)
	}
	work.Device, work.Reader, work.Identity, work.Permit = j.device, j.reader(), j.identity, permit
	before, err := j.keepBefore(ctx)
	if err != nil {
		return j.wipe, ready, err
	}
	work.AndroidID = before.AndroidID
	j.wipe, err = way.Run(ctx, &work)
	findings := append(slices.Clone(ready), j.wipe.Findings...)
	return j.wipe, findings, err
}

// prepareReset reads the handset again and asks the preconditions, whatever the
// case says: it may be another handset, and accounts can be signed in again.
func (j *job) prepareReset(ctx context.Context) (*reset.Way, report.Findings, error) {
	if err := j.connect(ctx); err != nil {
		return &reset.Way{}, nil, err
	}
	id, err := handset.Identify(ctx, j.reader())
	if err != nil {
		return &reset.Way{}, nil, err
	}
	j.describes(id)
	way, err := j.chooseWay()
	if err != nil {
		return &reset.Way{}, nil, err
	}
	unit, _ := j.kept.Unit()
	ready := reset.Ready(ctx, reset.Preconditions{
		Case: unit, Connected: j.handset.Unit(), Reader: j.reader(), Now: j.env.now,
		Backup: j.backupProved, WithoutBackup: j.opts.withoutBackup,
		Locks:   j.locksNow,
		Despite: j.opts.despite,
	})
	return way, ready, nil
}

// dryRun shows what a reset would do now. It leaves the case as it is.
func (j *job) dryRun(ctx context.Context) error {
	way, ready, err := j.prepareReset(ctx)
	if err != nil {
		return err
	}
	j.wipe = report.Reset{Way: way.Name, Findings: ready}
	if j.globals.json {
		if err := j.env.printJSON(j.wipe); err != nil {
			return err
		}
		return outcome(codeOf(ready))
	}
	j.env.print("would reset %s: %s", way.Title, way.Does)
	j.env.print("proved by %s", way.Proof)
	j.env.tellFindings(ready)
	return outcome(codeOf(ready))
}

// locksNow looks at the locks once more. What only its owner should know of, such
// as a SIM card inside, holds nobody up.
func (j *job) locksNow(ctx context.Context) ([]report.Finding, error) {
	_, found, err := verify.Locks(ctx, j.reader(), j.identity)
	return slices.DeleteFunc(found, func(f report.Finding) bool {
		c, _ := verify.CheckByID(f.ID)
		return !c.Required && f.Status != report.StatusFail
	}), err
}

func (j *job) chooseWay() (*reset.Way, error) {
	if name := j.opts.way; name != "" && name != "auto" {
		way, ok := reset.WayNamed(name)
		if !ok {
			return nil, usagef("--way %q: say auto or one of %s", name, strings.Join(wayNames(), ", "))
		}
		if fits, why := way.Applies(j.identity); !fits {
			return nil, usagef("--way %s does not fit this handset: %s", name, why)
		}
		return way, nil
	}
	way, passedOver := reset.Choose(j.identity)
	for _, why := range passedOver {
		j.say("not this way: %s", why)
	}
	return way, nil
}

// acceptLosses writes down what the owner gives up by name: a finding of the
// backup that --despite names is a warning from here on, and says who said so.
// No other finding can be talked away: a lock overridden stays what it is.
func (j *job) acceptLosses() error {
	rec := j.kept.Step(report.StepBackup)
	changed := false
	for i, f := range rec.Findings {
		if !strings.HasPrefix(f.ID, "backup.") || !stands(f) || !slices.Contains(j.opts.despite, f.ID) {
			continue
		}
		f.Status, f.Method = report.StatusWarn, report.MethodAttested
		f.Summary = "accepted by the owner: " + f.Summary
		f.Remedy = ""
		rec.Findings[i], changed = f, true
		j.say("%s", f.Summary)
	}
	if !changed {
		return nil
	}
	return j.kept.SetStep(rec)
}

// backupProved reads the saved files again: what was proved yesterday may lie on
// a disk that has lost it since.
func (j *job) backupProved(ctx context.Context) error {
	rec := j.kept.Step(report.StepBackup)
	if rec.State != report.StepDone {
		return errors.New("nothing was saved in this case; run preship backup first")
	}
	for _, f := range rec.Findings {
		if stands(f) {
			return fmt.Errorf("%s is %s: %s", f.ID, f.Status, f.Summary)
		}
	}
	res, err := backup.Check(j.kept.Root(), true)
	if err != nil {
		return err
	}
	if len(res.Problems) > 0 {
		p := res.Problems[0]
		return fmt.Errorf("%d saved files are not as they were; first %s: %s", len(res.Problems), p.File, p.What)
	}
	return ctx.Err()
}

// confirmation is what the person typed, or gave beforehand.
func (j *job) confirmation(ctx context.Context) (string, error) {
	if j.opts.confirm != "" {
		return j.opts.confirm, nil
	}
	copied, _, err := saved[report.Backup](j.kept, report.StepBackup)
	if err != nil {
		return "", err
	}
	j.say("this erases everything on %s", describe(j.handset))
	j.say("saved and proved in %s: %d files, %s", j.kept.Dir(), copied.Files.Proved, size(copied.Bytes.Proved))
	return j.env.ask(ctx, j.globals, "--confirm", "    to erase it, type the last six of its IMEI or serial:")
}

// saveReset puts the state of the reset on disk; called before the wipe is sent.
func (j *job) saveReset(r report.Reset) error {
	rec := j.kept.Step(report.StepReset)
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	rec.Data = raw
	return j.kept.SetStep(rec)
}
