package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"preship/adb"
	"preship/adb/link"
	"preship/adb/reset"
	"preship/cmd/preship/internal/amount"
	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
	"preship/report/message"
	"preship/report/wait"
)

// reset is the step that erases. Until a permit is there it only reads; once the
// wipe may have been sent it only watches, unless the owner says --again.
func (j *Job) reset(ctx context.Context) (any, report.Findings, error) {
	earlier, _, err := saved[report.Reset](j.kept, report.StepReset)
	if err != nil {
		return nil, nil, err
	}
	work := reset.Job{
		Earlier: earlier, Owner: resetOwner{j}, Now: j.host.Now, Drive: j.opts.Drive,
		Timeouts: reset.Timeouts{
			Assistant: j.opts.Wait, ByHand: j.opts.Wait, Return: j.opts.Wait,
		},
	}
	switch {
	case j.opts.AttestReset != "":
		return j.attest(earlier)
	case j.opts.Again:
		return j.resetAgain(ctx, work)
	case reset.MayBeSent(earlier):
		return j.resumeReset(ctx, work)
	case reset.Done(earlier):
		// It was seen to its end by a run that died before it could say so.
		j.wipe = earlier
		ready, err := j.firstReady()
		return earlier, slices.Concat(ready, earlier.Findings), err
	case reset.Awaited(earlier):
		data, findings, err := j.resumeReset(ctx, work)
		if !errors.Is(err, reset.ErrNotReset) {
			return data, findings, err
		}
		j.say(message.Say("job.not-reset-since"))
	}
	work.Earlier = report.Reset{}
	if j.here != nil {
		return j.continueReset(ctx, work)
	}
	return j.freshReset(ctx, work)
}

func (j *Job) resumeReset(ctx context.Context, work reset.Job) (any, report.Findings, error) {
	if err := j.watchOnly(ctx); err != nil {
		return nil, nil, err
	}
	work.Device, work.Reader = link.New(j.device, link.Options{}), j.reader()
	before, err := j.before(work.Earlier)
	if err != nil {
		return nil, nil, err
	}
	work.AndroidID = before.AndroidID
	ready, err := j.firstReady()
	if err != nil {
		return nil, nil, err
	}
	j.wipe, err = reset.Resume(ctx, &work)
	return j.wipe, slices.Concat(ready, j.wipe.Findings), err
}

func (j *Job) freshReset(ctx context.Context, work reset.Job) (any, report.Findings, error) {
	if err := j.acceptLosses(); err != nil {
		return nil, nil, err
	}
	way, ready, err := j.prepareReset(ctx)
	j.wipe = report.Reset{Way: way.Name, Findings: ready}
	if err != nil {
		return j.wipe, ready, err
	}
	if ready, err = j.consentFirst(ctx, ready); err != nil {
		return j.wipe, ready, err
	}
	permit, before, ready, err := j.confirmReset(ctx, ready)
	j.wipe.Findings = ready
	if err != nil {
		return j.wipe, ready, err
	}
	b := began{Known: reset.Know(j.identity), Handset: j.handset, Ready: ready, Way: way.Name, At: j.host.Now().UTC()}
	if err := j.keepBegan(b); err != nil {
		return j.wipe, ready, err
	}
	work.Device, work.Reader, work.Identity, work.Permit = link.New(j.device, link.Options{}), j.reader(), j.identity, permit
	work.Screen = &Recorder{Device: j.device, Now: j.host.Now}
	work.AndroidID = before.AndroidID
	err = j.goWays(ctx, way, &work)
	return j.wipe, slices.Concat(noteSince(ready, err), j.wipe.Findings), j.refusedBy(err)
}

