package desk

import (
	"slices"
	"time"

	"preship/adb"
	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/desk/page"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/outlook"
	"preship/report"
	"preship/report/message"
	"preship/report/wait"
)

// liveView returns the page of a stream: of one handset, of all, or the first page. It
// reports false for a handset that is not there.
func (s *Server) liveView(at, id string) (page.View, bool) {
	d := s.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	switch at {
	case "handset":
		seat := d.seat(func(s *seat) bool { return s.id == id })
		switch {
		case seat != nil:
			return seat.view(), true
		case seatForm().MatchString(id):
			return d.absent(id), true
		}
		return page.View{}, false
	case "board":
		return d.board(), true
	case "start":
		return d.startView(), true
	}
	return page.View{}, false
}

// startView is the first page. The caller holds the lock.
func (d *Desk) startView() page.View {
	return page.View{
		Title: message.Say("desk.nav.home"), Here: page.Home, Live: "at=start",
		Parts: []page.Part{{ID: "start", Data: page.Start{Trouble: d.trouble, Handsets: d.cards()}, Polite: true}},
	}
}

// board is every handset. The caller holds the lock.
func (d *Desk) board() page.View {
	return page.View{
		Title: message.Say("desk.board.title"), Here: page.Board, Class: "wide", Live: "at=board",
		Parts: []page.Part{{ID: "board", Data: page.Start{Trouble: d.trouble, Handsets: d.cards()}}},
	}
}

// absent is the page of a handset that is not connected. It has the parts of a handset's
// page, and becomes one when the handset comes.
func (d *Desk) absent(id string) page.View {
	v := (&seat{desk: d, id: id, state: adb.StateAbsent}).view()
	v.Title = message.Say("desk.now.absent")
	return v
}

// view is the page of one handset.
func (s *seat) view() page.View {
	v := page.View{Title: message.AsIs(s.name()), Live: "at=handset&id=" + s.id}
	v.Parts = []page.Part{
		{ID: "head", Data: s.head()},
		{ID: "ask", Data: s.ask(), Polite: true},
		{ID: "now", Data: s.now(), Polite: true},
		{ID: "progress", Data: s.progressed()},
		{ID: "given", Data: s.given(), Polite: true},
		{ID: "end", Data: s.end(), Polite: true},
		{ID: "actions", Data: s.actions()},
		{ID: "outlook", Data: s.outlook()},
		{ID: "log", Data: s.lines()},
	}
	return v
}

func (s *seat) head() page.Head {
	h := page.Head{Name: s.name(), Tail: s.imeiTail(), Serial: s.serial, Ticket: s.ticket, Case: s.caseID()}
	if s.giving != nil {
		h.Case = s.giving.caseID
		return h
	}
	for _, name := range report.Steps {
		step := page.Step{Name: report.StepTitle(name), State: "open"}
		switch state := s.steps[name]; state {
		case "":
		case report.StepRunning:
			step.State, step.Word = "now", state.Word()
		case report.StepDone:
			step.State, step.Word = "done", state.Word()
		default:
			step.State, step.Word = "failed", state.Word()
		}
		h.Steps = append(h.Steps, step)
	}
	return h
}

func (s *seat) ask() page.Ask {
	if s.question == nil {
		return page.Ask{}
	}
	return s.question.view(s.id)
}

// now names the current step, or the action that the person must take.
func (s *seat) now() page.Now {
	n := page.Now{Trouble: s.desk.trouble, Safe: s.safe()}
	switch {
	case s.giving != nil:
		return s.givingNow(n)
	case !s.held().Empty():
		n.What, n.Mood, n.Safe = s.held(), page.Busy, message.Sentence{}
		n.More = []message.Sentence{message.Say("desk.now.elsewhere.then")}
		return n
	case s.ended && !s.running():
		n.What, n.Mood, n.Art, n.Safe = s.outcome(), page.Good, "done", message.Sentence{}
		if s.failed() {
			n.Mood, n.Art, n.Safe = page.Bad, "", s.safe()
		}
		return n
	case !s.running():
		return s.before(n)
	case s.question != nil:
		n.What, n.Mood, n.Slim = message.Say("desk.now.waits-for-you"), page.Hand, true
		if !s.erased() {
			n.More = s.away()
		}
		return n
	}
	n.What, n.Mood, n.Art, n.OnHandset = s.said, page.Busy, s.art(), s.hand || s.handWait()
	if s.stopping {
		n.What = message.Say("desk.now.stopping")
	}
	if s.hand || s.handWait() {
		n.Mood = page.Hand
	}
	if s.hand && len(s.todo) > 1 && !s.stopping {
		n.Todo = s.todo
	}
	if s.state != adb.StateDevice && s.state != adb.StateAbsent && !s.expected() {
		n.More = append(n.More, s.desk.o.Guide(s.state))
	}
	return n
}

