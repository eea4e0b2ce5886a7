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
	"preship/backup"
	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/evidence"
	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
	"preship/report/message"
	"preship/report/wait"
)

// erasure is the reset of a job, and what must hold before it. It needs the other steps:
// photos taken since are saved first, and the locks are read again.
type erasure struct {
	*Job
	anew message.Sentence // why the question to erase is asked again; empty the first time

	// proof is of the backup when its files were last read and found whole; nil:
	// they were not read in this run.
	proof *backup.Stamp

	hidden bool // the handset no longer shows all that the backup has of it
	// saidUnchanged: the person attested that the hidden data did not change.
	saidUnchanged bool

	wipe report.Reset
	// here is what the reset was confirmed on that continues in the handset's recovery;
	// nil: the handset's system is asked first.
	here *began
}

// reset is the step that erases. Until a permit is there it only reads; once the
// wipe may have been sent it only watches, unless the owner says --again.
func (e *erasure) reset(ctx context.Context) (any, report.Findings, error) {
	earlier, _, err := saved[report.Reset](e.kept, report.StepReset)
	if err != nil {
		return nil, nil, err
	}
	work := reset.Job{
		Earlier: earlier, Owner: resetOwner{e}, Now: e.host.Now, Drive: e.opts.Drive,
		Timeouts: reset.Timeouts{
			Assistant: e.opts.Wait, ByHand: e.opts.Wait, Return: e.opts.Wait,
		},
	}
	switch {
	case e.opts.AttestReset != "":
		return e.attest(earlier)
	case e.opts.Again:
		return e.resetAgain(ctx, work)
	case reset.MayBeSent(earlier):
		return e.resumeReset(ctx, work)
	case reset.Done(earlier):
		// It was seen to its end by a run that died before it could say so.
		e.wipe = earlier
		ready, err := e.firstReady()
		return earlier, slices.Concat(ready, earlier.Findings), err
	case reset.Awaited(earlier):
		data, findings, err := e.resumeReset(ctx, work)
		if !errors.Is(err, reset.ErrNotReset) {
			return data, findings, err
		}
		e.say(message.Say("job.not-reset-since"))
	}
	work.Earlier = report.Reset{}
	if e.here != nil {
		return e.continueReset(ctx, work)
	}
	return e.freshReset(ctx, work)
}

func (e *erasure) resumeReset(ctx context.Context, work reset.Job) (any, report.Findings, error) {
	if err := e.watchOnly(ctx); err != nil {
		return nil, nil, err
	}
	// A handset that leaves meanwhile is followed, whatever state it comes back in.
	work.Device, work.Reader = link.New(e.device, link.Options{}), &evidence.Recorder{Device: e.device, Case: e.kept, Now: e.host.Now}
	before, err := e.before(work.Earlier)
	if err != nil {
		return nil, nil, err
	}
	work.AndroidID = before.AndroidID
	ready, err := e.firstReady()
	if err != nil {
		return nil, nil, err
	}
	e.wipe, err = reset.Resume(ctx, &work)
	return e.wipe, slices.Concat(ready, e.wipe.Findings), err
}

func (e *erasure) freshReset(ctx context.Context, work reset.Job) (any, report.Findings, error) {
	if err := e.acceptLosses(); err != nil {
		return nil, nil, err
	}
	way, ready, err := e.prepareReset(ctx)
	e.wipe = report.Reset{Way: way.Name, Findings: ready}
	if err != nil {
		return e.wipe, ready, err
	}
	if ready, err = e.consentFirst(ctx, ready); err != nil {
		return e.wipe, ready, err
	}
	permit, before, ready, err := e.confirmReset(ctx, ready)
	e.wipe.Findings = ready
	if err != nil {
		return e.wipe, ready, err
	}
	b := began{Known: reset.Know(e.identity), Handset: e.handset, Ready: ready, Way: way.Name, At: e.host.Now().UTC()}
	if err := e.keepBegan(b); err != nil {
		return e.wipe, ready, err
	}
	work.Device, work.Reader, work.Identity, work.Permit = link.New(e.device, link.Options{}), e.reader(), e.identity, permit
	work.Screen = &evidence.Recorder{Device: e.device, Now: e.host.Now}
	work.AndroidID = before.AndroidID
	err = e.goWays(ctx, way, &work)
	return e.wipe, slices.Concat(noteSince(ready, err), e.wipe.Findings), e.refusedBy(err)
}

// goWays goes one way and, where the way was left to preship and did not get to
// where it could erase anything, the next.
func (e *erasure) goWays(ctx context.Context, way *reset.Way, work *reset.Job) error {
	for {
		var err error
		e.wipe, err = way.Run(ctx, work)
		if !errors.Is(err, reset.ErrNoAssistant) || e.wipe.TriggeredAt != nil || !e.autoWay() {
			return err
		}
		state, stateErr := e.device.State(ctx)
		next, passedOver := way.Next(e.identity)
		if stateErr != nil || state != adb.StateDevice || next == nil {
			return err
		}
		e.say(message.Of(err))
		e.sayPassedOver(passedOver)
		if err := e.stillReady(ctx); err != nil {
			return err
		}
		if err := e.noteRunning(); err != nil {
			return err
		}
		e.say(message.Say("way.next", "way", next.Title))
		way = next
	}
}

// refusals are the errors of a reset that the handset or preship would not make:
// nothing was erased, and there is something to be done first.
var refusals = []error{
	reset.ErrSince, reset.ErrFindDevice, reset.ErrOtherUnit, reset.ErrFormatDisabled, reset.ErrNotBench, reset.ErrBenchRefused, reset.ErrNotOn,
}

