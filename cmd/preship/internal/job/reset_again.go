package job

import (
	"context"
	"slices"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/link"
	"preship/adb/reset"
	"preship/report"
	"preship/report/message"
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
		return message.Error(message.Say("job.error.not-erased"), err)
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
		return nil, nil, Usage(message.Say("usage.again.none"))
	}
	if err := j.watchOnly(ctx); err != nil {
		return nil, nil, err
	}
	state, err := j.device.State(ctx)
	if err != nil {
		return nil, nil, err
	}
	if state != adb.StateSideload {
		where := message.AsIs(string(state))
		if state == adb.StateAbsent {
			where = message.Say("usage.again.off-bus")
		}
		return nil, nil, Usage(message.Say("usage.again.state", "state", where))
	}
	var b began
	if ok, err := j.kept.Kept(beganName, &b); err != nil || !ok {
		return nil, nil, message.Error(message.Say("job.error.began-missing"), err)
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
	work.AndroidID = before.AndroidID
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
	j.say(message.Say("job.attested", "rung", r.Rung.Title(), "open", r.Rung.NotProved()))
	j.say(message.Say("job.attested.more", "folder", j.kept.Dir()))
	ready, err := j.firstReady()
	return r, slices.Concat(ready, r.Findings), err
}
