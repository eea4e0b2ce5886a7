package job

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"preship/adb/handset"
	"preship/adb/handset/health"
	"preship/adb/handset/locks"
	"preship/adb/reset"
	"preship/backup"
	"preship/cmd/preship/internal/outlook"
	"preship/report"
	"preship/report/message"
	"preship/verify"
)

// Outlook identifies the handset and returns what a whole job would meet. It only reads,
// and asks nothing.
func (j *Job) Outlook(ctx context.Context) (outlook.Outlook, error) {
	j.brief = true
	if err := j.openNamedCase(); err != nil {
		return outlook.Outlook{}, err
	}
	if _, _, err := j.identify(ctx); err != nil {
		return outlook.Outlook{}, err
	}
	return j.lookAhead(ctx)
}

// lookout judges, before anything is asked, what the steps to come will meet.
type lookout struct {
	*common
	*statements
	*settlement
}

// lookAhead reads what the steps to come depend on, and judges it.
func (o *lookout) lookAhead(ctx context.Context) (outlook.Outlook, error) {
	way, err := o.fittingWay()
	if err != nil {
		return outlook.Outlook{}, err
	}
	facts := outlook.Facts{
		Identity: o.identity, Identified: o.handset.Findings, Way: way, Link: o.link(),
		CanAsk: o.person.CanAsk(), Emulated: o.emulated(), WithoutBackup: o.withoutBackup(), Despite: o.overrides,
	}
	facts.Dir, facts.Free = o.destination()
	screens := handset.AskList(ctx, o.reader(), handset.InputDevices.Must(), health.ParseTouch)
	facts.NoTouch = screens.Known() && len(screens.Items) == 0
	power := handset.AskList(ctx, o.reader(), handset.ScreenState.Must(), health.ParseWakefulness)
	facts.ScreenOff = power.Known() && (slices.Contains(power.Items, "Asleep") || slices.Contains(power.Items, "Dozing"))
	if err := o.lookAtLocks(ctx, &facts); err != nil {
		return outlook.Outlook{}, err
	}
	if err := o.lookAtData(ctx, &facts); err != nil {
		return outlook.Outlook{}, err
	}
	return facts.Outlook(), nil
}

// lookAtLocks asks for battery and locks. What --attest vouches for counts.
func (o *lookout) lookAtLocks(ctx context.Context, facts *outlook.Facts) error {
	r := o.reader()
	facts.Battery = reset.Battery(ctx, r)
	facts.Battery.At = o.host.Now().UTC()
	seen, found, err := verify.Locks(ctx, r, o.identity)
	if err := r.Whole(err); err != nil {
		return err
	}
	said, err := o.attestations()
	if err != nil {
		return err
	}
	o.sayContradicted(verify.Attest(&seen, found, said))
	facts.Locks, facts.Checked = seen, found
	for _, f := range o.askOnline(ctx, o.handset) {
		// A lock of the account goes when its owner signs out; a mark as lost stays.
		if f.Message != nil && f.Message.ID() == "online.activation-lock.lost" {
			facts.Identified = append(slices.Clone(facts.Identified), f)
		}
	}
	return nil
}

// lookAtData lists what a backup would save, unless the case has a backup that nothing
// stands against. Nothing is listed of a handset that does not show its owner's data.
func (o *lookout) lookAtData(ctx context.Context, facts *outlook.Facts) error {
	accepts := o.accepting(nil)
	defer func() { facts.Accepted = accepts.covers }()
	if o.passed(report.StepBackup) {
		facts.Saved, facts.Lacks = true, o.kept.Step(report.StepBackup).Findings
		return nil
	}
	if f, _ := facts.Identified.ByID(locks.RepairMode); f.Status == report.StatusFail {
		return nil
	}
	take, err := o.opts.take()
	if err != nil {
		return err
	}
	encrypt, _, err := o.encryption(ctx)
	if err != nil {
		return err
	}
	encrypted := len(encrypt.To) > 0 || len(encrypt.Passphrase) > 0
	preview, err := backup.Look(ctx, o.device, o.reader(), o.kept, take, encrypted)
	if err != nil {
		return err
	}
	accepts = o.accepting(preview.Losses)
	facts.Preview, facts.Lacks = &preview, preview.Findings
	return nil
}

// overrides reports whether a flag overrides a check.
func (c *common) overrides(id string) bool { return contains(c.opts.Despite, id) }

func (c *common) withoutBackup() bool { return strings.TrimSpace(c.opts.WithoutBackup) != "" }

