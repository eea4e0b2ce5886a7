package main

import (
	"context"
	"errors"
	"fmt"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/reset"
	"preship/backup"
	"preship/cmd/preship/internal/console"
	"preship/report"
	"preship/verify"
)

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

	advised map[string]string // remedies told so far in this run, by the ID of the finding
	anew    string            // why the question to erase is asked once more; "" the first time
	// lookAgain checks a handset that became ready once more: it may have been
	// used since.
	lookAgain bool
	key       *sealKey // nil: not loaded yet

	// Of one job among several; nil where it is the only one.
	turns      *turns
	mayConfirm func(typed string) error
	identified func(h report.Handset, ownSerial string)

	// proof is of the backup when its files were last read and found whole; nil:
	// they were not read in this run.
	proof *backup.Stamp

	hidden bool // the handset no longer shows all that the backup has of it
	// saidUnchanged: the person said that nothing of what is hidden changed.
	saidUnchanged bool

	handset report.Handset
	locks   report.Accounts
	copied  report.Backup
	wipe    report.Reset
	clean   report.Clean
	sealed  report.Report
	written bool           // sealed lies in the case, whatever came after it
	ruling  *report.Ruling // of --policy on what was sealed; nil: none was given
	said    []verify.Attestation

	unregistered bool // the register cannot be written; said once
}

func newJob(e *env, g *globals, opts jobOptions) *job {
	return &job{env: e, globals: g, opts: opts}
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
		return j.leftInRecovery(info, err)
	}
	j.device, j.info = device, info
	return j.claim(device.Serial())
}

// leftInRecovery adds to the error of a handset that cannot be asked where an
// earlier run of the case left it, and how to get it back.
func (j *job) leftInRecovery(info adb.DeviceInfo, err error) error {
	if j.kept == nil {
		return err
	}
	earlier, _, savedErr := saved[report.Reset](j.kept, report.StepReset)
	var b began
	confirmed, keptErr := j.kept.Kept(beganName, &b)
	if savedErr != nil || keptErr != nil || !confirmed || reset.Done(earlier) {
		return err
	}
	safe := ""
	if earlier.TriggeredAt == nil {
		safe = "nothing was erased: "
	}
	switch info.State {
	case adb.StateRecovery, adb.StateSideload:
		return fmt.Errorf("%sthe handset waits in its recovery; choose Reboot in the recovery's menu: %w", safe, err)
	case adb.StateAbsent:
		return fmt.Errorf("%sif the handset shows its recovery's menu, choose Reboot there: %w", safe, err)
	}
	return err
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
	return &recorder{device: j.device, kept: j.kept, now: j.env.Now}
}

// say tells the person one thing, and a script the same.
func (j *job) say(format string, args ...any) {
	text := console.Sprintf(format, args...)
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
	j.env.Say("    %s", text)
}

// emulated says whether the connected handset is an emulator or emulated.
func (j *job) emulated() bool { return j.handset.Kind == report.KindEmulator }

func (j *job) allDevices(ctx context.Context) ([]adb.DeviceInfo, error) { return j.client.Devices(ctx) }
