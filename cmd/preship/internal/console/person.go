package console

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"preship/backup/meter"
	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/message"
)

// Person is somebody at a terminal, as a job speaks with them.
type Person struct {
	c       *Console
	noInput bool
	silent  bool
	bar     *Bar

	announced time.Time // when the wait that was announced last began
}

// Person returns the person at this console. With noInput they are asked nothing.
func (c *Console) Person(noInput bool) *Person {
	return &Person{c: c, noInput: noInput, bar: c.NewBar()}
}

// Silent returns a person who is shown warnings and questions only, for a command
// that prints its answer as JSON.
func (c *Console) Silent(noInput bool) *Person {
	p := c.Person(noInput)
	p.silent = true
	return p
}

// Tell writes an event to standard error.
func (p *Person) Tell(ev job.Event) {
	if w, ok := ev.(job.Warned); ok {
		p.c.Warn(w.Text)
		return
	}
	if p.silent {
		return
	}
	switch ev := ev.(type) {
	case job.Begun:
		p.c.Case = ev.Case
		p.c.Say(message.Say("job.case", "folder", ev.Case))
	case job.Looked:
		p.c.Outlook(ev.Outlook)
	case job.StepBegun:
		name := p.c.Paint("1", fmt.Sprintf("%d/%d %s", ev.Number, ev.Of, p.c.Words(report.StepTitle(ev.Name))))
		p.c.Sayf("%s", Safe(name))
	case job.StepEnded:
		p.c.worthReading(ev.Fresh)
	case job.Said:
		p.c.Sayf("    %s", ev.Whole())
	case job.Shown:
		p.c.Sayf("    %s", ev.Text)
	case job.Waiting:
		p.waiting(ev)
	case job.Progress:
		if ev.Over {
			p.bar.Clear()
			return
		}
		p.bar.Show(p.c.measure(ev))
	}
}

// measure returns what the bar shows. When every byte is copied and the handset still
// hashes, it counts the files that are proved.
func (c *Console) measure(ev job.Progress) Measure {
	if ev.Phase == meter.PhaseCopying && ev.BytesDone >= ev.BytesTotal && ev.Proved < ev.FilesTotal {
		return Measure{
			Of: "proving", Done: ev.Proved, Total: ev.FilesTotal,
			Text: c.Words(message.Say("progress.proving", "proved", amount.Digits(ev.Proved), "total", amount.Digits(ev.FilesTotal))),
		}
	}
	if ev.Phase == meter.PhaseBugreport { // the handset counts its own work
		return Measure{Of: ev.Phase, Done: ev.BytesDone, Total: ev.BytesTotal, Text: c.Words(job.Phase(ev.Phase))}
	}
	if ev.Phase == meter.PhaseArchiving || ev.Phase == meter.PhaseFetching { // packs, not files
		return Measure{Of: ev.Phase, Done: ev.BytesDone, Total: ev.BytesTotal, Bytes: true, Text: c.Words(job.Phase(ev.Phase))}
	}
	return Measure{
		Of: ev.Phase, Done: ev.BytesDone, Total: ev.BytesTotal, Bytes: true,
		Text: c.Words(message.Say("progress.files", "phase", job.Phase(ev.Phase),
			"done", amount.Digits(ev.FilesDone), "total", amount.Digits(ev.FilesTotal), "proved", amount.Digits(ev.Proved))),
	}
}

// waiting says for what the job waits when that takes long enough to be noticed. On a
// terminal a clock runs below until it is over.
func (p *Person) waiting(ev job.Waiting) {
	switch {
	case ev.Over:
		p.c.clearLine()
	case ev.Announce:
		p.c.Sayf("    %s", ev.Says())
		p.announced = ev.Since
	case p.c.RedrawsErr() && p.announced.Equal(ev.Since) && !p.announced.IsZero() && ev.Elapsed > 0:
		clock := Clock(ev.Elapsed)
		if ev.Limit > 0 {
			clock = p.c.Words(message.Say("wait.clock", "elapsed", clock, "limit", Clock(ev.Limit)))
		}
		p.c.line("    " + clock)
	}
}

