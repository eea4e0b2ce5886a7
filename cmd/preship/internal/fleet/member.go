package fleet

import (
	"cmp"
	"context"
	"net"
	"slices"
	"strings"
	"time"

	"preship/adb/reset"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/worklist"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/policy"
	"preship/verify"
)

// tailLen is how many characters of a serial differ between handsets on a desk. It is less
// than what confirms a reset, which is to be read off the handset.
const tailLen = 4

// member is one handset of a fleet, as it is shown. The fleet's lock guards it.
type member struct {
	serial string
	tail   string // the end of the serial
	model  string // "" until it is known
	imei   []string
	ticket string // of its intake form; "" without a form
	dir    string // of its case; "" until there is one
	tokens []string

	step     job.StepBegun
	text     message.Sentence // what the job does now
	hand     bool             // text is for the person with the handset in hand
	asking   bool             // it waits for its question, or for the answer
	progress job.Progress     // the last of the step under way
	at       time.Time        // of progress
	since    time.Time        // when its phase began

	away  bool            // the adb server does not list it
	shown map[string]bool // what a person has read of it, also in an earlier job of this run

	done    bool
	left    bool // it was unplugged since
	verdict report.Verdict
	reasons []report.Reason
	ruling  *policy.Ruling // of the policy on its report; nil if there is no policy
	code    int
	err     error
}

// begin resets a member for a new job; its name stays.
func (m *member) begin() {
	*m = member{
		serial: m.serial, tail: m.tail, model: m.model, imei: m.imei, ticket: m.ticket, shown: m.shown,
		text: message.Say("fleet.beginning"),
	}
}

// name is what the handset is called to a person.
func (m *member) name() string { return strings.TrimSpace("…" + m.tail + " " + m.model) }

// imeiTail is the end of the first IMEI, shorter than what confirms a reset; "" if the
// IMEI is not known.
func (m *member) imeiTail() string {
	if len(m.imei) == 0 {
		return ""
	}
	return "…" + tailOf(m.imei[0], tailLen)
}

// lost reports whether the handset is not connected while its job needs it. After the
// confirmed reset a handset comes and goes by itself.
func (m *member) lost() bool {
	switch m.step.Name {
	case report.StepReset, report.StepVerify, report.StepReport:
		return m.away && m.asking
	}
	return m.away && !m.done
}

// fresh reports whether a person has not read these words about the member in this run,
// and remembers them.
func (m *member) fresh(words string) bool {
	if m.shown[words] {
		return false
	}
	if m.shown == nil {
		m.shown = map[string]bool{}
	}
	m.shown[words] = true
	return true
}

// tailOf is the end of a serial; of an address it is the port, and more of it
// where that is not enough.
func tailOf(serial string, n int) string {
	if _, port, err := net.SplitHostPort(serial); err == nil && n == tailLen {
		return ":" + port
	}
	runes := []rune(serial)
	return string(runes[max(0, len(runes)-n):])
}

// note takes what an event says about where the member stands.
func (m *member) note(ev job.Event, now time.Time) {
	if _, waits := ev.(job.Waiting); waits {
		return // the message before it stays
	}
	m.hand = false
	switch ev := ev.(type) {
	case job.Begun:
		m.dir = ev.Case
	case job.StepBegun:
		m.step, m.text, m.progress = ev, ev.Does, job.Progress{}
	case job.Said:
		m.text, m.hand, m.progress = ev.Text, ev.OnHandset, job.Progress{}
	case job.Progress:
		if ev.Over {
			return
		}
		if m.progress.Phase != ev.Phase {
			m.since = now
		}
		m.text, m.progress, m.at = job.Phase(ev.Phase), ev, now
	}
}

// place is the job of a member among the others, and the person it speaks with.
type place struct {
	*fleet
	m   *member
	job *job.Job
}

