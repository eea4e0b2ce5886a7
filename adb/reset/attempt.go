package reset

import (
	"bytes"
	"context"
	"errors"
	"time"

	"preship/adb/handset"
	"preship/adb/handset/mask"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/wait"
)

// attempt is one run of a way: the job, and its results so far.
type attempt struct {
	*Job
	limits Timeouts
	out    report.Reset
	// lost collects what could not be written once the wipe may have been sent:
	// from then on the handset is followed whatever happens to the disk.
	lost error

	last    time.Time // the latest time given out by now
	began   time.Time // when the reset was triggered, by the clock that does not jump
	gone    time.Time // when it left the bus, by the same
	pressed bool      // the button that erases was pressed
}

func newAttempt(j *Job, out report.Reset) *attempt {
	return &attempt{Job: j, limits: j.Timeouts.withDefaults(), out: out}
}

// now is the time by the computer's clock. A clock that is set back meanwhile
// does not put an event before an earlier one.
func (a *attempt) now() *time.Time {
	t := time.Now()
	if a.Now != nil {
		t = a.Now()
	}
	t = t.UTC().Truncate(time.Second)
	if t.Before(a.last) {
		t = a.last
	}
	a.last = t
	return &t
}

func (a *attempt) say(id message.ID, args ...any) { a.Owner.Say(message.Say(id, args...)) }

func (a *attempt) instruct(id message.ID, args ...any) { a.Owner.Instruct(message.Say(id, args...)) }

// wait shows a wait until done is called.
func (a *attempt) wait(r *wait.Row, limit time.Duration) (done func()) {
	return wait.Shower(a.Owner.Wait).Begin(r, limit)
}

// triggered notes that the wipe is about to be sent, or that the person is
// about to start it. It is on disk when it returns without an error.
func (a *attempt) triggered() error {
	a.out.TriggeredAt, a.began = a.now(), time.Now()
	return a.Owner.Save(a.out)
}

// keep saves the state of the job after the wipe.
func (a *attempt) keep() { a.lost = errors.Join(a.lost, a.Owner.Save(a.out)) }

// find adds a finding with a sentence that has nothing to fill in.
func (a *attempt) find(id string, status report.Status, summary message.ID, observed message.Sentence, evidence ...string) {
	a.findTold(id, status, message.Say(summary), observed, evidence...)
}

// findTold adds a finding whose sentence has something to fill in.
func (a *attempt) findTold(id string, status report.Status, summary, observed message.Sentence, evidence ...string) {
	f := told(id, status, summary, observed)
	f.At = *a.now()
	for _, ref := range evidence {
		if ref != "" {
			f.Evidence = append(f.Evidence, ref)
		}
	}
	a.out.Findings = append(a.out.Findings, f)
}

// advise gives the last finding another remedy than its check has; "" is no remedy.
func (a *attempt) advise(remedy message.ID) {
	says := message.Sentence{}
	if remedy != "" {
		says = message.Say(remedy)
	}
	a.out.Findings[len(a.out.Findings)-1].Advise(says)
}

// raise lifts the rung, and never lowers it.
func (a *attempt) raise(r report.Rung) {
	if r.Height() > a.out.Rung.Height() {
		a.out.Rung = r
	}
}

// service sends one service of the command table and keeps what came of it. The
// answer may be there even with an error: the line can break after it.
func (a *attempt) service(ctx context.Context, row *handset.Command) (answer []byte, ref string, err error) {
	line := row.Must()
	ctx, cancel := handset.Bound(ctx, 0, row)
	defer cancel()
	e := casedir.Entry{Name: row.Name, Line: line.String(), Writes: row.Writes, Start: *a.now(), Exit: -1}
	answer, err = a.Device.Service(ctx, line.String(), maxAnswer)
	e.End, e.Stdout = *a.now(), mask.Answer(line, answer)
	e.Masked = !bytes.Equal(e.Stdout, answer)
	if err != nil {
		e.Error = err.Error()
	}
	ref, lost := a.Owner.Record(e)
	a.lost = errors.Join(a.lost, lost)
	return answer, ref, err
}

// restart reboots the handset into target, as adb spells it. The
// connection often breaks before the answer, so only the watch proves that it did.
func (a *attempt) restart(ctx context.Context, row *handset.Command, target string) error {
	e := casedir.Entry{Name: row.Name, Line: row.Line, Writes: row.Writes, Start: *a.now(), Exit: -1}
	err := a.Device.Reboot(ctx, target)
	e.End = *a.now()
	if err != nil {
		e.Error = err.Error()
	}
	_, lost := a.Owner.Record(e)
	a.lost = errors.Join(a.lost, lost)
	return err
}
