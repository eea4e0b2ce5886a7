package job

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"preship/adb/reset"
	"preship/backup/agefile"
	"preship/backup/manifest"
	"preship/backup/selection"
	"preship/report"
	"preship/report/casedir"
	"preship/report/intake"
	"preship/report/message"
	"preship/report/symptom"
	"preship/verify"
)

// Options are the answers a person or a script gives beforehand.
type Options struct {
	Serial   string // the handset, as adb names it; empty takes the case's, or the only one
	Dir, Out string // an existing case, or the folder that a new one is made in
	Claims   verify.Claims
	Prove    string // hash (also if empty), reread or size
	// Only and Exclude are what the backup takes: see package selection.
	Only, Exclude []string
	// Encrypt returns how a new backup is encrypted, and the key that is tried on it,
	// nil for no key. It may be called several times. A nil Encrypt encrypts nothing.
	Encrypt       func(ctx context.Context) (agefile.Encryption, *agefile.Key, error)
	Wait          time.Duration // for the person to do something on the handset
	Away          time.Duration // for a handset that left during the backup; 0 is the default of package backup
	Timeout       time.Duration // of all of it; 0 is unlimited
	Way           string        // of the reset; auto (also if empty) chooses
	Confirm       []string      // the typed confirmations, or reset.ConfirmEmulated
	WithoutBackup string        // why the handset is erased without a proved copy
	Despite       []string      // IDs of findings that are accepted
	Attest        []string      // IDs of checks that the owner vouches for
	Online        Online
	Drive         bool // press the buttons of the maker's reset pages
	Again         bool // send the wipe again after its answer was lost
	// InRecovery answers for a handset that an earlier run left in its recovery before
	// anything was erased: erase it there, or restart it; empty: the person is asked.
	InRecovery  string
	AttestReset string // who saw the reset, and what
	DryRun      bool   // see [Job.DryRun]
	Language    string // of the report's pages; empty is the default
	// Intake is the form about the owner and the fault, which the case keeps before the
	// backup; nil: the person is asked, unless NoIntake is set.
	Intake   *intake.Form
	NoIntake bool
	// Fault is the kind of fault that is read before the backup, [NoFault] for no fault
	// report; empty: the person is asked, unless NoIntake is set.
	Fault    string
	AppNames bool // the report may name the apps that crashed
	// Timestamp is the URL of an authority that stamps the report with the time (RFC 3161);
	// empty asks none.
	Timestamp string
	// LookAgain repeats the checks after the reset although they passed before: the
	// handset may have been used since.
	LookAgain bool
	// Peers are the jobs beside this one; nil if it is the only one.
	Peers Peers
}

// Online says whether the maker's server may be asked about the handset, and where.
type Online struct {
	Ask bool
	URL string // empty is the maker's
}

// Peers are the jobs on other handsets that run beside this one.
type Peers interface {
	// Interviews reports whether the person is asked for the intake form and for the
	// fault: it would be one handset after the other at a terminal.
	Interviews() bool
	// Turn runs copying when it is this job's turn. It calls waiting first if the
	// turn does not come at once.
	Turn(ctx context.Context, waiting func(), copying func(context.Context) error) error
	// MayConfirm returns an error if a typed confirmation also fits another handset.
	MayConfirm(typed string) error
	// Listed returns what the worklist says of the papers of a handset. The error ends the
	// job: the worklist has this handset twice, or mixed with another one.
	Listed(h report.Handset, serial string) (verify.Claims, error)
	// Identified is called with who the handset is, and its case. serial is the handset's
	// own, which may differ from the name adb has for it; empty if it is not known.
	Identified(h report.Handset, serial string, c *casedir.Case) error
}

// Absolute makes the folders absolute.
func (o *Options) Absolute() error {
	for _, dir := range []*string{&o.Dir, &o.Out} {
		if *dir == "" {
			continue
		}
		abs, err := filepath.Abs(*dir)
		if err != nil {
			return err
		}
		*dir = abs
	}
	return nil
}

// interviews reports whether the person is asked for the intake form and for the fault.
func (o Options) interviews() bool { return !o.NoIntake && o.finds() }

// finds reports whether the job looks for the form of a handset that was not connected
// when it was filled in.
func (o Options) finds() bool { return o.Peers == nil || o.Peers.Interviews() }

// proveMode reads --prove.
func (o Options) proveMode() (manifest.Prove, error) {
	switch o.Prove {
	case "", "hash":
		return manifest.ProveHash, nil
	case "reread":
		return manifest.ProveReread, nil
	case "size":
		return manifest.ProveSize, nil
	}
	return "", Usage(message.Say("usage.prove", "value", o.Prove))
}

// CheckReset refuses options of the step reset that cannot be carried out. canAsk
// says whether somebody can answer questions. Every error is a [UsageError].
func (o *Options) CheckReset(canAsk bool) error {
	if o.Dir == "" {
		return Usage(message.Say("usage.case"))
	}
	if len(o.Confirm) == 0 && !o.DryRun && o.AttestReset == "" && !canAsk {
		return unanswered(message.Say("usage.no-answer.confirm"), "--confirm")
	}
	return errors.Join(o.checkAttest(), o.checkWait(), o.checkWay())
}

