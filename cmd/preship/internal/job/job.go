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
	"preship/cmd/preship/internal/evidence"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
)

// Job is one run over the steps of a case, or over one of them. New makes one, and
// Close ends it. Its parts share the type common, and each has one subject.
type Job struct {
	*common
	*connection // the handset, found and claimed
	*statements // the person's word on checks
	*settlement // the losses of the backup, accepted
	*paperwork  // the form of the case
	*diagnosis  // the fault report
	*lookout    // what the steps to come will meet
	*sealing    // the report, from its preconditions to its outputs

	erase *erasure // the reset, and what must hold before it
	limit *timeLimit

	copied report.Backup
	locks  report.Accounts
	clean  report.Clean
	clock  clock // the last reading of the computer's clock
}

// common is what all parts of a job share: the person, the computer, the case and the
// handset.
type common struct {
	*voice
	host   Host
	opts   Options
	claims *claims
	kept   *casedir.Case // nil: a single question, and nothing is kept

	client   *adb.Client
	device   *adb.Device
	patient  *link.Link // nil: a handset that leaves is not waited for
	info     adb.DeviceInfo
	identity handset.Identity
	handset  report.Handset

	brief bool // a single step, whose answer the caller shows
	whole bool // all steps, one after the other
	alone bool // it must have the handset to itself
}

// New returns a job that has done nothing yet.
func New(host Host, person Person, opts Options) *Job {
	waits := NewWaits(person, host.Now)
	c := &common{
		voice: &voice{person: person, waits: waits}, host: host, opts: opts,
		claims: &claims{host: host, warn: func(s message.Sentence) { waits.Tell(Warned{s}) }},
	}
	said, losses := &statements{common: c}, &settlement{c}
	j := &Job{
		common: c, connection: &connection{c}, statements: said, settlement: losses, paperwork: &paperwork{c}, diagnosis: &diagnosis{c},
		lookout: &lookout{c, said, losses}, sealing: &sealing{common: c}, clock: host.clock(),
	}
	j.erase = &erasure{Job: j}
	return j
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

// connection finds the handset of a job and claims it.
type connection struct{ *common }

// connect picks the handset of this job and leaves it in j.
func (c *connection) connect(ctx context.Context) error {
	if c.device != nil {
		return nil
	}
	if err := c.server(ctx); err != nil {
		return err
	}
	device, info, err := c.pick(ctx, c.serial())
	if err != nil {
		return c.leftInRecovery(info, err)
	}
	c.info = info
	c.use(device)
	if err := c.claim(device.Serial()); err != nil {
		return err
	}
	return c.noteRunning()
}

// claim takes the handset for a job that must be alone with it.
func (c *connection) claim(serial string) error {
	if !c.alone {
		return nil
	}
	return c.claims.atServer(c.client, serial)
}

// claimUnit claims the handset by its own numbers. An emulated handset shares them with all of
// its profile, so it is not claimed by them.
func (c *connection) claimUnit(u report.Unit) error {
	if !c.alone || c.emulated() {
		return nil
	}
	return c.claims.unit(u)
}

// pick picks the handset with a serial, or the only one. If several are connected and no
// serial is given, it asks the person which one.
func (c *connection) pick(ctx context.Context, serial string) (*adb.Device, adb.DeviceInfo, error) {
	device, info, err := c.client.Pick(ctx, serial)
	several := (*adb.ManyDevicesError)(nil)
	if !errors.As(err, &several) || !c.person.CanAsk() {
		return device, info, err
	}
	list := make([]message.Sentence, len(several.Devices))
	for i, d := range several.Devices {
		name := strings.TrimSpace(d.Serial + " " + strings.ReplaceAll(d.Model, "_", " "))
		list[i] = message.Say("job.pick.row", "number", strconv.Itoa(i+1), "handset", name)
	}
	c.say(message.Say("job.pick"))
	for _, row := range list {
		c.say(row)
	}
	for {
		answer, askErr := c.person.Ask(ctx, Question{Flag: "--serial", Text: message.Say("job.pick.ask", "last", fmt.Sprint(len(list)))})
		if askErr != nil {
			return nil, adb.DeviceInfo{}, askErr
		}
		if answer == "" {
			return nil, adb.DeviceInfo{}, err
		}
		if n, numErr := strconv.Atoi(answer); numErr == nil && n >= 1 && n <= len(list) {
			return c.client.Pick(ctx, several.Devices[n-1].Serial)
		}
	}
}

// serial is the handset asked for: by flag, or the one the case is about.
func (c *common) serial() string {
	if c.opts.Serial != "" || c.kept == nil {
		return c.opts.Serial
	}
	unit, _ := c.kept.Unit()
	return unit.Serial
}

// watchOnly takes the case's handset as it is: after a reset it may be in any
// state, or away.
func (c *connection) watchOnly(ctx context.Context) error {
	if c.device != nil {
		return nil
	}
	serial := c.serial()
	if serial == "" {
		return Usage(message.Say("usage.no-serial"))
	}
	if err := c.server(ctx); err != nil {
		return err
	}
	c.use(c.client.Device(serial))
	return c.claim(serial)
}

// use makes device the handset of this job. It is waited for when it leaves, if the
// job waits for a person at all.
func (c *connection) use(device *adb.Device) {
	c.device = device
	if c.opts.Wait > 0 {
		c.patient = link.New(device, c.mending())
	}
}

func (c *connection) server(ctx context.Context) (err error) {
	if c.client == nil {
		c.client, err = c.host.Server(ctx)
	}
	return err
}

func (c *common) reader() *evidence.Recorder {
	return &evidence.Recorder{Device: c.device, Case: c.kept, Now: c.host.Now, Link: c.patient}
}

// emulated says whether the connected handset is an emulator or emulated.
func (c *common) emulated() bool { return c.handset.Kind == report.KindEmulator }