// destination returns the folder that the copy goes to and the bytes that are free there,
// negative if that is not known.
func (o *lookout) destination() (dir string, free int64) {
	switch {
	case o.kept != nil:
		dir = o.kept.Dir()
	case o.opts.Out != "":
		dir = o.opts.Out
	default:
		return "", -1
	}
	free, err := o.host.Free(folderAbove(dir))
	if err != nil {
		free = -1
	}
	return dir, free
}

// link returns how the handset is connected.
func (o *lookout) link() outlook.Link {
	l := outlook.Link{Network: strings.Contains(o.device.Serial(), ":")}
	if o.host.LinkSpeed != nil && o.info.USB != "" {
		l.Megabits = o.host.LinkSpeed(o.info.USB)
	}
	return l
}

// fittingWay returns the way to reset that --way names, or the best one. The error is a
// [UsageError] if the way does not fit the handset.
func (c *common) fittingWay() (*reset.Way, error) {
	if c.autoWay() {
		way, _ := reset.Choose(c.identity)
		return way, nil
	}
	way, ok := reset.WayNamed(c.opts.Way)
	if !ok {
		return nil, Usage(message.Say("usage.way", "way", c.opts.Way, "ways", WayNames()))
	}
	if fits, why := way.Applies(c.identity); !fits {
		return nil, Usage(message.Say("usage.way.unfit", "way", way.Name, "why", why))
	}
	return way, nil
}

// confirmable returns a [UsageError] if confirmations were given and none of them is of
// this handset.
func (c *common) confirmable() error {
	unit := c.ownUnit()
	for i, given := range c.opts.Confirm {
		err := reset.Confirms(given, unit, c.emulated())
		if err == nil {
			return nil
		}
		if i == len(c.opts.Confirm)-1 {
			return usageOf(message.Say("usage.not-confirmed", "error", message.Of(err)), err)
		}
	}
	return nil
}

// lookBeforeAsking tells the person the outlook, and refuses the rest of the job if
// something stops it.
func (j *Job) lookBeforeAsking(ctx context.Context) error {
	err := j.confirmable()
	var o outlook.Outlook
	if err == nil {
		o, err = j.lookUntilSeen(ctx)
	}
	if err != nil {
		return j.refuse(ctx, nil, err)
	}
	j.waits.Tell(Looked{o})
	j.foreseen = map[string]string{}
	for _, l := range o.Losses {
		j.foreseen[l.ID] = l.Finding.Summary
		j.advice(l.ID, l.Next.String())
	}
	if !o.Stops() {
		return j.askIdentity(ctx)
	}
	j.end.Stopped = true
	why := error(errStopped)
	if _, found := o.Findings().ByID(locks.RepairMode); found {
		why = ErrNotOwners
	}
	return j.refuse(ctx, o.Findings(), fmt.Errorf("%w: %w", errRefused, why))
}

// lookUntilSeen is lookAhead with an error that says what could not be read. A handset
// that leaves meanwhile is waited for.
func (j *Job) lookUntilSeen(ctx context.Context) (o outlook.Outlook, err error) {
	if o, err = j.lookAhead(ctx); err != nil && !errors.As(err, new(*UsageError)) {
		err = message.Error(message.Say("job.error.outlook"), err)
	}
	return o, err
}

// askIdentity asks about what identify could not see, before hours are spent on a copy.
func (j *Job) askIdentity(ctx context.Context) error {
	rec := j.kept.Step(report.StepIdentify)
	err := j.askUnknown(ctx, rec.Findings)
	if saveErr := j.save(rec); saveErr != nil {
		return saveErr
	}
	if err != nil {
		return j.refuse(ctx, nil, err)
	}
	return nil
}

// errStopped is why the step after the outlook did not begin.
var errStopped = message.Error(message.Say("job.error.stopped"), nil)

// refuse writes down that the next step did not begin, and why. It returns why.
func (c *common) refuse(ctx context.Context, findings report.Findings, why error) error {
	now := c.host.Now().UTC()
	for i := range findings {
		if findings[i].At.IsZero() {
			findings[i].At = now
		}
		if findings[i].Evidence == nil {
			findings[i].Evidence = []string{}
		}
	}
	rec := report.StepRecord{Name: c.nextStep(), State: stateOf(ctx, why), Started: now, Finished: now, Findings: findings}
	rec.Fail(whyEnded(ctx, why))
	if err := c.save(rec); err != nil {
		return errors.Join(why, fmt.Errorf("case: %w", err))
	}
	return why
}

// nextStep returns the first step after identify, up to the reset, that is not done.
func (c *common) nextStep() string {
	for _, name := range []string{report.StepBackup, report.StepAccounts} {
		if c.kept.Step(name).State != report.StepDone {
			return name
		}
	}
	return report.StepReset
}