// checkWay refuses options of a reset that contradict each other.
func (o *Options) checkWay() error {
	_, known := reset.WayNamed(o.Way)
	switch {
	case o.Way != "" && o.Way != "auto" && !known:
		return Usage(message.Say("usage.way", "way", o.Way, "ways", WayNames()))
	case o.DryRun && o.AttestReset != "":
		return Usage(message.Say("usage.dry-run.attest"))
	case o.DryRun && o.Again:
		return Usage(message.Say("usage.dry-run.again"))
	case o.Again && o.AttestReset != "":
		return Usage(message.Say("usage.again.attest"))
	case !slices.Contains([]string{"", eraseThere, restartThere}, o.InRecovery):
		return Usage(message.Say("usage.in-recovery", "value", strconv.Quote(o.InRecovery)))
	case o.Again && o.Dir == "":
		return Usage(message.Say("usage.again.case"))
	}
	return checkDespite(o.Despite)
}

func (o Online) check() error {
	switch {
	case o.URL == "":
		return nil
	case !o.Ask:
		return Usage(message.Say("usage.online-url"))
	}
	if err := verify.CheckOnlineURL(o.URL); err != nil {
		return usageOf(message.Say("usage.online-url.wrong", "error", message.Of(err)), err)
	}
	return nil
}

// checkWait refuses a time that no wait can take.
func (o *Options) checkWait() error {
	if o.Wait < 0 {
		return Usage(message.Say("usage.wait", "time", o.Wait.String()))
	}
	return nil
}

// take reads --only and --exclude.
func (o *Options) take() (selection.Selection, error) {
	s, err := selection.Parse(o.Only, o.Exclude)
	if err != nil {
		return s, Usage(message.Join(message.Colon, message.AsIs("--only, --exclude"), message.Of(err)))
	}
	return s, nil
}

func (o *Options) checkTake() error { _, err := o.take(); return err }

// CheckPrepare refuses options of a whole job that cannot be carried out. canAsk says
// whether somebody can answer questions. Every error is a [UsageError].
func (o *Options) CheckPrepare(canAsk bool) error {
	if len(o.Confirm) == 0 && !canAsk {
		return unanswered(message.Say("usage.no-answer.confirm"), "--confirm")
	}
	if _, err := o.proveMode(); err != nil {
		return err
	}
	if o.Intake != nil && !o.Intake.Agreed() && !canAsk {
		return unanswered(message.Say("usage.no-answer.consent"), "--intake")
	}
	if _, known := symptom.ByID(o.Fault); o.Fault != "" && o.Fault != NoFault && !known {
		return Usage(message.Say("usage.fault.kind", "value", o.Fault, "kinds", symptom.IDs()))
	}
	return errors.Join(o.checkAttest(), o.Online.check(), o.checkWait(), o.checkWay(), o.checkTake())
}

// CheckLook refuses options of an outlook that a whole job would refuse too.
func (o *Options) CheckLook() error {
	return errors.Join(o.checkAttest(), o.Online.check(), o.checkWait(), o.checkWay(), o.checkTake())
}

// ErrTimeUp is why a context of --timeout ended, and what its command returns.
var ErrTimeUp = message.Error(message.Say("error.timeout"), nil)

// timeLimit is --timeout for one job. Hold stops the clock: a handset that is
// being erased is not left alone. It is false when the time was over before.
// Nil is no limit.
type timeLimit struct{ hold func() bool }

// limited is ctx with an end after d, which has ErrTimeUp for its cause; 0 is no end.
func limited(ctx context.Context, d time.Duration) (context.Context, *timeLimit, func()) {
	if d == 0 {
		return ctx, nil, func() {}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(d, func() { cancel(ErrTimeUp) })
	return ctx, &timeLimit{hold: sync.OnceValue(timer.Stop)}, func() {
		timer.Stop()
		cancel(nil)
	}
}

func (l *timeLimit) held() bool { return l == nil || l.hold() }

// Within runs fn for as long as Options.Timeout allows, and returns [ErrTimeUp] if
// the end of the time is what made fn fail.
func (j *Job) Within(ctx context.Context, fn func(context.Context) error) error {
	ctx, limit, end := limited(ctx, j.opts.Timeout)
	defer end()
	j.limit = limit
	return timed(ctx, fn(ctx))
}

// WithTimeout runs fn for at most d, as [Job.Within] does; 0 is unlimited.
func WithTimeout(ctx context.Context, d time.Duration, fn func(context.Context) error) error {
	ctx, _, end := limited(ctx, d)
	defer end()
	return timed(ctx, fn(ctx))
}

// timed is err, or ErrTimeUp where the end of the time is what made it.
func timed(ctx context.Context, err error) error {
	if err != nil && errors.Is(context.Cause(ctx), ErrTimeUp) {
		return ErrTimeUp
	}
	return err
}

// endOf says what ended a context that is over.
func endOf(ctx context.Context) error { return timed(ctx, ErrInterrupted) }
