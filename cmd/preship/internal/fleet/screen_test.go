package fleet

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"preship/adb"
	"preship/backup/meter"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/message"
)

// terminal is as much of one as the screen uses.
type terminal struct {
	rows    []string
	at, col int
	saved   int
	width   int
}

func (v *terminal) Write(b []byte) (int, error) {
	for s := string(b); s != ""; {
		switch {
		case strings.HasPrefix(s, "\x1b7"):
			v.saved, s = v.at, s[2:]
		case strings.HasPrefix(s, "\x1b8"):
			v.at, s = v.saved, s[2:]
		case strings.HasPrefix(s, "\x1b["):
			end := 2 + strings.IndexAny(s[2:], "AJKm")
			var n int
			_, _ = fmt.Sscan(s[2:end], &n)
			switch s[end] {
			case 'A':
				v.at = max(0, v.at-n)
			case 'J':
				v.rows = v.rows[:min(len(v.rows), v.at)]
			case 'K':
				v.row()
				v.rows[v.at] = string([]rune(v.rows[v.at])[:v.col])
			}
			s = s[end+1:]
		case s[0] == '\n':
			v.row()
			v.at, v.col, s = v.at+1, 0, s[1:]
		case s[0] == '\r':
			v.col, s = 0, s[1:]
		default:
			r := []rune(s)[0]
			v.put(r)
			s = s[len(string(r)):]
		}
	}
	return len(b), nil
}

func (v *terminal) row() {
	for len(v.rows) <= v.at {
		v.rows = append(v.rows, "")
	}
}

func (v *terminal) put(r rune) {
	if v.col == v.width {
		v.at, v.col = v.at+1, 0
	}
	v.row()
	row := []rune(v.rows[v.at])
	if v.col < len(row) {
		row[v.col] = r
	} else {
		row = append(row, r)
	}
	v.rows[v.at] = string(row)
	v.col++
}

func (v *terminal) text() string {
	return strings.TrimRight(strings.Join(v.rows, "\n"), "\n ")
}

var backupStep = job.StepBegun{Name: report.StepBackup, Number: 2, Of: 6}

func newTestScreen(width, height int, members ...*member) (*screen, *terminal) {
	v := &terminal{width: width}
	c := &console.Console{Err: v, Columns: func() int { return v.width }, Rows: func() int { return height }}
	f := &fleet{console: c, members: members}
	return &screen{fleet: f, lines: lineView{f}, out: v, console: c, over: make(chan struct{})}, v
}

func TestScreenDrawsInPlace(t *testing.T) {
	t.Parallel()
	a := &member{tail: "4F2A", model: "Redmi Note 10", step: backupStep, text: message.AsIs("looking")}
	b := &member{tail: "a2a6", model: "红米 K60", step: job.StepBegun{Name: report.StepAccounts, Number: 3, Of: 6}, text: message.AsIs("sign out"), hand: true}
	s, v := newTestScreen(70, 24, a, b)
	s.draw()
	const first = "  …4F2A Redmi Note 10  2/6 backup    looking\n" +
		"! …a2a6 红米 K60       3/6 accounts  sign out\n" +
		"2 handsets: 1 waiting for you, 1 at work"
	if got := v.text(); got != first {
		t.Errorf("first:\n%s\nwant:\n%s", got, first)
	}
	a.note(job.Progress{Progress: meter.Progress{Phase: "copying", BytesDone: 1 << 20, BytesTotal: 4 << 20}}, time.Time{})
	s.draw()
	if got := v.text(); !strings.HasPrefix(got, "  …4F2A Redmi Note 10  2/6 backup    copying  25% of 4.2 MB\n! ") || strings.Count(got, "\n") != 2 {
		t.Errorf("in place:\n%s", got)
	}
	b.hand, b.done, b.verdict = false, true, report.VerdictReady
	s.done(b)
	if got := v.text(); !strings.HasPrefix(got, "…a2a6 红米 K60: READY\n  …4F2A") || strings.Count(got, "\n") != 3 {
		t.Errorf("the kept lines stand above:\n%s", got)
	}
	s.erase(0)
	if got := v.text(); got != "…a2a6 红米 K60: READY" {
		t.Errorf("at the end there is left:\n%s", got)
	}
}

// The end of the IMEI and the ticket are in the row, where the terminal has the room.
// The end is shorter than what confirms a reset.
func TestScreenShowsNumbers(t *testing.T) {
	t.Parallel()
	a := &member{tail: "4F2A", model: "Redmi Note 10", imei: []string{"868732053538038"}, ticket: "T-4711", step: backupStep, text: message.AsIs("looking")}
	b := &member{tail: "a2a6", model: "POCO", step: backupStep, text: message.AsIs("looking")}
	for width, want := range map[int]string{
		80: "  …4F2A Redmi Note 10  …8038 T-4711  2/6 backup    looking\n  …a2a6 POCO                         2/6 backup    looking\n",
		60: "  …4F2A Redmi Note 10  2/6 backup    looking\n  …a2a6 POCO           2/6 backup    looking\n",
	} {
		s, v := newTestScreen(width, 24, a, b)
		s.draw()
		if got := v.text(); !strings.HasPrefix(got, want) || strings.Contains(got, "538038") {
			t.Errorf("%d columns:\n%s\nwant:\n%s", width, got, want)
		}
	}
}