// expected reports whether the handset may be in another state because it is reset.
func (s *seat) expected() bool {
	return s.step.Name == report.StepReset || s.step.Name == report.StepVerify || s.step.Name == report.StepReport
}

// away says what to do about a handset that cannot be asked now; nil for any other.
func (s *seat) away() []message.Sentence {
	switch guide := s.desk.o.Guide(s.state); {
	case s.state == adb.StateAbsent:
		return []message.Sentence{message.Say("desk.now.absent"), message.Say("desk.now.absent.then")}
	case s.state != adb.StateDevice && !guide.Empty():
		return []message.Sentence{guide}
	}
	return nil
}

// before is a handset whose job does not run.
func (s *seat) before(n page.Now) page.Now {
	if s.state == adb.StateAbsent {
		more := s.away()
		n.What, n.More, n.Art, n.Mood = more[0], more[1:], "cable", page.Hand
		return n
	}
	n.What, n.Art = message.Say("desk.now.ready"), "look"
	if guide := s.desk.o.Guide(s.state); s.state != adb.StateDevice && !guide.Empty() {
		n.What, n.Art, n.Mood, n.OnHandset = guide, "cable", page.Hand, true
		if s.state == adb.StateUnauthorized || s.state == adb.StateAuthorizing {
			n.Art = "allow"
		}
	}
	return n
}

// outcome is the end of a job in a sentence.
func (s *seat) outcome() message.Sentence {
	switch {
	case s.verdict == report.VerdictReady:
		return message.Say("desk.now.done")
	case s.err != nil && !s.sealed:
		return message.Say("desk.now.failed")
	}
	return message.Say("desk.now.not-ready")
}

// safe names the data that is safe at this point of the job.
func (s *seat) safe() message.Sentence {
	switch {
	case s.erased():
		return message.Say("desk.safe.copy")
	case s.step.Name == report.StepReset && s.question == nil && s.saved() && s.running():
		return message.Say("desk.safe.resetting")
	case s.saved():
		return message.Say("desk.safe.saved")
	}
	return message.Say("desk.safe.nothing")
}

// waitArt are the drawings of the waits for somebody at the handset.
var waitArt = map[*wait.Row]string{
	wait.Handset: "cable", wait.SignOut: "sign-out", wait.Menu: "recovery", wait.Start: "settings", wait.SetUp: "set-up",
}

// handWait reports whether it waits for somebody at the handset.
func (s *seat) handWait() bool { return s.wait != nil && waitArt[s.wait.Row] != "" }

// art is the drawing of what happens.
func (s *seat) art() string {
	if s.handWait() {
		return waitArt[s.wait.Row]
	}
	switch s.step.Name {
	case report.StepBackup:
		return "copy"
	case report.StepAccounts:
		return "sign-out"
	case report.StepReset:
		return "erase"
	}
	return "look"
}

// progressed is how far the copy is, and for what the job waits.
func (s *seat) progressed() page.Progress {
	var p page.Progress
	if ev := s.progress; ev.Phase != "" {
		p.Done, p.Total = ev.BytesDone, ev.BytesTotal
		p.Text = message.Say("progress.files", "phase", job.Phase(ev.Phase),
			"done", amount.Digits(ev.FilesDone), "total", amount.Digits(ev.FilesTotal), "proved", amount.Digits(ev.Proved))
		if left, known := s.left(); known {
			p.Left = message.Say("desk.left", "time", left)
		}
	}
	if w := s.wait; w != nil && (w.Announce || w.Elapsed > 0 || s.handWait()) {
		p.Wait, p.Then = message.Say("wait.shown.unlimited", "what", w.Reason()), w.After()
		p.Clock = console.Clock(w.Elapsed)
		if w.Limit > 0 {
			p.Clock += " / " + console.Clock(w.Limit)
		}
	}
	return p
}

