package fleet

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report/message"
)

// drawEvery is how often the screen is drawn, when something changed: often
// enough to be alive, too seldom to flicker.
const drawEvery = 150 * time.Millisecond

// screen is a fleet on a terminal: a line for each handset at the bottom, drawn
// anew in place, and above it the messages that stay, such as how each one ended.
// It hides no cursor and changes no mode: whatever ends the process, the
// terminal is as it was. The fleet's lock guards it.
type screen struct {
	fleet   *fleet
	lines   lineView // writes the messages that stay
	out     io.Writer
	console *console.Console

	drawn []string // the lines that stand there, without colours
	width int      // of the terminal when they were drawn
	text  string   // as it was written
	// asked means that a question is below the lines; messages that stay wait in
	// later until it is answered.
	asked bool
	later []func()

	over chan struct{}
	work sync.WaitGroup
}

func newScreen(f *fleet) *screen {
	s := &screen{fleet: f, lines: lineView{f}, out: f.console.Err, console: f.console, over: make(chan struct{})}
	s.work.Go(func() {
		tick := time.NewTicker(drawEvery)
		defer tick.Stop()
		for {
			select {
			case <-s.over:
				return
			case <-tick.C:
				f.mu.Lock()
				s.draw()
				f.mu.Unlock()
			}
		}
	})
	return s
}

// tell keeps the instruction to a person for a handset; its line shows the rest.
func (s *screen) tell(m *member, ev job.Event) {
	said, ok := ev.(job.Said)
	if c := s.lines.of(m); ok && said.OnHandset && m.fresh(c.Words(said.Whole())) {
		s.keep(func() { c.Say(said.Whole()) })
	}
}

// done keeps how a handset ended.
func (s *screen) done(m *member) { s.keep(func() { s.lines.done(m) }) }

func (s *screen) note(text message.Sentence) { s.keep(func() { s.console.Say(text) }) }

// keep writes something above the lines.
func (s *screen) keep(write func()) {
	if s.asked {
		s.later = append(s.later, write)
		return
	}
	s.erase(0)
	write()
	s.draw()
}

// asking keeps the whole question, and leaves so little of it below the lines
// that the answer is on the same row.
func (s *screen) asking(m *member, stakes []message.Sentence, question message.Sentence) string {
	c := s.lines.of(m)
	s.keep(func() {
		for _, line := range stakes {
			c.Say(line)
		}
		c.Say(question)
	})
	s.asked = true
	return "…" + m.tail + ":"
}

// answered takes the question away. The line that was typed has moved the cursor
// below it; where none was, it is in it.
func (s *screen) answered(typed bool) {
	if !typed {
		fmt.Fprintln(s.out)
	}
	s.asked = false
	s.erase(1)
	for _, write := range s.later {
		write()
	}
	s.later = nil
	s.draw()
}

func (s *screen) close() {
	close(s.over)
	s.work.Wait()
	s.fleet.mu.Lock()
	defer s.fleet.mu.Unlock()
	s.erase(0)
}

// erase takes the lines away, and as many rows below them. Where the terminal was
// made narrower they take more rows than were written.
func (s *screen) erase(below int) {
	if len(s.drawn) > 0 {
		fmt.Fprintf(s.out, "\r\x1b[%dA\x1b[J", s.rows()+below)
	}
	s.drawn, s.text = nil, ""
}

func (s *screen) rows() int {
	rows, width := 0, s.console.Width()
	for _, line := range s.drawn {
		rows += 1 + max(0, console.Columns(line)-1)/max(width, 1)
	}
	return rows
}

// draw writes the lines as they are now, where they differ.
func (s *screen) draw() {
	width, height := s.console.Width(), s.console.Rows()
	if s.asked && width != s.width {
		return // the question may have been moved; after it is time enough
	}
	lines := frame(s.console, s.fleet.members, s.fleet.options.Watch, width, height)
	if s.asked { // as many as there are, so that the question stays where it is
		lines = lines[:min(len(lines), len(s.drawn))]
		for len(lines) < len(s.drawn) {
			lines = append(lines, screenLine{})
		}
	}
	var b strings.Builder
	var plain []string
	for _, l := range lines {
		b.WriteString(l.paint(s.console) + "\x1b[K\n")
		plain = append(plain, l.plain())
	}
	if b.String() == s.text && width == s.width {
		return
	}
	up := ""
	if len(s.drawn) > 0 {
		up = fmt.Sprintf("\r\x1b[%dA", s.rows())
	}
	if s.asked {
		fmt.Fprintf(s.out, "\x1b7%s%s\x1b8", up, b.String())
	} else {
		fmt.Fprintf(s.out, "%s%s\x1b[J", up, b.String())
	}
	s.drawn, s.text, s.width = slices.Clip(plain), b.String(), width
}
