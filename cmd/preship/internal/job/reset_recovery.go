package job

import (
	"context"
	"fmt"
	"slices"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/link"
	"preship/adb/reset"
	"preship/cmd/preship/internal/amount"
	"preship/report"
	"preship/report/check"
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
	Way     string          `json:"way,omitempty"`
	At      time.Time       `json:"at,omitzero"` // when it was confirmed
	// Ran says that the handset's system was seen running later: it may have been used.
	Ran bool `json:"ran,omitempty"`
}

func (e *erasure) keepBegan(b began) error {
	if err := e.kept.Keep(beganName, b); err != nil {
		return message.Error(message.Say("job.error.not-erased"), err)
	}
	return nil
}

// noteRunning notes that the handset's system runs after a reset of the case was
// confirmed. From then on the facts of the confirmation are out of date.
func (c *connection) noteRunning() error {
	var b began
	if c.kept == nil || c.opts.DryRun {
		return nil
	}
	if ok, err := c.kept.Kept(beganName, &b); err != nil || !ok || b.Ran {
		return err
	}
	b.Ran = true
	return c.kept.Keep(beganName, b)
}

// firstReady is what the preconditions were when the reset was confirmed.
func (e *erasure) firstReady() (report.Findings, error) {
	var b began
	_, err := e.kept.Kept(beganName, &b)
	return b.Ready, err
}

// resetAgain sends the wipe again to a handset that waits in its recovery
// after the first answer was lost. The backup is proved again, the handset is
// confirmed again, and its recovery must be the case's.
func (e *erasure) resetAgain(ctx context.Context, work reset.Job) (any, report.Findings, error) {
	way, known := reset.WayNamed(work.Earlier.Way)
	if !reset.MayBeSent(work.Earlier) || !known || way.Name != "recovery" {
		return nil, nil, Usage(message.Say("usage.again.none"))
	}
	if err := e.watchOnly(ctx); err != nil {
		return nil, nil, err
	}
	state, err := e.device.State(ctx)
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
	if ok, err := e.kept.Kept(beganName, &b); err != nil || !ok {
		return nil, nil, message.Error(message.Say("job.error.began-missing"), err)
	}
	e.takeBegan(b)
	ready := report.Findings(reset.ReadyAgain(ctx, b.Ready, reset.Preconditions{
		Backup: e.backupProved, WithoutBackup: e.opts.WithoutBackup, Now: e.host.Now,
	}))
	permit, err := e.permit(ctx, ready)
	e.wipe = work.Earlier
	if err != nil {
		return e.wipe, ready, err
	}
	work.Device, work.Reader, work.Identity, work.Permit, work.Again = link.New(e.device, link.Options{}), e.reader(), e.identity, permit, true
	before, err := e.before(work.Earlier)
	if err != nil {
		return e.wipe, ready, err
	}
	work.AndroidID = before.AndroidID
	e.wipe, err = way.Run(ctx, &work)
	return e.wipe, slices.Concat(noteSince(ready, err), e.wipe.Findings), e.refusedBy(err)
}

// ErrInRecovery: an earlier run of the case left the handset in its recovery before
// anything was erased there.
var ErrInRecovery = message.Error(message.Say("job.error.in-recovery.untouched"), nil)

// The values of Options.InRecovery.
const (
	eraseThere   = "erase"
	restartThere = "restart"
)

// leftInRecovery adds to the error of a handset that cannot be asked where an
// earlier run of the case left it, and how to get it back.
func (c *connection) leftInRecovery(info adb.DeviceInfo, err error) error {
	if c.kept == nil {
		return err
	}
	earlier, _, savedErr := saved[report.Reset](c.kept, report.StepReset)
	var b began
	confirmed, keptErr := c.kept.Kept(beganName, &b)
	if savedErr != nil || keptErr != nil || !confirmed || reset.Done(earlier) {
		return err
	}
	inRecovery := info.State == adb.StateRecovery || info.State == adb.StateSideload
	untouched := earlier.TriggeredAt == nil
	switch {
	case inRecovery && untouched:
		return fmt.Errorf("%w: %w", ErrInRecovery, err)
	case inRecovery:
		return message.Error(message.Say("job.error.in-recovery"), err)
	case info.State == adb.StateAbsent && untouched:
		return message.Error(message.Say("job.error.maybe-recovery.untouched"), err)
	case info.State == adb.StateAbsent:
		return message.Error(message.Say("job.error.maybe-recovery"), err)
	}
	return err
}

// WaitsInRecovery reports whether an earlier run of the open case left the handset in
// the assistant mode of its recovery, and nothing was erased. It asks the adb server only.
func (j *Job) WaitsInRecovery(ctx context.Context) (bool, error) {
	_, waits, err := j.erase.waitsInRecovery(ctx)
	return waits, err
}

func (e *erasure) waitsInRecovery(ctx context.Context) (b began, waits bool, err error) {
	earlier, _, err := saved[report.Reset](e.kept, report.StepReset)
	if err != nil {
		return b, false, err
	}
	ok, err := e.kept.Kept(beganName, &b)
	if err != nil || !ok || earlier.TriggeredAt != nil || earlier.Rung != report.RungNone || e.device != nil || e.serial() == "" {
		return b, false, err
	}
	if err := e.server(ctx); err != nil {
		return b, false, err
	}
	state, err := e.client.Device(e.serial()).State(ctx)
	return b, state == adb.StateSideload, err
}