// goWays goes one way and, where the way was left to preship and did not get to
// where it could erase anything, the next.
func (j *Job) goWays(ctx context.Context, way *reset.Way, work *reset.Job) error {
	for {
		var err error
		j.wipe, err = way.Run(ctx, work)
		if !errors.Is(err, reset.ErrNoAssistant) || j.wipe.TriggeredAt != nil || !j.autoWay() {
			return err
		}
		state, stateErr := j.device.State(ctx)
		next, passedOver := way.Next(j.identity)
		if stateErr != nil || state != adb.StateDevice || next == nil {
			return err
		}
		j.say(message.Of(err))
		j.sayPassedOver(passedOver)
		if err := j.stillReady(ctx); err != nil {
			return err
		}
		if err := j.noteRunning(); err != nil {
			return err
		}
		j.say(message.Say("way.next", "way", next.Title))
		way = next
	}
}

// refusals are the errors of a reset that the handset or preship would not make:
// nothing was erased, and there is something to be done first.
var refusals = []error{
	reset.ErrSince, reset.ErrFindDevice, reset.ErrOtherUnit, reset.ErrFormatDisabled, reset.ErrNotBench, reset.ErrBenchRefused, reset.ErrNotOn,
}

func (j *Job) refusedBy(err error) error {
	for _, refusal := range refusals {
		if errors.Is(err, refusal) {
			j.say(message.Say("job.not-erased", "why", message.Of(err)))
			return fmt.Errorf("%w: %w", errRefused, err)
		}
	}
	return err
}

// Reset runs the step reset on the case in Options.Dir. Of a reset that was refused
// the findings say why, and the error is nil.
func (j *Job) Reset(ctx context.Context) (report.Reset, error) {
	j.alone = true
	if err := j.Open(); err != nil {
		return j.wipe, err
	}
	if j.opts.AttestReset == "" {
		if err := j.CanFinish(ctx); err != nil {
			return j.wipe, err
		}
		j.TellKey()
	}
	err := j.Within(ctx, func(ctx context.Context) error {
		if j.opts.AttestReset == "" && !j.opts.Again {
			if err := j.fromRecovery(ctx); err != nil {
				return err
			}
		}
		return j.runStep(ctx, stepNamed(report.StepReset))
	})
	if errors.Is(err, errRefused) {
		err = nil
	}
	return j.wipe, err
}

// PlanReset returns what [Job.Reset] would do now, and the preconditions. It leaves
// the case as it is.
func (j *Job) PlanReset(ctx context.Context) (*reset.Way, report.Findings, error) {
	j.alone = true
	if err := j.Open(); err != nil {
		return nil, nil, err
	}
	return j.prepareReset(ctx)
}

func (c *common) autoWay() bool { return c.opts.Way == "" || c.opts.Way == "auto" }

func (j *Job) chooseWay() (*reset.Way, error) {
	if !j.autoWay() {
		return j.fittingWay()
	}
	way, passedOver := reset.Choose(j.identity)
	if j.whole {
		return way, nil // the outlook named it
	}
	j.sayPassedOver(passedOver)
	_, why := way.Applies(j.identity)
	j.say(message.Say("way.chosen", "way", way.Name, "why", why))
	return way, nil
}

func (j *Job) sayPassedOver(ways []message.Sentence) {
	for _, why := range ways {
		j.say(message.Say("way.passed-over", "why", why))
	}
}

// ownUnit returns the handset's numbers with its own serial: a person reads that, not the
// address adb reaches it by.
func (c *common) ownUnit() report.Unit {
	unit := c.handset.Unit()
	if c.identity.Serial.Known() {
		unit.Serial = c.identity.Serial.Value
	}
	return unit
}

// permit is the owner's word that this very handset is to be erased.
func (j *Job) permit(ctx context.Context, ready report.Findings) (reset.Permit, error) {
	unit := j.ownUnit()
	// A reset that cannot happen needs no confirmation.
	if err := reset.Stands(ready); err != nil {
		j.say(message.Say("job.not-ready"))
		j.sayAgainst(ready)
		return reset.Permit{}, fmt.Errorf("%w: %w", errRefused, err)
	}
	if err := j.mustAccept(); err != nil {
		return reset.Permit{}, err
	}
	if err := j.canErase(ctx); err != nil {
		return reset.Permit{}, err
	}
	if err := j.SayStakes(ready); err != nil {
		return reset.Permit{}, err
	}
	permit, err := j.confirmed(ctx, func(typed string) (reset.Permit, error) {
		permit, err := reset.Allow(ready, typed, unit, j.emulated())
		if err == nil && j.opts.Peers != nil {
			err = j.opts.Peers.MayConfirm(typed)
		}
		return permit, err
	})
	if err == nil {
		err = j.tryFolder() // before anything is written there
	}
	if err == nil {
		err = j.acceptUnsaveable(ready)
	}
	return permit, err
}

