package reset

import (
	"context"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/wait"
)

// Device is what a way needs of the handset's connection; *link.Link is one.
type Device interface {
	Serial() string
	State(ctx context.Context) (adb.State, error)
	Service(ctx context.Context, service string, limit int64) ([]byte, error)
	Reboot(ctx context.Context, target string) error
	WaitFor(ctx context.Context, states ...adb.State) (adb.DeviceInfo, error)
	// Return calls seen with the state it starts from and with every later one,
	// and does not miss a restart asked for before it.
	Return(ctx context.Context, seen func(adb.DeviceInfo)) (adb.DeviceInfo, error)
}

// Job is one reset of one handset.
type Job struct {
	Device Device
	Reader handset.Reader
	// Screen reads the handset's screen and keeps nothing of it: it may show
	// anything. nil is Reader.
	Screen   handset.Reader
	Identity handset.Identity // as read off the handset before the reset
	// AndroidID is the handset's before the reset; a reset changes it. "" is unknown.
	AndroidID string
	// Permit comes from Allow. A resumed job that only watches needs no permit.
	Permit Permit

	// Earlier is what an interrupted run of this job saved last. When the wipe
	// may already have been sent, Run only watches.
	Earlier report.Reset
	// Again says that the owner, asked, wants the wipe sent although Earlier
	// says that it may have been.
	Again bool

	// Drive lets the way settings press the buttons of the vendor's pages itself,
	// where the handset lets a computer do so.
	Drive bool

	Owner Owner

	Timeouts Timeouts
	Now      func() time.Time // nil is time.Now
}

// Timeouts are the longest waits of a reset for a person or for the bus, and how
// often its screen is looked at. The rows of the command table have their own
// limits. A zero one takes its default.
type Timeouts struct {
	Assistant time.Duration // for the person to pick the recovery's menu entry
	Leave     time.Duration // for a handset that is restarting to leave the bus
	ByHand    time.Duration // for the person to start a reset on the handset itself
	Return    time.Duration // for the handset to come back
	Settle    time.Duration // for a passing state, such as offline, to end
	Look      time.Duration // between two looks at the screen, each of which takes the handset a second or two
}

var defaultTimeouts = Timeouts{
	Assistant: 10 * time.Minute,
	Leave:     time.Minute,
	ByHand:    30 * time.Minute,
	Return:    10 * time.Minute,
	Settle:    time.Minute,
	Look:      250 * time.Millisecond,
}

func (t Timeouts) withDefaults() Timeouts {
	for _, f := range []struct {
		have *time.Duration
		def  time.Duration
	}{
		{&t.Assistant, defaultTimeouts.Assistant},
		{&t.Leave, defaultTimeouts.Leave},
		{&t.ByHand, defaultTimeouts.ByHand},
		{&t.Return, defaultTimeouts.Return},
		{&t.Settle, defaultTimeouts.Settle},
		{&t.Look, defaultTimeouts.Look},
	} {
		if *f.have <= 0 {
			*f.have = f.def
		}
	}
	return t
}

// Owner is the job that a reset is part of. It speaks with the person at the handset,
// and keeps what happens. Its methods are called by one goroutine at a time.
type Owner interface {
	// Say shows a message about progress or waiting.
	Say(message.Sentence)
	// Instruct asks the person to do something on the handset.
	Instruct(message.Sentence)
	// Wait shows a wait until done is called.
	Wait(wait.Wait) (done func())
	// Save keeps the state of the reset on disk. It is called before the wipe is sent,
	// and an error then stops the reset.
	Save(report.Reset) error
	// Record keeps a command and its answer as evidence.
	Record(casedir.Entry) (ref string, err error)
	// Recheck checks the saved backup again and, if the handset's system is running,
	// which handset it is. It is called right before anything is erased, or before the
	// person is asked to start that. An error ends the reset with nothing erased: an
	// [ErrSince] if something changed, another one if that could not be checked.
	Recheck(context.Context) error
	// Devices lists the whole bus, to tell a wrong handset from a missing one.
	Devices(context.Context) ([]adb.DeviceInfo, error)
}
