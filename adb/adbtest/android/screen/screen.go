package screen

import (
	"slices"
	"time"

	"preship/adb/adbtest/android"
)

// Screen is the screen of a handset. It keeps nothing: the state holds the page.
type Screen struct{ *android.State }

// Step describes the owner's part on a page.
type Step struct {
	Secret bool          // it wants the screen lock or a password
	Wait   time.Duration // how long the page takes before it can be touched
	Passes bool          // it leaves by itself
}

// Step returns what the owner has to do on a page, false for a page that is not
// part of the vendor's reset or at which the reset ends.
func (s Screen) Step(name string) (Step, bool) {
	p, ok := pages[name]
	if !ok || !s.leadsToReset(name) || name == pageNotOff {
		return Step{}, false
	}
	step := Step{Secret: p.secret, Wait: p.passes, Passes: p.passes != 0}
	if p.counts {
		step.Wait = countFrom * countStep
	}
	return step, true
}

// Do touches what leads on from a page, or gives the secret it asks for. It does
// nothing if another page is shown.
func (s Screen) Do(name string) {
	now, p, age, ok := s.current()
	if !ok || now != name {
		return
	}
	for _, w := range p.widgets {
		if w.button && (w.leads == "" || name == pageAbout || name == pageSettings || name == pageMore) {
			s.press(name, p, w, age)
			return
		}
	}
	s.leave(name, p.next(s)) // the secret is typed
}

// current returns the page of the vendor's reset that is shown, and for how long
// it has been. A page that passes by itself has passed when its time is over.
func (s Screen) current() (name string, p page, age time.Duration, ok bool) {
	for {
		shown := s.Page()
		name, age = shown.Name, time.Since(shown.Since)
		p, ok = pages[name]
		switch {
		case name == pageAbout && s.vendorReset() && !s.leadsToReset(name):
			p.widgets = p.widgets[:len(p.widgets)-1] // its last entry is not there yet
		case !s.leadsToReset(name):
			ok = false
		}
		if !ok || p.passes == 0 || age < p.passes {
			return name, p, age, ok
		}
		s.leave(name, p.next(s))
	}
}

// vendorReset reports whether this is a handset with the vendor's own reset page.
func (s Screen) vendorReset() bool { return s.Prop("ro.miui.ui.version.name") != "" }

// leadsToReset reports whether a page is one on the way to the vendor's reset. Up to MIUI
// 11 the way begins in Settings, Additional settings; later in About phone.
func (s Screen) leadsToReset(name string) bool {
	switch name {
	case pageAbout:
		return s.vendorReset() && !s.resetInMore()
	case pageSettings, pageMore:
		return s.resetInMore()
	}
	return true
}

func (s Screen) resetInMore() bool {
	return slices.Contains([]string{"V8", "V9", "V10", "V11"}, s.Prop("ro.miui.ui.version.name"))
}

// leave replaces a page by another, unless it is no longer shown.
func (s Screen) leave(from, to string) {
	if s.LeavePage(from, to) && to == pageWiping {
		s.FactoryReset(false)
		s.Reboot("")
	}
}

// touch presses the button at a point of the screen.
func (s Screen) touch(x, y int) {
	name, p, age, ok := s.current()
	if !ok {
		return
	}
	for n, w := range p.widgets {
		left, top, right, bottom, seen := s.rect(n)
		if w.button && seen && left <= x && x < right && top <= y && y < bottom {
			s.press(name, p, w, age)
		}
	}
}

func (s Screen) press(name string, p page, w widget, age time.Duration) {
	switch {
	case w.counting != "" && countdown(age) > 0:
	case w.leads != "":
		s.leave(name, w.leads)
	default:
		s.leave(name, p.next(s))
	}
}

// swipe scrolls the page by a finger that moves from one height to another.
func (s Screen) swipe(from, to int) {
	if _, p, _, ok := s.current(); ok {
		s.Scroll(from-to, max(0, pageTop+rowStep*len(p.widgets)-screenHeight))
	}
}