// fromRecovery decides about a handset that an earlier run left in its recovery before
// anything was erased. The reset continues there if j.here is set when it returns;
// otherwise the handset's system runs, or is to be asked as usual. It is the person who
// decides, or Options.InRecovery.
func (e *erasure) fromRecovery(ctx context.Context) error {
	b, waits, err := e.waitsInRecovery(ctx)
	if err != nil || !waits {
		return err
	}
	erasable := b.Way == "recovery" && !b.Ran && (e.autoWay() || e.opts.Way == b.Way)
	left := e.leftInRecovery(adb.DeviceInfo{State: adb.StateSideload}, &adb.StateError{Serial: e.serial(), State: adb.StateSideload})
	choice := e.opts.InRecovery
	switch {
	case choice == "" && !e.person.CanAsk():
		return e.refuse(ctx, nil, left)
	case choice == eraseThere && !erasable:
		return Usage(message.Say("usage.in-recovery.used"))
	}
	if err := e.watchOnly(ctx); err != nil {
		return err
	}
	e.takeBegan(b)
	if err := e.claimUnit(e.handset.Unit()); err != nil {
		return err
	}
	work := reset.Job{
		Device: link.New(e.device, link.Options{}), Identity: e.identity, Owner: resetOwner{e}, Now: e.host.Now,
		Timeouts: reset.Timeouts{Return: e.opts.Wait},
	}
	if found, err := reset.Recognize(ctx, &work); err != nil {
		e.wipe.Findings = found
		return e.refuse(ctx, found, e.refusedBy(err))
	}
	if choice == "" {
		if choice, err = e.askInRecovery(ctx, b, erasable); err != nil {
			return err
		}
	}
	switch choice {
	case eraseThere:
		e.here = &b
		if e.opts.Peers != nil {
			return e.opts.Peers.Identified(e.handset, e.identity.Serial.Value, e.kept)
		}
		return nil
	case restartThere:
		err := reset.Leave(ctx, &work)
		e.device, e.patient = nil, nil
		return err
	}
	return e.refuse(ctx, nil, left)
}

// askInRecovery asks whether the reset continues in the recovery. Empty is an answer that
// is neither yes nor no.
func (e *erasure) askInRecovery(ctx context.Context, b began, erasable bool) (choice string, err error) {
	const flag = "--recovery"
	if !erasable {
		yes, err := e.askYes(ctx, flag, message.Say("ask.in-recovery.restart"), message.Say("job.in-recovery.used"))
		if yes {
			choice = restartThere
		}
		return choice, err
	}
	e.say(message.Say("job.in-recovery", "time", amount.Span(roughly(e.host.Now().Sub(b.At)))))
	answer, err := e.person.Ask(ctx, Question{Flag: flag, Text: message.Say("ask.in-recovery.erase")})
	if err != nil {
		return "", err
	}
	switch yes, plain := message.YesOrNo(answer); {
	case plain && yes:
		choice = eraseThere
	case plain:
		choice = restartThere
	}
	return choice, nil
}

// roughly rounds a time for a person who wants to know how long ago something was.
func roughly(d time.Duration) time.Duration {
	if d > time.Minute {
		return d.Round(time.Minute)
	}
	return max(d.Round(time.Second), time.Second)
}

// takeBegan makes the handset that a reset was confirmed for the one of this run.
func (e *erasure) takeBegan(b began) {
	e.identity, e.handset = b.Known.Identity(), b.Handset
	if b.Handset.Kind == report.KindEmulator {
		e.identity.Kind = handset.KindEmulator
	}
}

// continueReset is the step reset on a handset that waits in its recovery before anything
// was erased. It checks the backup again, asks for a new permit, and sends the wipe if the
// recovery still is this handset's.
func (e *erasure) continueReset(ctx context.Context, work reset.Job) (any, report.Findings, error) {
	b := *e.here
	way, _ := reset.WayNamed(b.Way)
	e.wipe = report.Reset{Way: way.Name}
	if err := e.acceptLosses(); err != nil {
		return e.wipe, nil, err
	}
	first := slices.DeleteFunc(slices.Clone(b.Ready), func(f report.Finding) bool {
		return f.ID == check.ResetReadyConsent || f.ID == check.IntakeHandset
	})
	ready := append(e.papers(), reset.ReadyInRecovery(ctx, first, b.At, reset.Preconditions{
		Backup: e.backupProved, WithoutBackup: e.opts.WithoutBackup, Now: e.host.Now,
	})...)
	ready, err := e.consentFirst(ctx, ready)
	if err != nil {
		return e.wipe, ready, err
	}
	permit, err := e.permit(ctx, ready)
	e.wipe.Findings = ready
	if err != nil {
		return e.wipe, ready, err
	}
	b.Ready = ready
	if err := e.keepBegan(b); err != nil {
		return e.wipe, ready, err
	}
	work.Device, work.Reader, work.Identity, work.Permit = link.New(e.device, link.Options{}), e.reader(), e.identity, permit
	before, err := e.before(work.Earlier)
	if err != nil {
		return e.wipe, ready, err
	}
	work.AndroidID = before.AndroidID
	e.wipe, err = way.Run(ctx, &work)
	return e.wipe, slices.Concat(noteSince(ready, err), e.wipe.Findings), e.refusedBy(err)
}

// attest writes down what a person saw of a reset that nothing else could see.
// It erases nothing and asks the handset nothing.
func (e *erasure) attest(r report.Reset) (any, report.Findings, error) {
	if r.Way == "" {
		r.Way = "by-hand"
	}
	reset.Attest(&r, e.opts.AttestReset, e.host.Now())
	e.wipe = r
	e.say(message.Say("job.attested", "rung", r.Rung.Title(), "open", r.Rung.NotProved()))
	e.say(message.Say("job.attested.more", "folder", e.kept.Dir()))
	ready, err := e.firstReady()
	return r, slices.Concat(ready, r.Findings), err
}
