package job

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/link"
	"preship/backup"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/verify"
)

// Job is one run over the steps of a case, or over one of them. New makes one, and
// Close ends it.
type Job struct {
	host   Host
	person Person
	waits  *Waits // tells the person of everything
	opts   Options
	kept   *casedir.Case // nil: a single question, and nothing is kept

	client   *adb.Client
	device   *adb.Device
	patient  *link.Link // nil: a handset that leaves is not waited for
	info     adb.DeviceInfo
	identity handset.Identity
	limit    *timeLimit
	brief    bool // a single step, whose answer the caller shows
	whole    bool // all steps, one after the other
	alone    bool // it must have the handset to itself
	claims   *claims
	stakes   []message.Sentence // the messages shown above the question to erase
	staking  bool               // messages are collected in stakes

	heard   map[string]bool   // what the person has read in this run
	advised map[string]string // remedies given so far in this run, by the ID of the finding
	anew    message.Sentence  // why the question to erase is asked again; empty the first time
	key     *Key              // nil: not loaded yet

	// proof is of the backup when its files were last read and found whole; nil:
	// they were not read in this run.
	proof *backup.Stamp

	hidden bool // the handset no longer shows all that the backup has of it
	// saidUnchanged: the person attested that the hidden data did not change.
	saidUnchanged bool

	handset report.Handset
	locks   report.Accounts
	copied  report.Backup
	wipe    report.Reset
	// here is what the reset was confirmed on that continues in the handset's recovery;
	// nil: the handset's system is asked first.
	here    *began
	clean   report.Clean
	said    []verify.Attestation
	vouched []string // the checks of said that were answered in this run
	// contradicted are the checks of said that the handset shows otherwise, as the person
	// was shown.
	contradicted []string
	// foreseen are the summaries of the losses that the outlook showed, by ID: the step that
	// finds the same loss does not show it again.
	foreseen map[string]string
	end      End

	clock clock // the last reading of the computer's clock
}

// New returns a job that has done nothing yet.
func New(host Host, person Person, opts Options) *Job {
	waits := NewWaits(person, host.Now)
	claims := &claims{host: host, warn: func(s message.Sentence) { waits.Tell(Warned{s}) }}
	return &Job{host: host, person: person, opts: opts, waits: waits, claims: claims, clock: host.clock()}
}

// Close gives back the handset and closes the case.
func (j *Job) Close() error {
	err := j.claims.release()
	if j.kept == nil {
		return err
	}
	return errors.Join(err, j.kept.Close())
}

// Case returns the case of the job; nil until it is open. Close closes it.
func (j *Job) Case() *casedir.Case { return j.kept }

// connect picks the handset of this job and leaves it in j.
func (j *Job) connect(ctx context.Context) error {
	if j.device != nil {
		return nil
	}
	if err := j.server(ctx); err != nil {
		return err
	}
	device, info, err := j.pick(ctx, j.serial())
	if err != nil {
		return j.leftInRecovery(info, err)
	}
	j.info = info
	j.use(device)
	if err := j.claim(device.Serial()); err != nil {
		return err
	}
	return j.noteRunning()
}

// claim takes the handset for a job that must be alone with it.
func (j *Job) claim(serial string) error {
	if !j.alone {
		return nil
	}
	return j.claims.atServer(j.client, serial)
}

// claimUnit claims the handset by its own numbers. An emulated handset shares them with all of
// its profile, so it is not claimed by them.
func (j *Job) claimUnit(u report.Unit) error {
	if !j.alone || j.emulated() {
		return nil
	}
	return j.claims.unit(u)
}

// pick picks the handset with a serial, or the only one. If several are connected and no
// serial is given, it asks the person which one.
func (j *Job) pick(ctx context.Context, serial string) (*adb.Device, adb.DeviceInfo, error) {
	device, info, err := j.client.Pick(ctx, serial)
	several := (*adb.ManyDevicesError)(nil)
	if !errors.As(err, &several) || !j.person.CanAsk() {
		return device, info, err
	}
	list := make([]message.Sentence, len(several.Devices))
	for i, d := range several.Devices {
		name := strings.TrimSpace(d.Serial + " " + strings.ReplaceAll(d.Model, "_", " "))
		list[i] = message.Say("job.pick.row", "number", strconv.Itoa(i+1), "handset", name)
	}
	j.say(message.Say("job.pick"))
	for _, row := range list {
		j.say(row)
	}
	for {
		answer, askErr := j.person.Ask(ctx, Question{Flag: "--serial", Text: message.Say("job.pick.ask", "last", fmt.Sprint(len(list)))})
		if askErr != nil {
			return nil, adb.DeviceInfo{}, askErr
		}
		if answer == "" {
			return nil, adb.DeviceInfo{}, err
		}
		if n, numErr := strconv.Atoi(answer); numErr == nil && n >= 1 && n <= len(list) {
			return j.client.Pick(ctx, several.Devices[n-1].Serial)
		}
	}
}

// serial is the handset asked for: by flag, or the one the case is about.
func (j *Job) serial() string {
	if j.opts.Serial != "" || j.kept == nil {
		return j.opts.Serial
	}
	unit, _ := j.kept.Unit()
	return unit.Serial
}

// watchOnly takes the case's handset as it is: after a reset it may be in any
// state, or away.
func (j *Job) watchOnly(ctx context.Context) error {
	if j.device != nil {
		return nil
	}
	serial := j.serial()
	if serial == "" {
		return Usage(message.Say("usage.no-serial"))
	}
	if err := j.server(ctx); err != nil {
		return err
	}
	j.use(j.client.Device(serial))
	return j.claim(serial)
}

// use makes device the handset of this job. It is waited for when it leaves, if the
// job waits for a person at all.
func (j *Job) use(device *adb.Device) {
	j.device = device
	if j.opts.Wait > 0 {
		j.patient = link.New(device, j.mending())
	}
}

func (j *Job) server(ctx context.Context) (err error) {
	if j.client == nil {
		j.client, err = j.host.Server(ctx)
	}
	return err
}

func (j *Job) reader() *Recorder {
	return &Recorder{Device: j.device, Case: j.kept, Now: j.host.Now, Link: j.patient}
}

// emulated says whether the connected handset is an emulator or emulated.
func (j *Job) emulated() bool { return j.handset.Kind == report.KindEmulator }