// SayStakes shows what will be erased, how much of it is saved and where, and what
// should be taken out of the handset before.
func (j *Job) SayStakes(ready report.Findings) error {
	copied, _, err := saved[report.Backup](j.kept, report.StepBackup)
	if err != nil {
		return err
	}
	j.stakes, j.staking = nil, true
	defer func() { j.staking = false }()
	if !j.anew.Empty() {
		j.say(j.anew)
	}
	j.say(message.Say("job.erases", "handset", nameOf(j.handset)))
	if f, _ := ready.ByID(check.ResetReadyBackup); f.Status == report.StatusSkipped {
		j.say(message.Say("job.not-saved", "reason", f.Seen()))
	} else if !j.unasked() {
		j.say(message.Say("job.saved-in", "folder", j.kept.Dir(), "count", copied.Files.Proved, "size", amount.Bytes(copied.Bytes.Proved)))
	}
	if !j.unasked() {
		j.listLosses(ready)
	}
	for _, f := range ready {
		// What to take out of the handset has its own line after the step.
		if f.Status == report.StatusWarn && (f.ID != check.ResetReadyInside || !j.whole) {
			j.say(withSeen(f))
		}
	}
	return nil
}

// unasked reports whether this run has listed the losses and made the backup, and the
// erasure was confirmed beforehand: there is no question to repeat them for.
func (j *Job) unasked() bool {
	return j.whole && len(j.opts.Confirm) > 0 && j.foreseen != nil && j.copied.Case != ""
}

// sayAgainst shows the observation of each precondition that does not hold, unless its
// summary already has it.
func (j *Job) sayAgainst(ready report.Findings) {
	for _, f := range ready {
		if Stands(f) && !strings.Contains(f.Summary, f.Observed) {
			j.say(withSeen(f))
		}
	}
}

// withSeen returns what a finding says and, unless that already has it, the observation.
func withSeen(f report.Finding) message.Sentence {
	switch {
	case strings.Contains(f.Summary, f.Observed):
		return f.Told()
	case strings.HasPrefix(f.Observed, f.Summary):
		return f.Seen()
	}
	return message.Say("job.seen", "finding", f.Told(), "seen", f.Seen())
}

// WayNames returns the names of the ways to reset, best first.
func WayNames() []string {
	var names []string
	for _, w := range reset.Ways {
		names = append(names, w.Name)
	}
	return names
}

// resetOwner is a job as package reset needs it.
type resetOwner struct{ j *Job }

func (o resetOwner) Say(s message.Sentence)                 { o.j.say(s) }
func (o resetOwner) Instruct(s message.Sentence)            { o.j.instruct(s) }
func (o resetOwner) Wait(w wait.Wait) (done func())         { return o.j.waits.Show(w) }
func (o resetOwner) Record(e casedir.Entry) (string, error) { return o.j.kept.Record(e) }
func (o resetOwner) Recheck(ctx context.Context) error      { return o.j.recheck(ctx) }
func (o resetOwner) Devices(ctx context.Context) ([]adb.DeviceInfo, error) {
	return o.j.client.Devices(ctx)
}

// Save puts the state of the reset on disk. It stops the clock of --timeout before the
// wipe is sent, and returns [ErrTimeUp] if the time was over before.
func (o resetOwner) Save(r report.Reset) error {
	if r.TriggeredAt != nil && !o.j.limit.held() {
		return ErrTimeUp
	}
	rec := o.j.kept.Step(report.StepReset)
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	rec.Data = raw
	return o.j.kept.SetStep(rec)
}
