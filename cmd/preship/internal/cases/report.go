package cases

import (
	"cmp"
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"preship/cmd/preship/internal/amount"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/report/page"
	"preship/report/printable"
	"preship/report/register"
)

// ReportOptions say which cases a report is about, and where it goes.
type ReportOptions struct {
	Filter   register.Filter
	Language string // of the PDF
	// CSV and PDF make the file that is then written; nil: not asked for.
	CSV, PDF func(write func(io.Writer) error) error
}

// Reported is the object `preship cases report --json` prints.
type Reported struct {
	Cases    int            `json:"cases"`
	Verdicts map[string]int `json:"verdicts"` // "" counts cases that are not sealed
	Since    *time.Time     `json:"since"`
}

// Report writes a batch of cases for a desk's own books: as CSV, as PDF, or both. IMEIs are
// there by their last four digits alone.
func (f *Folder) Report(ctx context.Context, o ReportOptions) (Reported, error) {
	all, err := f.List(ctx, o.Filter, false)
	if err != nil {
		return Reported{}, err
	}
	r := Reported{Cases: len(all), Verdicts: map[string]int{}}
	if !o.Filter.Since.IsZero() {
		r.Since = &o.Filter.Since
	}
	for i := range all {
		r.Verdicts[string(all[i].Verdict)]++
	}
	if o.CSV != nil {
		if err := o.CSV(func(to io.Writer) error { return writeReport(to, all) }); err != nil {
			return r, err
		}
	}
	if o.PDF == nil {
		return r, nil
	}
	b, err := f.drawReport(o, r, all)
	if err != nil {
		return r, err
	}
	return r, o.PDF(func(to io.Writer) error {
		_, err := to.Write(b)
		return err
	})
}

// reportColumns are the columns of the CSV; their names are for programs and stay.
var reportColumns = []struct {
	name  string
	value func(*register.Entry) string
}{
	{"id", func(e *register.Entry) string { return e.ID }},
	{"ticket", func(e *register.Entry) string { return e.Ticket }},
	{"model", func(e *register.Entry) string { return modelOf(e) }},
	{"imei_tail", imeiTail},
	{"verdict", func(e *register.Entry) string { return string(e.Verdict) }},
	{"stand", func(e *register.Entry) string { return string(e.Stand()) }},
	{"started", func(e *register.Entry) string { return stamp(e.Started) }},
	{"updated", func(e *register.Entry) string { return stamp(e.Updated) }},
	{"data", func(e *register.Entry) string { word, _ := dataState(e); return word }},
	{"bytes", func(e *register.Entry) string {
		if e.Backup.Bytes == nil {
			return ""
		}
		return strconv.FormatInt(*e.Backup.Bytes, 10)
	}},
	{"handed_back", func(e *register.Entry) string { return stampOf(e.Backup.HandedBack) }},
	{"deleted", func(e *register.Entry) string { return stampOf(e.Backup.Deleted) }},
	{"locks", func(e *register.Entry) string {
		ids, known := locksLeft(e)
		if !known {
			return "unknown"
		}
		return cmp.Or(strings.Join(ids, " "), "off")
	}},
	{"desk", func(e *register.Entry) string { return e.Desk }},
}

