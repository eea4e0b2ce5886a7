package desk

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"preship/adb"
	"preship/adb/link"
	"preship/cmd/preship/internal/desks"
	"preship/cmd/preship/internal/fleet"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/signing"
	"preship/report/message"
	"preship/report/register"
	"preship/report/seal"
)

// Options are what a desk needs. All fields but Shared, Owner, Open and Demo are needed.
type Options struct {
	Out      string // the folder of the cases, absolute
	Language string // of the cases that it begins, and of a browser that names none
	Host     job.Host
	Client   *adb.Client
	Shared   desks.Shared // the register that desks share; nil: there is none
	// Wait is how long a job waits for something to be done on a handset.
	Wait time.Duration
	// Guide returns what a person does about a handset in a state other than ready.
	Guide func(adb.State) message.Sentence
	// Hints returns what a person does about an error.
	Hints func(error) []message.Sentence
	// Sealed writes what goes beside a sealed report, in a language.
	Sealed func(j *job.Job, language string) error
	// Trust returns whom this computer trusts.
	Trust func(context.Context) (seal.VerifyOptions, error)
	// Keys are the key that this computer signs with, and those it trusts and has revoked.
	Keys *signing.Keys
	// Open opens a file of this computer with its program; nil: the browser is elsewhere.
	Open func(path string) error
	// Owner lets the owner of an emulated handset follow the request; nil: there are none.
	Owner func(serial string)
	Demo  bool // the handsets are emulated
	// Memory is what the desk remembers of its last run.
	Memory *Memory
}

// Desk is the handsets of a desk and their jobs. It is safe for concurrent use.
type Desk struct {
	o     Options
	turns *fleet.Turns
	found *register.Finder
	hub   hub
	work  sync.WaitGroup

	mu      sync.Mutex
	ctx     context.Context // of the jobs; nil before Follow
	seats   []*seat         // in the order they came
	trouble message.Sentence
}

// New returns a desk that follows no handsets yet.
func New(o Options) *Desk {
	return &Desk{o: o, turns: fleet.NewTurns(fleet.DefaultJobs), found: register.NewFinder(o.Out)}
}

