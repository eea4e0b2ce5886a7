package android

import (
	"maps"
	"slices"
	"time"
)

// Event is something that happened to a handset and that others react to.
type Event struct {
	Kind EventKind
	// Arg is the target of a Reboot, the action or component of a Shown page, or the
	// path of an Opened file of contacts.
	Arg string
	// KeepsKeys is set for a Reset that keeps the computers that may debug it.
	KeepsKeys bool
}

// EventKind says what happened.
type EventKind int

// The kinds of events.
const (
	Reboot  EventKind = iota + 1 // it is about to restart
	Reset                        // the owner's data is erased; a reboot follows
	Shown                        // it shows another page
	Opened                       // a file of contacts was opened
	Changed                      // an account or a switch changed
	Read                         // a computer read the page that is shown
)

// Subscribe calls fn after each event, on the goroutine that caused it and without
// a lock held, until cancel. fn must not block.
func (s *State) Subscribe(fn func(Event)) (cancel func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.nextSub
	s.nextSub++
	s.subscribers[id] = fn
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.subscribers, id)
	}
}

func (s *State) publish(ev Event) {
	s.mu.Lock()
	ids := slices.Sorted(maps.Keys(s.subscribers))
	fns := make([]func(Event), len(ids))
	for i, id := range ids {
		fns[i] = s.subscribers[id]
	}
	s.mu.Unlock()
	for _, fn := range fns {
		fn(ev)
	}
}

// Reboot restarts the handset. The target is "", "recovery", "bootloader",
// "sideload" or what else adb's reboot service takes.
func (s *State) Reboot(target string) { s.publish(Event{Kind: Reboot, Arg: target}) }

// OpenContacts opens a file of contacts on the screen.
func (s *State) OpenContacts(file string) { s.publish(Event{Kind: Opened, Arg: file}) }

// Page is the page on the screen. The zero value is the launcher.
type Page struct {
	Name     string // the action or component of the intent that opened it
	Since    time.Time
	Reads    int // by a computer, since it is shown
	Scrolled int // in pixels
}

// Page returns the page that is shown.
func (s *State) Page() Page { return read(s, func(d *data) Page { return d.page }) }

// ShowPage opens a page on the screen.
func (s *State) ShowPage(name string) {
	s.change(func(d *data) { d.page = Page{Name: name, Since: time.Now()} }, Event{Kind: Shown, Arg: name})
}

// LeavePage opens another page if the page named from is still shown, and reports
// whether it was.
func (s *State) LeavePage(from, to string) (shown bool) {
	s.change(func(d *data) {
		if shown = d.page.Name == from; shown {
			d.page = Page{Name: to, Since: time.Now()}
		}
	})
	if shown {
		s.publish(Event{Kind: Shown, Arg: to})
	}
	return shown
}

// PageRead counts a reading of a page, if it is still shown.
func (s *State) PageRead(name string) {
	s.change(func(d *data) {
		if d.page.Name == name {
			d.page.Reads++
		}
	}, Event{Kind: Read})
}

// Scroll moves the page by a number of pixels, within 0 and most.
func (s *State) Scroll(by, most int) {
	s.change(func(d *data) { d.page.Scrolled = min(most, max(0, d.page.Scrolled+by)) })
}