// writeReport writes the CSV row by row. The text is UTF-8 with a byte order mark, as that
// of [Folder.CSV].
func writeReport(to io.Writer, all []register.Entry) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return err
	}
	w := csv.NewWriter(to)
	w.UseCRLF = true
	row := make([]string, len(reportColumns))
	for i, c := range reportColumns {
		row[i] = c.name
	}
	for i := -1; i < len(all); i++ {
		if i >= 0 {
			for n, c := range reportColumns {
				row[n] = printable.Cell(c.value(&all[i]))
			}
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// drawReport draws the PDF.
func (f *Folder) drawReport(o ReportOptions, r Reported, all []register.Entry) ([]byte, error) {
	say := func(s message.Sentence) string { text, _ := s.In(o.Language); return text }
	title := message.Say("cases.report.title", "count", r.Cases)
	if r.Since != nil {
		title = message.Say("cases.report.title.since", "count", r.Cases, "date", day(*r.Since))
	}
	var counts []message.Sentence
	for _, v := range []report.Verdict{report.VerdictReady, report.VerdictNotReady, report.VerdictFailed, report.VerdictIncomplete, ""} {
		if n := r.Verdicts[string(v)]; n > 0 {
			word := v.Word()
			if v == "" {
				word = message.Say("cases.report.unsealed")
			}
			counts = append(counts, message.Join(message.Colon, word, message.AsIs(strconv.Itoa(n))))
		}
	}
	l := page.List{
		Language: o.Language, Title: say(title), Rows: len(all), At: f.Now(),
		Notes:  []string{say(message.Join(message.Semicolon, counts...)), say(message.Say("cases.report.note", "date", f.Now().Local().Format("2006-01-02 15:04")))},
		Widths: []float64{41, 28, 40, 15, 24, 21, 21, 44, 36},
	}
	for _, id := range []message.ID{
		"cases.column.case", "cases.column.ticket", "cases.column.handset", "cases.column.imei", "cases.column.verdict",
		"cases.column.started", "cases.column.updated-day", "cases.column.held", "cases.column.locks",
	} {
		l.Heads = append(l.Heads, say(message.Say(id)))
	}
	rows := reportRows(all, say)
	all = nil // 20,000 entries are not needed beside as many rows of a PDF
	return page.ListPDF(l, slices.Values(rows))
}

// reportRows returns the cells of the cases. Equal texts are one: there are few of most
// columns, and the entries take five times as much memory.
func reportRows(all []register.Entry, say func(message.Sentence) string) [][]string {
	texts := map[string]string{}
	one := func(text string) string {
		if same, ok := texts[text]; ok {
			return same
		}
		text = strings.Clone(text) // not a part of the entry's
		texts[text] = text
		return text
	}
	rows := make([][]string, len(all))
	for i := range all {
		e := &all[i]
		verdict := "-"
		if e.Verdict != "" {
			verdict = say(e.Verdict.Word())
		}
		_, data := dataState(e)
		rows[i] = []string{
			strings.Clone(cmp.Or(e.ID, e.Path)), one(cmp.Or(e.Ticket, "-")), one(say(handsetOf(*e))), one(cmp.Or(imeiTail(e), "-")), one(verdict),
			one(dayOf(e.Started)), one(dayOf(e.Updated)), one(say(data)), one(say(locksWords(e))),
		}
	}
	return rows
}

func modelOf(e *register.Entry) string { return cmp.Or(e.MarketName, e.Model) }

// tailDigits are fewer than what confirms a reset, and enough to tell handsets on a desk apart.
const tailDigits = 4

// imeiTail returns the end of the first IMEI; empty if there is none.
func imeiTail(e *register.Entry) string {
	if len(e.IMEI) == 0 || len(e.IMEI[0]) < tailDigits {
		return ""
	}
	return "…" + e.IMEI[0][len(e.IMEI[0])-tailDigits:]
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return day(t)
}

func stampOf(t *time.Time) string {
	if t == nil {
		return ""
	}
	return stamp(*t)
}

// dataState returns where the saved data of a case is, as a word for programs and for people.
func dataState(e *register.Entry) (word string, told message.Sentence) {
	switch b := &e.Backup; {
	case e.Gone:
		return "unknown", message.Say("cases.report.data.gone")
	case e.Problem != "":
		return "unknown", message.Say("cases.report.data.unreadable")
	case b.Deleted != nil:
		return "deleted", message.Say("cases.report.data.deleted", "date", day(*b.Deleted))
	case b.Deleting != nil:
		return "deleting", message.Say("cases.stand.deleting")
	case b.Held && b.HandedBack != nil:
		return "handed-back", message.Say("cases.stand.handed-back", "date", day(*b.HandedBack))
	case b.Held && b.Archived != "":
		return "here-and-archived", message.Say("cases.report.data.both")
	case b.Archived != "":
		return "archived", message.Say("cases.report.data.archived")
	case b.Held && b.Bytes != nil:
		return "here", amount.Bytes(*b.Bytes)
	case b.Held:
		return "here", message.Say("cases.held.some")
	}
	return "none", message.AsIs("-")
}

// lockNames are the short names of locks, by their checks.
var lockNames = map[string]message.ID{
	check.AccountMiSignedOut: "cases.lock.mi", check.AccountGoogleSignedOut: "cases.lock.google", check.LockFindDeviceOff: "cases.lock.find-device",
	check.LockDebtNone: "cases.lock.debt", check.LockFRPClear: "cases.lock.frp", check.LockOwnerNone: "cases.lock.owner",
	check.LockResetAllowed: "cases.lock.reset", check.LockRepairModeOff: "cases.lock.repair-mode",
	check.AccountMiUnlinked: "cases.lock.unlinked",
}

// locksLeft returns the checks of locks that keep a handset from being posted and were not
// seen to be off. known is false if not checked.
func locksLeft(e *register.Entry) (ids []string, known bool) {
	for _, id := range e.Locks {
		if row, ok := check.ByID(id); !ok || row.Required {
			ids = append(ids, id)
		}
	}
	return ids, e.Locks != nil
}

func locksWords(e *register.Entry) message.Sentence {
	ids, known := locksLeft(e)
	switch {
	case !known:
		return message.Say("cases.report.locks.unknown")
	case len(ids) == 0:
		return message.Say("cases.report.locks.off")
	}
	var names []message.Sentence
	for _, id := range ids {
		if name, ok := lockNames[id]; ok {
			names = append(names, message.Say(name))
		} else {
			names = append(names, message.AsIs(id))
		}
	}
	return message.List(names, 0)
}

// Sentence returns one line about a report that was written to these files, or printed.
func (r Reported) Sentence(files []string) message.Sentence {
	if len(files) == 0 {
		return message.Say("cases.report.title", "count", r.Cases)
	}
	return message.Say("cases.report.written", "count", r.Cases, "files", strings.Join(files, ", "))
}