// left is how long the copy takes yet, at the speed it had so far.
func (s *seat) left() (message.Sentence, bool) {
	ev, took := s.progress, s.desk.o.Host.Now().Sub(s.since)
	if ev.BytesDone <= 0 || ev.BytesDone >= ev.BytesTotal || took < 3*time.Second {
		return message.Sentence{}, false
	}
	left := time.Duration(float64(took) * float64(ev.BytesTotal-ev.BytesDone) / float64(ev.BytesDone))
	if left < time.Minute {
		return amount.Span(left.Round(time.Second)), true
	}
	return amount.Span(left.Round(time.Minute)), true
}

func (s *seat) actions() page.Actions {
	a := page.Actions{ID: s.id, Stop: s.running() && !s.stopping, StopMeans: message.Say("desk.stop.means")}
	if s.giving != nil {
		return s.givingActions(a)
	}
	if s.running() {
		a.Helper = s.desk.o.Owner != nil && (s.hand || s.handWait())
		return a
	}
	switch {
	case !s.held().Empty(), s.state == adb.StateAbsent && !s.ended:
	case s.ended && s.verdict == report.VerdictReady:
	case s.ended || s.resumes():
		a.Start = message.Say("desk.resume")
	case s.state == adb.StateDevice:
		a.Start = message.Say("desk.start")
	}
	if !a.Start.Empty() && !s.erased() {
		a.Choices = s.choices()
	}
	return a
}

// resumes reports whether an earlier run left a case of this handset.
func (s *seat) resumes() bool { return s.unfinished }

func (s *seat) end() page.End {
	if !s.ended || s.running() || s.giving != nil || !s.held().Empty() {
		return page.End{}
	}
	e := page.End{Mood: page.Good, Verdict: s.verdictWord(), Case: s.caseID(), Folder: s.dir}
	if s.verdict != report.VerdictReady {
		e.Mood = page.Bad
	}
	for _, why := range s.reasons {
		item := page.Item{Says: job.Why(why)}
		if why.Resumes() {
			item.Next = message.Say("desk.resume.how")
		} else {
			item.Next = job.Next(why)
		}
		if !slices.ContainsFunc(e.Reasons, func(o page.Item) bool { return o.Says.String() == item.Says.String() }) {
			e.Reasons = append(e.Reasons, item)
		}
	}
	if s.verdict == report.VerdictReady {
		for _, f := range s.notes {
			e.Notes = append(e.Notes, page.Item{Says: f.Sentence(), Next: f.Advised()})
		}
	}
	if s.err != nil && !s.sealed {
		e.Error, e.Hints = message.Of(s.err), s.desk.o.Hints(s.err)
	}
	if s.dir != "" {
		e.Files = filesOf(s.dir)
		e.Open = s.desk.o.Open != nil && hasStart(s.dir)
	}
	return e
}

func (s *seat) verdictWord() message.Sentence {
	if s.verdict == "" {
		return message.Say("desk.ended")
	}
	word := s.verdict.Word()
	if s.desk.o.Demo || s.handset != nil && s.handset.Kind != report.KindDevice {
		return message.Say("outcome.emulated", "verdict", word)
	}
	return word
}

func (s *seat) outlook() page.Outlook {
	if s.looked == nil {
		return page.Outlook{}
	}
	o := page.Outlook{
		Shown: true, Open: s.step.Name == report.StepIdentify || s.looked.Stops(), Found: s.looked.Found,
		Blockers: itemsOf(s.looked.Blockers), Losses: itemsOf(s.looked.Losses),
	}
	if !s.looked.Stops() {
		o.Todo = itemsOf(s.looked.Todo)
	}
	return o
}

func itemsOf(all []outlook.Item) (items []page.Item) {
	for _, i := range all {
		items = append(items, page.Item{Says: i.Says, Next: i.Next})
	}
	return items
}

// lines are the messages and findings of the job, the last first.
func (s *seat) lines() (all []page.Line) {
	for _, l := range slices.Backward(s.log) {
		if l.finding == nil {
			all = append(all, page.Line{Text: l.text})
			continue
		}
		all = append(all, page.Line{Status: l.finding.Status, Text: l.finding.Sentence(), Next: l.finding.Advised()})
	}
	return all
}
