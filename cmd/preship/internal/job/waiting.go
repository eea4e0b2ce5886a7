package job

import (
	"slices"
	"sync"
	"time"

	"preship/adb/link"
	"preship/cmd/preship/internal/amount"
	"preship/report/message"
	"preship/report/wait"
)

// Waiting is a wait that began, that lasts, or that is over. While it lasts it comes
// again every second.
type Waiting struct {
	wait.Wait
	Since   time.Time // when it began
	Elapsed time.Duration
	Over    bool
	// Announce is set once, when the wait has lasted long enough to be worth a sentence.
	Announce bool

	announced bool
}

// Says returns the event that ends the wait, its time limit, and what happens after that.
func (w Waiting) Says() message.Sentence {
	if w.Limit <= 0 {
		return message.Say("wait.shown.unlimited", "what", w.Reason())
	}
	return message.Say("wait.shown", "what", w.Reason(), "time", amount.Span(w.Limit), "then", w.After())
}

func (Waiting) event() {}

// waitEvery is how often a wait that lasts is shown.
const waitEvery = time.Second

// announceAfter is how long a wait lasts before it is announced: most are over before
// anybody could read about them.
const announceAfter = 2 * time.Second

// Waits shows waits to a person: its Show is a [wait.Shower]. While waits are inside
// each other only the innermost is shown. It lets one goroutine at a time speak with
// the person.
type Waits struct {
	mu     sync.Mutex
	person Person
	now    func() time.Time
	open   []*Waiting
}

// NewWaits returns waits that are shown to person.
func NewWaits(person Person, now func() time.Time) *Waits { return &Waits{person: person, now: now} }

// Tell shows an event, between those of the waits.
func (w *Waits) Tell(ev Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.person.Tell(ev)
}

// Show begins a wait. The caller ends it by done, once.
func (w *Waits) Show(of wait.Wait) (done func()) {
	ev := &Waiting{Wait: of, Since: w.now()}
	began := time.Now() // measured by the clock that does not jump
	w.mu.Lock()
	w.open = append(w.open, ev)
	w.person.Tell(*ev)
	w.mu.Unlock()
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(waitEvery)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				w.lasts(ev, time.Since(began))
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
		w.mu.Lock()
		defer w.mu.Unlock()
		ev.Elapsed, ev.Over, ev.Announce = time.Since(began), true, false
		w.open = slices.DeleteFunc(w.open, func(o *Waiting) bool { return o == ev })
		w.person.Tell(*ev)
	}
}

func (w *Waits) lasts(ev *Waiting, elapsed time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ev.Elapsed = elapsed
	if w.open[len(w.open)-1] != ev {
		return
	}
	ev.Announce = !ev.announced && elapsed >= announceAfter
	ev.announced = ev.announced || ev.Announce
	w.person.Tell(*ev)
}

// mending returns the options of a link that waits, as long as a person may take, for a
// handset that left.
func (c *connection) mending() link.Options {
	return link.Options{Wait: c.opts.Wait, Waiting: func() func() {
		return c.waits.Show(wait.Wait{Row: wait.Handset, Limit: c.opts.Wait})
	}}
}