func (e *erasure) refusedBy(err error) error {
	for _, refusal := range refusals {
		if errors.Is(err, refusal) {
			e.say(message.Say("job.not-erased", "why", message.Of(err)))
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
		return j.erase.wipe, err
	}
	if j.opts.AttestReset == "" {
		if err := j.CanFinish(ctx); err != nil {
			return j.erase.wipe, err
		}
		j.TellKey()
	}
	err := j.Within(ctx, func(ctx context.Context) error {
		if j.opts.AttestReset == "" && !j.opts.Again {
			if err := j.erase.fromRecovery(ctx); err != nil {
				return err
			}
		}
		return j.runStep(ctx, stepNamed(report.StepReset))
	})
	if errors.Is(err, errRefused) {
		err = nil
	}
	return j.erase.wipe, err
}

// PlanReset returns what [Job.Reset] would do now, and the preconditions. It leaves
// the case as it is.
func (j *Job) PlanReset(ctx context.Context) (*reset.Way, report.Findings, error) {
	j.alone = true
	if err := j.Open(); err != nil {
		return nil, nil, err
	}
	return j.erase.prepareReset(ctx)
}

func (c *common) autoWay() bool { return c.opts.Way == "" || c.opts.Way == "auto" }

func (e *erasure) chooseWay() (*reset.Way, error) {
	if !e.autoWay() {
		return e.fittingWay()
	}
	way, passedOver := reset.Choose(e.identity)
	if e.whole {
		return way, nil // the outlook named it
	}
	e.sayPassedOver(passedOver)
	_, why := way.Applies(e.identity)
	e.say(message.Say("way.chosen", "way", way.Name, "why", why))
	return way, nil
}

func (e *erasure) sayPassedOver(ways []message.Sentence) {
	for _, why := range ways {
		e.say(message.Say("way.passed-over", "why", why))
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
func (e *erasure) permit(ctx context.Context, ready report.Findings) (reset.Permit, error) {
	unit := e.ownUnit()
	// A reset that cannot happen needs no confirmation.
	if err := reset.Stands(ready); err != nil {
		e.say(message.Say("job.not-ready"))
		e.sayAgainst(ready)
		return reset.Permit{}, fmt.Errorf("%w: %w", errRefused, err)
	}
	if err := e.mustAccept(); err != nil {
		return reset.Permit{}, err
	}
	if err := e.canErase(ctx); err != nil {
		return reset.Permit{}, err
	}
	if err := e.sayStakes(ready); err != nil {
		return reset.Permit{}, err
	}
	permit, err := e.confirmed(ctx, func(typed string) (reset.Permit, error) {
		permit, err := reset.Allow(ready, typed, unit, e.emulated())
		if err == nil && e.opts.Peers != nil {
			err = e.opts.Peers.MayConfirm(typed)
		}
		return permit, err
	})
	if err == nil {
		err = e.tryFolder() // before anything is written there
	}
	if err == nil {
		err = e.acceptUnsaveable(ready)
	}
	return permit, err
}

// SayStakes shows what a reset would erase, as it does before it is confirmed.
func (j *Job) SayStakes(ready report.Findings) error { return j.erase.sayStakes(ready) }

// sayStakes shows what will be erased, how much of it is saved and where, and what
// should be taken out of the handset before.
func (e *erasure) sayStakes(ready report.Findings) error {
	copied, _, err := saved[report.Backup](e.kept, report.StepBackup)
	if err != nil {
		return err
	}
	e.stakes, e.staking = nil, true
	defer func() { e.staking = false }()
	if !e.anew.Empty() {
		e.say(e.anew)
	}
	e.say(message.Say("job.erases", "handset", nameOf(e.handset)))
	if f, _ := ready.ByID(check.ResetReadyBackup); f.Status == report.StatusSkipped {
		e.say(message.Say("job.not-saved", "reason", f.Seen()))
	} else if !e.unasked() {
		e.say(message.Say("job.saved-in", "folder", e.kept.Dir(), "count", copied.Files.Proved, "size", amount.Bytes(copied.Bytes.Proved)))
	}
	if !e.unasked() {
		e.listLosses(ready)
	}
	for _, f := range ready {
		// What to take out of the handset has its own line after the step.
		if f.Status == report.StatusWarn && (f.ID != check.ResetReadyInside || !e.whole) {
			e.say(withSeen(f))
		}
	}
	return nil
}

// unasked reports whether this run has listed the losses and made the backup, and the
// erasure was confirmed beforehand: there is no question to repeat them for.
func (e *erasure) unasked() bool {
	return e.whole && len(e.opts.Confirm) > 0 && e.foreseen != nil && e.copied.Case != ""
}

// sayAgainst shows the observation of each precondition that does not hold, unless its
// summary already has it.
func (e *erasure) sayAgainst(ready report.Findings) {
	for _, f := range ready {
		if Stands(f) && !strings.Contains(f.Summary, f.Observed) {
			e.say(withSeen(f))
		}
	}
}

// withSeen returns what a finding says and, unless that already has it, the observation.
func withSeen(f report.Finding) message.Sentence {
	switch {
	case strings.Contains(f.Summary, f.Observed):
		return f.Sentence()
	case strings.HasPrefix(f.Observed, f.Summary):
		return f.Seen()
	}
	return message.Say("job.seen", "finding", f.Sentence(), "seen", f.Seen())
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
type resetOwner struct{ j *erasure }

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
