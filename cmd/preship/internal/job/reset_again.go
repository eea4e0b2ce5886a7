package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/link"
	"preship/adb/reset"
	"preship/report"
)

// beganName is the file of the case with the facts that the reset was confirmed on.
const beganName = "reset-began"

// began is what a reset was confirmed on. It is needed when the handset itself
// can no longer be asked, as in its recovery.
type began struct {
	Known   reset.Known     `json:"known"`
	Handset report.Handset  `json:"handset"`
	Ready   report.Findings `json:"ready"`
}

func (j *Job) keepBegan(ready report.Findings) error {
	b := began{Known: reset.Know(j.identity), Handset: j.handset, Ready: ready}
	if err := j.kept.Keep(beganName, b); err != nil {
		return errors.Join(fmt.Errorf("nothing was erased"), err)
	}
	return nil
}

// firstReady is what the preconditions were when the reset was confirmed.
func (j *Job) firstReady() (report.Findings, error) {
	var b began
	_, err := j.kept.Kept(beganName, &b)
	return b.Ready, err
}

// resetAgain sends the wipe again to a handset that waits in its recovery
// after the first answer was lost. The backup is proved anew, the handset is
// confirmed anew, and its recovery has to be the case's.
func (j *Job) resetAgain(ctx context.Context, work reset.Job) (any, report.Findings, error) {
	way, known := reset.WayNamed(work.Earlier.Way)
	if !reset.MayBeSent(work.Earlier) || !known || way.Name != "recovery" {
		return nil, nil, usagef("--again is for a reset by the recovery whose answer was lost; this case has none. leave it out")
	}
	if err := j.watchOnly(ctx); err != nil {
		return nil, nil, err
	}
	state, err := j.device.State(ctx)
	if err != nil {
		return nil, nil, err
	}
	if state != adb.StateSideload {
		return nil, nil, usagef("--again is for a handset that waits in its recovery, and this one is not there (%s); "+
			"run the same without --again: it looks whether the data is gone", cmp.Or(string(state), "not on the bus"))
	}
	var b began
	if ok, err := j.kept.Kept(beganName, &b); err != nil || !ok {
		return nil, nil, errors.Join(fmt.Errorf("the case does not hold what the reset was confirmed on"), err)
	}
	j.identity, j.handset = b.Known.Identity(), b.Handset
	if b.Handset.Kind == report.KindEmulator {
		j.identity.Kind = handset.KindEmulator
	}
	ready := report.Findings(reset.ReadyAgain(ctx, b.Ready, reset.Preconditions{
		Backup: j.backupProved, WithoutBackup: j.opts.WithoutBackup, Now: j.host.Now,
	}))
	permit, err := j.permit(ctx, ready)
	j.wipe = work.Earlier
	if err != nil {
		return j.wipe, ready, err
	}
	work.Device, work.Reader, work.Identity, work.Permit, work.Again = link.New(j.device, link.Options{}), j.reader(), j.identity, permit, true
	before, err := j.before(work.Earlier)
	if err != nil {
		return j.wipe, ready, err
	}
	work.AndroidID, work.Recheck = before.AndroidID, j.recheck
	j.wipe, err = way.Run(ctx, &work)
	return j.wipe, slices.Concat(noteSince(ready, err), j.wipe.Findings), j.refusedBy(err)
}

// attest writes down what a person saw of a reset that nothing else could see.
// It erases nothing and asks the handset nothing.
func (j *Job) attest(r report.Reset) (any, report.Findings, error) {
	if r.Way == "" {
		r.Way = "by-hand"
	}
	reset.Attest(&r, j.opts.AttestReset, j.host.Now())
	j.wipe = r
	j.say("written down. %s This does not prove %s", r.Rung.Title(), r.Rung.NotProved())
	j.say("for more, set the handset up without any account, turn USB debugging on and run preship verify --case %s", j.kept.Dir())
	ready, err := j.firstReady()
	return r, slices.Concat(ready, r.Findings), err
}
