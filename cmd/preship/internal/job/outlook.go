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

// lookAhead reads what the steps to come depend on, and judges it.
func (j *Job) lookAhead(ctx context.Context) (outlook.Outlook, error) {
	way, err := j.fittingWay()
	if err != nil {
		return outlook.Outlook{}, err
	}
	facts := outlook.Facts{
		Identity: j.identity, Identified: j.handset.Findings, Way: way, Link: j.link(),
		CanAsk: j.person.CanAsk(), Emulated: j.emulated(), WithoutBackup: j.withoutBackup(), Despite: j.overrides,
	}
	facts.Dir, facts.Free = j.destination()
	screens := handset.AskList(ctx, j.reader(), handset.InputDevices.Must(), health.ParseTouch)
	facts.NoTouch = screens.Known() && len(screens.Items) == 0
	power := handset.AskList(ctx, j.reader(), handset.ScreenState.Must(), health.ParseWakefulness)
	facts.ScreenOff = power.Known() && (slices.Contains(power.Items, "Asleep") || slices.Contains(power.Items, "Dozing"))
	if err := j.lookAtLocks(ctx, &facts); err != nil {
		return outlook.Outlook{}, err
	}
	if err := j.lookAtData(ctx, &facts); err != nil {
		return outlook.Outlook{}, err
	}
	return facts.Outlook(), nil
}

// lookAtLocks asks for battery and locks. What --attest vouches for counts.
func (j *Job) lookAtLocks(ctx context.Context, facts *outlook.Facts) error {
	r := j.reader()
	facts.Battery = reset.Battery(ctx, r)
	facts.Battery.At = j.host.Now().UTC()
	seen, found, err := verify.Locks(ctx, r, j.identity)
	if err := r.whole(err); err != nil {
		return err
	}
	said, err := j.attestations()
	if err != nil {
		return err
	}
	j.sayContradicted(verify.Attest(&seen, found, said))
	facts.Locks, facts.Checked = seen, found
	for _, f := range j.askOnline(ctx, j.handset) {
		// A lock of the account goes when its owner signs out; a mark as lost stays.
		if f.Message != nil && f.Message.ID() == "online.activation-lock.lost" {
			facts.Identified = append(slices.Clone(facts.Identified), f)
		}
	}
	return nil
}

// lookAtData lists what a backup would save, unless the case has a backup that nothing
// stands against. Nothing is listed of a handset that does not show its owner's data.
func (j *Job) lookAtData(ctx context.Context, facts *outlook.Facts) error {
	accepts := j.accepting(nil)
	defer func() { facts.Accepted = accepts.covers }()
	if j.passed(report.StepBackup) {
		facts.Saved, facts.Lacks = true, j.kept.Step(report.StepBackup).Findings
		return nil
	}
	if f, _ := facts.Identified.ByID(locks.RepairMode); f.Status == report.StatusFail {
		return nil
	}
	take, err := j.opts.take()
	if err != nil {
		return err
	}
	encrypt, _, err := j.encryption(ctx)
	if err != nil {
		return err
	}
	encrypted := len(encrypt.To) > 0 || len(encrypt.Passphrase) > 0
	preview, err := backup.Look(ctx, j.device, j.reader(), j.kept, take, encrypted)
	if err != nil {
		return err
	}
	accepts = j.accepting(preview.Losses)
	facts.Preview, facts.Lacks = &preview, preview.Findings
	return nil
}

// overrides reports whether a flag overrides a check.
func (j *Job) overrides(id string) bool { return contains(j.opts.Despite, id) }

func (j *Job) withoutBackup() bool { return strings.TrimSpace(j.opts.WithoutBackup) != "" }

// destination returns the folder that the copy goes to and the bytes that are free there,
// negative if that is not known.
func (j *Job) destination() (dir string, free int64) {
	switch {
	case j.kept != nil:
		dir = j.kept.Dir()
	case j.opts.Out != "":
		dir = j.opts.Out
	default:
		return "", -1
	}
	free, err := j.host.Free(folderAbove(dir))
	if err != nil {
		free = -1
	}
	return dir, free
}

// link returns how the handset is connected.
func (j *Job) link() outlook.Link {
	l := outlook.Link{Network: strings.Contains(j.device.Serial(), ":")}
	if j.host.LinkSpeed != nil && j.info.USB != "" {
		l.Megabits = j.host.LinkSpeed(j.info.USB)
	}
	return l
}

// fittingWay returns the way to reset that --way names, or the best one. The error is a
// [UsageError] if the way does not fit the handset.
func (j *Job) fittingWay() (*reset.Way, error) {
	if j.autoWay() {
		way, _ := reset.Choose(j.identity)
		return way, nil
	}
	way, ok := reset.WayNamed(j.opts.Way)
	if !ok {
		return nil, Usage(message.Say("usage.way", "way", j.opts.Way, "ways", WayNames()))
	}
	if fits, why := way.Applies(j.identity); !fits {
		return nil, Usage(message.Say("usage.way.unfit", "way", way.Name, "why", why))
	}
	return way, nil
}

// confirmable returns a [UsageError] if confirmations were given and none of them is of
// this handset.
func (j *Job) confirmable() error {
	unit := j.ownUnit()
	for i, given := range j.opts.Confirm {
		err := reset.Confirms(given, unit, j.emulated())
		if err == nil {
			return nil
		}
		if i == len(j.opts.Confirm)-1 {
			return UsageOf(message.Say("usage.not-confirmed", "error", message.Of(err)), err)
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
func (j *Job) refuse(ctx context.Context, findings report.Findings, why error) error {
	now := j.host.Now().UTC()
	for i := range findings {
		if findings[i].At.IsZero() {
			findings[i].At = now
		}
		if findings[i].Evidence == nil {
			findings[i].Evidence = []string{}
		}
	}
	rec := report.StepRecord{Name: j.nextStep(), State: stateOf(ctx, why), Started: now, Finished: now, Findings: findings}
	rec.Fail(whyEnded(ctx, why))
	if err := j.save(rec); err != nil {
		return errors.Join(why, fmt.Errorf("case: %w", err))
	}
	return why
}

// nextStep returns the first step after identify, up to the reset, that is not done.
func (j *Job) nextStep() string {
	for _, name := range []string{report.StepBackup, report.StepAccounts} {
		if j.kept.Step(name).State != report.StepDone {
			return name
		}
	}
	return report.StepReset
}