// Follow keeps up with which handsets are connected, until the context ends. Then it ends
// the jobs as Ctrl-C does, and returns when each has sealed its report.
func (d *Desk) Follow(ctx context.Context) {
	d.change(func() { d.ctx = ctx })
	defer d.work.Wait()
	d.work.Go(func() { d.watchElsewhere(ctx) })
	for _, u := range d.o.Memory.jobs() {
		d.resume(u)
	}
	for ctx.Err() == nil {
		err := link.Track(ctx, d.o.Client, link.Tracking{Lost: func(err error) error {
			d.change(func() { d.trouble = message.Say("desk.trouble", "error", message.Of(err)) })
			return nil
		}}, func(list []adb.DeviceInfo) error {
			d.change(func() {
				d.trouble = message.Sentence{}
				d.see(list)
			})
			return nil
		})
		if err == nil || ctx.Err() != nil {
			return
		}
		d.change(func() { d.trouble = message.Say("desk.trouble", "error", message.Of(err)) })
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// see takes the list of handsets as it is now. The caller holds mu.
func (d *Desk) see(list []adb.DeviceInfo) {
	for _, info := range list {
		s := d.seatOf(info.Serial)
		if s == nil {
			s = d.sit(info)
			d.work.Go(s.lookBack)
		}
		s.state = info.State
		if s.handset == nil && info.Model != "" {
			s.model = plainModel(info.Model)
		}
	}
	for _, s := range d.seats {
		here := slices.ContainsFunc(list, func(i adb.DeviceInfo) bool { return i.Serial == s.serial })
		if !here {
			s.state = adb.StateAbsent
		}
	}
	// A handset that only came by leaves no seat.
	d.seats = slices.DeleteFunc(d.seats, func(s *seat) bool { return s.state == adb.StateAbsent && s.stop == nil && !s.began })
}

// sit gives a handset a seat. The caller holds mu.
func (d *Desk) sit(info adb.DeviceInfo) *seat {
	s := newSeat(d, info)
	d.seats = append(d.seats, s)
	return s
}

// seatOf returns the seat of the handset with a serial, nil if there is none. The caller
// holds mu.
func (d *Desk) seatOf(serial string) *seat {
	return d.seat(func(s *seat) bool { return s.serial == serial })
}

func (d *Desk) seat(is func(*seat) bool) *seat {
	if at := slices.IndexFunc(d.seats, is); at >= 0 {
		return d.seats[at]
	}
	return nil
}

// change changes the desk, and lets every page that is open know.
func (d *Desk) change(fn func()) {
	d.mu.Lock()
	fn()
	d.mu.Unlock()
	d.hub.tell()
}

// start starts the job of a handset, or resumes it. It does nothing if the job runs, and
// reports whether there is such a handset.
func (d *Desk) start(id, language string, c choice) bool {
	found := false
	d.change(func() {
		s := d.seat(func(s *seat) bool { return s.id == id })
		found = s != nil
		if s != nil {
			d.begin(s, cmp.Or(language, d.o.Language), c)
		}
	})
	return found
}

// begin begins the job of a seat, unless it runs. The caller holds mu.
func (d *Desk) begin(s *seat, language string, c choice) {
	if s.stop != nil || d.ctx == nil || d.ctx.Err() != nil {
		return
	}
	ctx, stop := context.WithCancel(d.ctx)
	s.begin(stop)
	s.exclude = c.exclude
	d.work.Go(func() {
		defer stop()
		d.o.Memory.began(unwatched{s.serial, language, c.exclude})
		d.run(ctx, s, language, c)
	})
}

// resume resumes a job that the end of the desk interrupted, also of a handset that is not
// connected: after its erasing it may be away. It stops at its next question; one that was
// answered before the reset, and the confirmation itself, are asked again.
func (d *Desk) resume(u unwatched) {
	dir, ready, err := job.Underway(d.found, u.Serial)
	if err != nil || dir == "" || ready {
		d.o.Memory.ended(u.Serial)
		return
	}
	d.change(func() {
		s := d.seatOf(u.Serial)
		if s == nil {
			s = d.sit(adb.DeviceInfo{Serial: u.Serial, State: adb.StateAbsent})
			s.state = adb.StateAbsent
		}
		d.begin(s, u.Language, choice{exclude: u.Exclude})
	})
}

// run does the whole job on the handset of a seat.
func (d *Desk) run(ctx context.Context, s *seat, language string, c choice) {
	j, err := fleet.Prepare(ctx, d.o.Host, d.o.Client, fleet.Work{
		Person: s, Cases: d.found,
		Job: job.Options{
			Serial: s.serial, Out: d.o.Out, Wait: d.o.Wait, Language: language, Peers: s,
			Exclude: c.exclude, Encrypt: c.encryption,
		},
		Guide:  d.o.Guide,
		Sealed: func(j *job.Job) error { return d.o.Sealed(j, language) },
		Begun:  func(j *job.Job) { d.change(func() { s.job = j }) },
	})
	if err != nil && ctx.Err() != nil {
		err = job.ErrInterrupted
	}
	if err == nil || d.ctx.Err() == nil { // else the desk ends, and the next run resumes it
		d.o.Memory.ended(s.serial)
	}
	d.change(func() { s.finish(j, err) })
}

// stop ends the job of a handset, as Ctrl-C does: its report is sealed as far as it got.
func (d *Desk) stop(id string) bool {
	found := false
	d.change(func() {
		if s := d.seat(func(s *seat) bool { return s.id == id }); s != nil {
			found = true
			if s.stop != nil {
				s.stopping = true
				s.stop()
			}
		}
	})
	return found
}