// The row of a handset that is unplugged says so, also while the answer to its question is
// awaited. A handset that restarts after the reset was confirmed is not lost.
func TestUnpluggedRow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		m    member
		lost bool
	}{
		{"backup", member{step: backupStep}, true},
		{"no step yet", member{}, true},
		{"reset asks", member{step: job.StepBegun{Name: report.StepReset}, asking: true}, true},
		{"reset", member{step: job.StepBegun{Name: report.StepReset}}, false},
		{"verify", member{step: job.StepBegun{Name: report.StepVerify}}, false},
		{"done", member{step: backupStep, done: true}, false},
	} {
		tt.m.serial, tt.m.tail, tt.m.text = "aaaa4F2A", "4F2A", message.AsIs("looking")
		s, v := newTestScreen(80, 24, &tt.m)
		s.fleet.view = s
		for range 2 { // the server lists it no more; said once
			s.fleet.present(nil)
		}
		s.draw()
		if got := v.text(); strings.Contains(got, "! …4F2A") != tt.lost || strings.Count(got, "On the handset: Not connected") != map[bool]int{true: 1}[tt.lost] {
			t.Errorf("%s, unplugged:\n%s", tt.name, got)
		}
		s.fleet.present([]adb.DeviceInfo{{Serial: "aaaa4F2A"}})
		s.draw()
		if got := v.text(); strings.Contains(got, "! …4F2A") {
			t.Errorf("%s, plugged in again:\n%s", tt.name, got)
		}
	}
}

// What a person has read of a handset is not repeated when its job begins again.
func TestRetryRepeatsNothing(t *testing.T) {
	t.Parallel()
	m := &member{serial: "a", tail: "4F2A"}
	s, v := newTestScreen(80, 24, m)
	lines := &lineView{s.fleet}
	lost := report.Finding{ID: "backup.kept", Status: report.StatusFail, Summary: "Not saved: 1 file."}
	for range 3 {
		lines.tell(m, job.Said{Text: message.AsIs("Sign out."), OnHandset: true})
		lines.tell(m, job.StepEnded{Name: report.StepBackup, Findings: report.Findings{lost}, Fresh: report.Findings{lost}})
		m.begin()
	}
	lost.Summary = "Not saved: 2 files."
	lines.tell(m, job.StepEnded{Name: report.StepBackup, Findings: report.Findings{lost}, Fresh: report.Findings{lost}})
	got := v.text()
	if strings.Count(got, "Sign out.") != 1 || strings.Count(got, "1 file.") != 1 || strings.Count(got, "2 files.") != 1 {
		t.Errorf("three attempts:\n%s", got)
	}
}

// A question is below the lines while they continue, and lines to keep
// waits for the answer.
func TestScreenAsks(t *testing.T) {
	t.Parallel()
	a := &member{tail: "4F2A", step: job.StepBegun{Name: report.StepReset, Number: 4, Of: 6}, hand: true}
	b := &member{tail: "a2a6", step: backupStep, text: message.AsIs("looking")}
	s, v := newTestScreen(60, 24, a, b)
	s.draw()
	prompt := s.asking(a, []message.Sentence{message.AsIs("this erases everything")}, message.AsIs("type the last six:"))
	fmt.Fprint(v, prompt+" ")
	fmt.Fprint(v, "123")
	b.text = message.AsIs("copying")
	s.draw()
	s.note(message.AsIs("kept for later"))
	if got := v.text(); !strings.HasSuffix(got, "2/6 backup    copying\n2 handsets: 1 waiting for you, 1 at work\n…4F2A: 123") ||
		!strings.HasPrefix(got, "…4F2A: this erases everything\n…4F2A: type the last six:\n") || strings.Contains(got, "later") {
		t.Errorf("while it is asked:\n%s", got)
	}
	v.col = len([]rune("…4F2A: 123"))
	fmt.Fprint(v, "456\n")
	a.hand = false
	s.answered(true)
	if got := v.text(); strings.Contains(got, "123") || !strings.Contains(got, "last six:\nkept for later\n  …4F2A") ||
		!strings.HasSuffix(got, "2 handsets: 2 at work") {
		t.Errorf("answered:\n%s", got)
	}
}

// More handsets than rows, and a terminal made narrower in between.
func TestScreenSmall(t *testing.T) {
	t.Parallel()
	var all []*member
	for i := range 16 {
		all = append(all, &member{tail: fmt.Sprintf("%04d", i), model: "Redmi", done: true, verdict: report.VerdictReady})
	}
	all[15].done, all[15].hand, all[15].text = false, true, message.AsIs("unlock it")
	s, v := newTestScreen(60, 10, all...)
	s.draw()
	got := v.text()
	if lines := strings.Split(got, "\n"); len(lines) != 10-spareRows+1 || !strings.HasPrefix(lines[0], "! …0015 Redmi") || !strings.Contains(got, "10 not shown") {
		t.Errorf("sixteen on ten rows:\n%s", got)
	}
	for width := range 60 {
		for _, l := range frame(&console.Console{}, all, true, width, 10) {
			if n := console.Columns(l.plain()); n > max(width-1, 0) {
				t.Errorf("%d columns on a terminal of %d: %q", n, width, l.plain())
			}
		}
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in    string
		width int
		want  string
	}{
		{"short", 10, "short"}, {"exactly", 7, "exactly"}, {"too long", 5, "too …"}, {"红米红米", 5, "红米…"}, {"红米红米", 4, "红…"}, {"x", 0, ""},
	} {
		if got := console.Cut(tt.in, tt.width); got != tt.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", tt.in, tt.width, got, tt.want)
		}
	}
}
