package android

import "time"

// Page is the page on the screen. The zero value is the launcher.
type Page struct {
	Name     string // the action or component of the intent that opened it
	Since    time.Time
	Reads    int // by a computer, since it is shown
	Scrolled int // in pixels
}

// Page returns the page that is shown.
func (s *State) Page() Page {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.data.page
}

// ShowPage opens a page on the screen.
func (s *State) ShowPage(name string) {
	s.mu.Lock()
	s.data.page = Page{Name: name, Since: time.Now()}
	s.mu.Unlock()
	s.publish(Event{Kind: Shown, Arg: name})
}

// LeavePage opens another page if the page named from is still shown, and reports
// whether it was.
func (s *State) LeavePage(from, to string) bool {
	s.mu.Lock()
	shown := s.data.page.Name == from
	if shown {
		s.data.page = Page{Name: to, Since: time.Now()}
	}
	s.mu.Unlock()
	if shown {
		s.publish(Event{Kind: Shown, Arg: to})
	}
	return shown
}

// PageRead counts a reading of a page, if it is still shown.
func (s *State) PageRead(name string) {
	s.mu.Lock()
	if s.data.page.Name == name {
		s.data.page.Reads++
	}
	s.mu.Unlock()
	s.publish(Event{Kind: Read})
}

// Scroll moves the page by a number of pixels, within 0 and most.
func (s *State) Scroll(by, most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data.page.Scrolled = min(most, max(0, s.data.page.Scrolled+by))
}
