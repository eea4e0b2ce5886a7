package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"preship/adb"
	"preship/adb/reset"
	"preship/cmd/preship/internal/hold"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/outlook"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/pattern"
)

// seat is one handset at the desk, and its job. The desk's lock guards it.
type seat struct {
	desk   *Desk // these three never change, and are read without the lock
	id     string
	serial string

	model string // as adb or the handset itself calls it
	state adb.State
	// elsewhere is the preship that works on the handset, as [hold.Holder]; nil: none does.
	elsewhere error

	handset *report.Handset // nil: not identified
	tokens  []string        // that confirm its reset
	ticket  string
	dir     string   // of its case; empty: none yet
	exclude []string // the data left out of the last job, as it was chosen

	attempt
}

// attempt is a seat's job, and its messages.
type attempt struct {
	began bool // a job was started in this run
	// unfinished: an earlier run left a case of this handset that is not READY.
	unfinished bool

	job      *job.Job
	stop     context.CancelFunc // nil: no job runs
	stopping bool
	steps    map[string]report.StepState
	step     job.StepBegun
	said     message.Sentence   // what the job does or wants now
	hand     bool               // said is to be done on the handset
	todo     []message.Sentence // all that is to be done there now
	recent   []message.Sentence
	log      []line
	looked   *outlook.Outlook
	wait     *job.Waiting // nil: it waits for nothing
	progress job.Progress // its Phase is empty outside of copying
	since    time.Time    // when the phase began
	question *question    // nil: none is open
	giving   *giving      // nil: it is a job, and no restore
	answered []answered   // the last ones

	ended   bool
	err     error
	verdict report.Verdict
	reasons []report.Reason
	sealed  bool
	notes   report.Findings // warnings that stand when it is over
}

// line is one thing that was said or found.
type line struct {
	text    message.Sentence
	finding *report.Finding // nil: a message
}

// seatID is the ID of the seat of a handset. It keeps, so that an open page is of the same
// handset when the desk was started again.
func seatID(serial string) string {
	sum := sha256.Sum256([]byte(serial))
	return hex.EncodeToString(sum[:6])
}

// seatForm is the form of the ID of a seat.
var seatForm = pattern.New(`^[0-9a-f]{12}$`)

func newSeat(d *Desk, info adb.DeviceInfo) *seat {
	return &seat{desk: d, id: seatID(info.Serial), serial: info.Serial, model: plainModel(info.Model), attempt: attempt{steps: map[string]report.StepState{}}}
}

// watchElsewhere keeps up with which handsets another preship works on, until the context
// ends: a terminal can take a job over, and the page takes it back.
func (d *Desk) watchElsewhere(ctx context.Context) {
	for {
		d.mu.Lock()
		idle := slices.DeleteFunc(slices.Clone(d.seats), (*seat).running)
		d.mu.Unlock()
		for _, s := range idle {
			s.lookElsewhere()
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(elsewherePause):
		}
	}
}

// elsewherePause is how often the page looks for other preships; nothing announces them.
const elsewherePause = time.Second

func (s *seat) lookElsewhere() {
	found := job.Elsewhere(s.desk.o.Host, s.desk.o.Client, s.serial)
	if !errors.Is(found, hold.ErrBusy) {
		found = nil
	}
	s.desk.mu.Lock()
	before := s.elsewhere
	s.desk.mu.Unlock()
	if message.Of(before).String() == message.Of(found).String() {
		return
	}
	s.desk.change(func() {
		if s.running() { // it is this desk's own
			return
		}
		s.elsewhere = found
		s.attempt = attempt{began: s.began, steps: map[string]report.StepState{}} // the shown messages are older
		if h := (*hold.Holder)(nil); errors.As(found, &h) && filepath.Dir(h.Case) == s.desk.o.Out {
			s.dir = h.Case
		}
	})
	if found == nil {
		s.lookBack() // what the other left
	}
}

// held says who else works on the handset; empty if nobody does.
func (s *seat) held() message.Sentence {
	h := (*hold.Holder)(nil)
	switch {
	case s.elsewhere == nil || s.running():
		return message.Sentence{}
	case !errors.As(s.elsewhere, &h) || h.PID == 0:
		return message.Say("desk.now.elsewhere")
	case h.Page:
		return message.Say("desk.now.elsewhere.page", "process", strconv.Itoa(h.PID))
	}
	return message.Say("desk.now.elsewhere.terminal", "process", strconv.Itoa(h.PID))
}

// lookBack looks for a case that an earlier run left.
func (s *seat) lookBack() {
	dir, ready, err := job.Underway(s.desk.found, s.serial)
	if err != nil || dir == "" {
		return
	}
	s.desk.change(func() {
		if s.unfinished = !ready; !s.running() {
			s.dir = dir
		}
	})
}

func plainModel(s string) string { return strings.ReplaceAll(s, "_", " ") }