// Clock writes a span of time as a clock does: 1:05, or 1:00:05.
func Clock(d time.Duration) string {
	s := int(d / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// CanAsk reports whether standard input is a terminal and questions are allowed.
func (p *Person) CanAsk() bool { return p.c.InTTY && !p.noInput }

// Ask puts a question on the terminal.
func (p *Person) Ask(ctx context.Context, q job.Question) (string, error) {
	if p.noInput {
		return "", Usage(&UnaskedError{q.Flag})
	}
	question := "    " + p.c.Words(q.Text)
	if q.Flag == confirmFlag { // it stands out: the answer erases
		p.c.Sayf("")
		question = p.c.Paint("1;31", question)
	}
	answer, err := p.c.Ask(ctx, q.Flag, question)
	return answer, Usage(err)
}

// confirmFlag answers the question whose answer erases the handset.
const confirmFlag = "--confirm"

// Usage makes a [job.UsageError] of an [UnaskedError]; any other error stays.
//
//go:noinline
func Usage(err error) error {
	if u := (*UnaskedError)(nil); errors.As(err, &u) {
		return &job.UsageError{Cause: err, Flag: u.Flag}
	}
	return err
}

// statusColour is the SGR parameter of a status.
var statusColour = map[report.Status]string{
	report.StatusPass:    "32",
	report.StatusWarn:    "33",
	report.StatusFail:    "31",
	report.StatusUnknown: "33",
	report.StatusSkipped: "2",
}

// Findings writes to standard error the findings that a person must read, those that
// stop the job and the warnings, each with its remedy. Checks that passed
// are counted.
func (c *Console) Findings(fs report.Findings) {
	c.worthReading(fs)
	passed := 0
	for _, f := range fs {
		if f.Status == report.StatusPass {
			passed++
		}
	}
	if passed > 0 {
		c.Sayf("    %s%s", c.status(report.StatusPass), message.Say("amount.checks", "count", passed))
	}
}

// worthReading is [Console.Findings] without the checks that passed.
func (c *Console) worthReading(fs report.Findings) {
	for _, f := range fs {
		if !job.WorthReading(f) {
			continue
		}
		c.sayHung("    "+string(c.status(f.Status)), f.Sentence())
		if f.Remedy != "" {
			indent := strings.Repeat(" ", 4+statusColumns)
			c.sayHung(indent, f.Advised())
			c.SayCommand(indent, c.Case, f.Advised())
		}
	}
}

// SayCommand writes the command on a case that a sentence names, if it names one, ready to paste.
func (c *Console) SayCommand(indent, folder string, s message.Sentence) {
	if cmd := commandOn(folder, c.Words(s)); cmd != "" {
		c.Sayf("%s%s", Safe(indent), cmd)
	}
}

// sayHung is [Console.Say] with a head, escaped already, that no further line goes below.
func (c *Console) sayHung(head string, s message.Sentence) {
	head = Escape(c.Prefix) + head
	text, column := c.Words(s), Columns(head)
	if width := c.Width(); width > column+20 {
		text = strings.ReplaceAll(Wrap(text, width-column), "\n  ", "\n"+strings.Repeat(" ", column))
	}
	c.clearLine()
	fmt.Fprintln(c.Err, head+text)
}

// statusColumns is the width of the column of statuses.
const statusColumns = len("skipped ")

// status returns the word for a status in its colour, as wide as its column.
func (c *Console) status(s report.Status) Safe {
	word := c.Words(s.Word())
	return Safe(c.Paint(statusColour[s], word+strings.Repeat(" ", max(1, statusColumns-Columns(word)))))
}

// PaintStatus colours s as the status, where colour is allowed.
func (c *Console) PaintStatus(status report.Status, s string) string {
	return c.Paint(statusColour[status], s)
}