// takeTicket takes the ticket number from the intake form of the case, also of one that is
// not filled in to its end.
func (p *place) takeTicket(c *casedir.Case) {
	if d, ok, err := c.Draft(); ok && err == nil && d.Form.Ticket.ID != "" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.m.ticket = d.Form.Ticket.ID
	}
}

func (p *place) Tell(ev job.Event) {
	if shown, ok := ev.(job.Shown); ok {
		ev = job.Said{Text: shown.Text}
	}
	if _, begun := ev.(job.Begun); begun {
		p.takeTicket(p.job.Case())
	}
	if _, warned := ev.(job.Warned); !warned { // it would be the same for every handset
		p.take(p.m, ev)
	}
}

func (p *place) Interviews() bool { return false }

func (p *place) CanAsk() bool { return p.console.InTTY && !p.options.NoInput }

func (p *place) Ask(ctx context.Context, q job.Question) (string, error) { return p.ask(ctx, p.m, q) }

func (p *place) Turn(ctx context.Context, waiting func(), copying func(context.Context) error) error {
	return p.turns.Run(ctx, waiting, copying)
}

func (p *place) MayConfirm(typed string) error { return p.mayConfirm(p.m, typed) }

func (p *place) Listed(h report.Handset, serial string) (verify.Claims, error) {
	row, _, err := p.row(h, serial)
	return row.Claims(), err
}

// row finds the handset in the worklist.
func (p *place) row(h report.Handset, serial string) (worklist.Row, bool, error) {
	u := h.Unit()
	serials := slices.DeleteFunc([]string{p.m.serial, serial, u.SN}, func(s string) bool { return s == "" })
	return p.options.Worklist.Find(serials, u.IMEI)
}

// Identified takes who the handset is, and puts the answers of its row into the form of its
// case. Answers that somebody gave before stay.
func (p *place) Identified(h report.Handset, serial string, c *casedir.Case) error {
	p.knows(p.m, h, serial)
	if p.options.Worklist.Len() == 0 || c == nil {
		return nil
	}
	row, found, err := p.row(h, serial)
	if err != nil {
		return err
	}
	if !found {
		p.take(p.m, job.Said{Text: message.Say("worklist.not-listed")})
		return nil
	}
	d, _, err := c.Draft()
	if err != nil {
		return err
	}
	if row.Fill(&d.Form) {
		if err := c.KeepDraft(d); err != nil {
			return err
		}
	}
	p.takeTicket(c)
	return nil
}

// knows takes who a member says it is.
func (f *fleet) knows(m *member, h report.Handset, own string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if name := cmp.Or(h.MarketName, h.Model); name != nil {
		m.model = *name
	}
	u := h.Unit()
	m.imei = u.IMEI
	u.Serial = cmp.Or(own, u.Serial)
	m.tokens = reset.Tokens(u)
}

// prepare does the whole job on one member. The job is closed when it returns.
func (f *fleet) prepare(ctx context.Context, m *member) (*job.Job, error) {
	opts, at := f.options.Job, &place{fleet: f, m: m}
	opts.Serial, opts.Peers = m.serial, at
	return Prepare(ctx, f.host, f.client, Work{
		Person: at, Job: opts, Cases: f.cases, Guide: f.options.Guide, Sealed: f.options.Sealed,
		Begun: func(j *job.Job) { at.job = j },
	})
}

// finish takes down how the work on a member ended.
func (f *fleet) finish(ctx context.Context, m *member, j *job.Job, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	end := j.End()
	if err != nil && ctx.Err() != nil {
		err = job.ErrInterrupted
	}
	m.done, m.hand, m.asking, m.err, m.code = true, false, false, err, f.options.Codes.Of(err)
	if err == nil {
		m.code = f.options.Codes.OfEnd(end)
	}
	if c := j.Case(); c != nil {
		m.dir, m.verdict = c.Dir(), cmp.Or(end.Report.Verdict, report.VerdictIncomplete)
		m.ruling, m.reasons = end.Ruling, slices.Concat(end.Report.Reasons, console.Unmet(end.Ruling))
	}
	f.view.done(m)
}