// begin resets the seat for a job. The caller holds the desk's lock.
func (s *seat) begin(stop context.CancelFunc) {
	s.elsewhere = nil
	s.attempt = attempt{began: true, stop: stop, steps: map[string]report.StepState{}, said: message.Say("fleet.beginning")}
}

// finish takes down how the job ended. The caller holds the desk's lock.
func (s *seat) finish(j *job.Job, err error) {
	s.stop, s.stopping, s.question, s.wait, s.progress, s.hand = nil, false, nil, nil, job.Progress{}, false
	s.ended, s.err = true, err
	if j == nil {
		return
	}
	end := j.End()
	if c := j.Case(); c != nil {
		s.dir, s.verdict = c.Dir(), end.Report.Verdict
		s.reasons, s.sealed = end.Report.Reasons, end.Sealed
	}
}

// running reports whether a job runs.
func (s *seat) running() bool { return s.stop != nil }

// caseID returns the ID of the case, which is the name of its folder; empty if there is
// no case.
func (s *seat) caseID() string {
	if s.dir == "" {
		return ""
	}
	return filepath.Base(s.dir)
}

const (
	maxRecent = 12  // messages above a question
	maxLog    = 400 // lines
)

// Tell takes what happens in the job.
func (s *seat) Tell(ev job.Event) { s.desk.change(func() { s.note(ev) }) }

// note is Tell. The caller holds the desk's lock.
func (s *seat) note(ev job.Event) {
	switch ev := ev.(type) {
	case job.Begun:
		s.dir = ev.Case
		s.takeTicket(s.job.Case())
	case job.Looked:
		o := ev.Outlook
		s.looked = &o
	case job.StepBegun:
		s.step, s.said, s.hand, s.recent, s.progress = ev, ev.Does, false, nil, job.Progress{}
		s.steps[ev.Name] = report.StepRunning
	case job.StepEnded:
		s.stepEnded(ev)
	case job.Said:
		s.say(ev.Text, ev.OnHandset)
	case job.Shown:
		s.say(ev.Text, false)
	case job.Warned:
		s.keep(line{text: ev.Text})
	case job.Waiting:
		s.wait = &ev
		if ev.Over {
			s.wait, s.hand, s.todo, s.recent = nil, false, nil, nil // its task is done
		}
	case job.Progress:
		s.copied(ev)
	}
}

// say takes a message. One that is for a terminal alone is left out.
func (s *seat) say(text message.Sentence, hand bool) {
	text = onPage(text)
	if text.Empty() {
		return
	}
	if !hand || !s.hand {
		s.todo = nil
	}
	if hand {
		s.todo = append(s.todo, text)
	}
	s.said, s.hand = text, hand
	s.recent = append(s.recent, text)
	s.recent = s.recent[max(0, len(s.recent)-maxRecent):]
	s.keep(line{text: text})
}

func (s *seat) keep(l line) {
	s.log = append(s.log, l)
	s.log = s.log[max(0, len(s.log)-maxLog):]
}

func (s *seat) stepEnded(ev job.StepEnded) {
	s.steps[ev.Name], s.hand, s.wait, s.progress = ev.State, false, nil, job.Progress{}
	for _, f := range ev.Fresh {
		if !job.WorthReading(f) {
			continue
		}
		s.keep(line{finding: &f})
		if f.Status == report.StatusWarn && f.Remedy != "" {
			s.notes = append(s.notes, f)
		}
	}
}

func (s *seat) copied(ev job.Progress) {
	if ev.Over {
		s.progress = job.Progress{}
		return
	}
	if s.progress.Phase != ev.Phase {
		s.since = s.desk.o.Host.Now()
	}
	s.progress = ev
}

// takeTicket takes the ticket number from the form of the case.
func (s *seat) takeTicket(c *casedir.Case) {
	if d, ok, err := c.Draft(); ok && err == nil {
		s.ticket = d.Form.Ticket.ID
	}
}

// identified takes who the handset is.
func (s *seat) identified(h report.Handset, own string) {
	s.handset = &h
	if name := cmp.Or(h.MarketName, h.Model); name != nil {
		s.model = *name
	}
	u := h.Unit()
	if own != "" {
		u.Serial = own
	}
	s.tokens = reset.Tokens(u)
}

// imeiTail is the end of the IMEI, shorter than what confirms a reset; empty if the IMEI is
// not known.
func (s *seat) imeiTail() string {
	if s.handset == nil {
		return ""
	}
	if all := s.handset.Unit().IMEI; len(all) > 0 {
		return all[0][max(0, len(all[0])-4):]
	}
	return ""
}

// failed reports whether a step of the job did not come to its end.
func (s *seat) failed() bool {
	return s.ended && s.verdict != report.VerdictReady
}

// saved reports whether the step that copies is done.
func (s *seat) saved() bool { return s.steps[report.StepBackup] == report.StepDone }

// erased reports whether the step that erases is done.
func (s *seat) erased() bool { return s.steps[report.StepReset] == report.StepDone }
