package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/reset"
	"preship/backup"
	"preship/report"
	"preship/verify"
)

// errRefused ends a step that preship itself would not carry out. The findings
// beside it say why; nothing failed and nothing was changed.
var errRefused = errors.New("refused")

// jobOptions are the answers a person or a script gives beforehand.
type jobOptions struct {
	dir, out      string // an existing case, or where to make a new one
	claims        verify.Claims
	prove         string
	encrypt       encryptOptions
	wait          time.Duration
	timeout       time.Duration // of the whole command; 0 is any
	way           string
	confirm       []string
	withoutBackup string
	despite       []string
	attest        []string // checks an owner vouches for
	online        onlineOptions
	drive         bool   // press the buttons of the vendor's reset
	again         bool   // send the wipe once more after its answer was lost
	attestReset   string // who saw the reset, and what
	dryRun        bool
}

func (o *jobOptions) absolute() error {
	for _, dir := range []*string{&o.dir, &o.out} {
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

// addWait adds the flag that bounds every wait for a person. Its default depends
// on whether there is one.
func (o *jobOptions) addWait(f *pflag.FlagSet, e *env) {
	def := 30 * time.Second
	if e.inTTY {
		def = 15 * time.Minute
	}
	f.DurationVar(&o.wait, "wait", def, "how long to wait for a person to do something on the handset")
}

// job is one run over the steps of a case, or over one of them.
type job struct {
	env     *env
	globals *globals
	opts    jobOptions
	kept    *report.Case // nil: a single question, and nothing is kept
	events  *eventLog    // nil: nobody reads events

	client   *adb.Client
	device   *adb.Device
	info     adb.DeviceInfo
	identity handset.Identity
	limit    *timeLimit
	quiet    bool // a single step, whose command prints its own answer
	whole    bool // all steps, one after the other
	alone    bool // it must have the handset to itself
	holds    []*hold
	stakes   []string // what was said of what the question to erase is about
	staking  bool     // it is being said
	// lookAgain checks a handset that became ready once more: it may have been
	// used since.
	lookAgain bool

	// Of one job among several; nil where it is the only one.
	turns      *turns
	signer     *report.Signer
	mayConfirm func(typed string) error
	identified func(h report.Handset, ownSerial string)

	handset report.Handset
	locks   report.Accounts
	copied  report.Backup
	wipe    report.Reset
	clean   report.Clean
	sealed  report.Report
	ruling  *report.Ruling // of --policy on what was sealed; nil: none was given
	said    []verify.Attestation

	unregistered bool // the register cannot be written; said once
}

func newJob(e *env, g *globals, opts jobOptions) *job {
	return &job{env: e, globals: g, opts: opts}
}

// openCase opens the case of this job, or makes a new one. Its path is absolute
// from here on: it is printed for scripts that may be elsewhere.
func (j *job) openCase() error {
	if j.opts.dir != "" && j.opts.out != "" {
		return usagef("--case goes on with a job, --out begins one; give one of them")
	}
	if err := j.opts.absolute(); err != nil {
		return err
	}
	var err error
	switch {
	case j.opts.dir != "":
		if err := isFolder(j.opts.dir); err != nil {
			return err
		}
		j.kept, err = report.Open(j.opts.dir)
	case j.opts.out != "":
		if err := canMake(j.opts.out); err != nil {
			return err
		}
		j.kept, err = report.CreateIn(j.opts.out, j.env.now())
	default:
		return errNoFolder()
	}
	if err != nil {
		return err
	}
	return j.noteCase()
}

func errNoFolder() error {
	return usagef("say in which folder the copy and the report are to be kept: --out DIR, such as --out my-phone; to go on with a job, --case and its folder")
}

// openNamedCase opens the case of a command that needs none.
func (j *job) openNamedCase() error {
	if j.opts.dir == "" {
		return nil
	}
	return j.openCase()
}

// openFolder opens the case in a folder that is the case itself, making it there
// when it is new.
func (j *job) openFolder() error {
	if j.opts.out == "" || j.opts.dir != "" {
		return j.openCase()
	}
	if err := j.opts.absolute(); err != nil {
		return err
	}
	if err := canMake(j.opts.out); err != nil {
		return err
	}
	var err error
	j.kept, err = report.Open(j.opts.out)
	if errors.Is(err, report.ErrNotCase) || errors.Is(err, fs.ErrNotExist) {
		j.kept, err = report.Create(j.opts.out, j.env.now())
	}
	if err != nil {
		return err
	}
	return j.noteCase()
}

func (j *job) close() error {
	err := j.releaseHolds()
	if j.kept == nil {
		return err
	}
	return errors.Join(err, j.kept.Close())
}

// connect picks the handset of this job and leaves it in j.
func (j *job) connect(ctx context.Context) error {
	if j.device != nil {
		return nil
	}
	if err := j.server(ctx); err != nil {
		return err
	}
	device, info, err := j.client.Pick(ctx, j.serial())
	if err != nil {
		return err
	}
	j.device, j.info = device, info
	return j.claim(device.Serial())
}

// serial is the handset asked for: by flag, or the one the case is about.
func (j *job) serial() string {
	if j.globals.serial != "" || j.kept == nil {
		return j.globals.serial
	}
	unit, _ := j.kept.Unit()
	return unit.Serial
}

// watchOnly takes the case's handset as it is: after a reset it may be in any
// state, or away.
func (j *job) watchOnly(ctx context.Context) error {
	if j.device != nil {
		return nil
	}
	serial := j.serial()
	if serial == "" {
		return usagef("the case does not say which handset it is about; name it with --serial")
	}
	if err := j.server(ctx); err != nil {
		return err
	}
	j.device = j.client.Device(serial)
	return j.claim(serial)
}

func (j *job) server(ctx context.Context) (err error) {
	if j.client == nil {
		j.client, err = j.globals.server(ctx, j.env)
	}
	return err
}

func (j *job) reader() *recorder {
	return &recorder{device: j.device, kept: j.kept, now: j.env.now}
}

// say tells the person one thing, and a script the same.
func (j *job) say(format string, args ...any) {
	text := escapef(format, args...)
	if j.staking {
		j.stakes = append(j.stakes, text)
	}
	if j.events != nil {
		j.events.write(event{Event: "say", Text: text})
		return
	}
	if j.globals.json && j.quiet {
		return
	}
	j.env.say("    %s", text)
}

// runStep runs one row of the steps table and writes down how it ended, also
// when it did not end well.
func (j *job) runStep(ctx context.Context, s step) error {
	rec := report.StepRecord{Name: s.name, State: report.StepRunning, Started: j.env.now().UTC()}
	if err := j.save(rec); err != nil {
		return err
	}
	j.announce(s)
	data, findings, err := s.run(j, ctx)
	rec.Finished = j.env.now().UTC()
	rec.Findings = findings
	rec.State, err = stateOf(ctx, err), timed(ctx, err)
	rec.Error = whyEnded(ctx, err)
	if data != nil {
		raw, encErr := json.Marshal(data)
		if encErr != nil {
			return errors.Join(err, encErr)
		}
		rec.Data = raw
	}
	j.tell(s, rec)
	if saveErr := j.save(rec); saveErr != nil {
		return errors.Join(err, fmt.Errorf("case: %w", saveErr))
	}
	return err
}

// whyEnded is the text of an error, without the words in which Go says that
// somebody pressed Ctrl-C: that the step was interrupted says it.
func whyEnded(ctx context.Context, err error) string {
	if err == nil {
		return ""
	}
	text := err.Error()
	if ctx.Err() != nil && !errors.Is(err, errTimeUp) {
		text = strings.TrimSuffix(strings.TrimSuffix(text, context.Cause(ctx).Error()), ctx.Err().Error())
	}
	return strings.TrimSuffix(text, ": ")
}

func stateOf(ctx context.Context, err error) report.StepState {
	switch {
	case err == nil:
		return report.StepDone
	case ctx.Err() != nil:
		return report.StepInterrupted
	case errors.Is(err, errRefused), errors.Is(err, reset.ErrNotConfirmed):
		return report.StepRefused
	}
	return report.StepFailed
}

// save writes a record into the case. What an interrupted reset left there is
// kept until the new run has something to say itself.
func (j *job) save(rec report.StepRecord) error {
	if j.kept == nil {
		return nil
	}
	if before := j.kept.Step(rec.Name); len(rec.Data) == 0 {
		rec.Data = before.Data
	}
	err := j.kept.SetStep(rec)
	j.remember()
	return err
}

// saved reads what a step of this case left. ok is false when it left nothing.
func saved[T any](c *report.Case, step string) (v T, ok bool, err error) {
	if c == nil {
		return v, false, nil
	}
	raw := c.Step(step).Data
	if len(raw) == 0 {
		return v, false, nil
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, false, fmt.Errorf("case: step %s: %w", step, err)
	}
	return v, true, nil
}

// passed says whether a step of the case is done and left nothing open.
func (j *job) passed(name string) bool {
	if j.kept == nil {
		return false
	}
	rec := j.kept.Step(name)
	return rec.State == report.StepDone && !slices.ContainsFunc(rec.Findings, stands)
}

// wiped says whether the reset of this case may already have been sent, or was
// attested: from then on nothing before it can be done again.
func (j *job) wiped() (bool, error) {
	r, ok, err := saved[report.Reset](j.kept, report.StepReset)
	return ok && (r.TriggeredAt != nil || r.Rung != report.RungNone), err
}

// proveMode reads --prove.
func (o jobOptions) proveMode() (backup.Prove, error) {
	switch o.prove {
	case "", "hash":
		return backup.ProveHash, nil
	case "reread":
		return backup.ProveReread, nil
	case "size":
		return backup.ProveSize, nil
	}
	return "", usagef("--prove %q: say hash, reread or size", o.prove)
}

// emulated says whether the connected handset is an emulator or emulated.
func (j *job) emulated() bool { return j.handset.Kind == report.KindEmulator }

func (j *job) allDevices(ctx context.Context) ([]adb.DeviceInfo, error) { return j.client.Devices(ctx) }
