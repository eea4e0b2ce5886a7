package fleet

import (
	"slices"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/events"
	"preship/report"
	"preship/report/message"
)

// end shows how each job ended, and returns the exit code. err is why no more
// handsets were looked for; without any handset it is returned.
func (f *fleet) end(err error) (code int, _ error) {
	if len(f.members) == 0 && err != nil {
		return 0, err
	}
	rows := make([]events.Row, 0, len(f.members))
	codes := []int{f.options.Codes.Of(err)}
	for _, m := range f.members {
		row := events.Row{Serial: m.serial, Model: m.model, IMEI: m.imei, Ticket: m.ticket, Case: m.dir, Verdict: m.verdict, Exit: m.code}
		if m.err != nil {
			row.Error, row.Reason = console.Escape(m.err.Error()), f.options.Codes.Reason(m.err)
		}
		rows, codes = append(rows, row), append(codes, m.code)
	}
	code = f.options.Codes.Worst(codes)
	if f.options.JSON {
		events.NewLog(f.console).Write(events.Event{Event: "summary", Handsets: &rows, Exit: &code})
		return code, nil
	}
	f.table()
	if err != nil {
		f.console.Warnf("%v", err)
	}
	if unfinished := slices.ContainsFunc(rows, func(r events.Row) bool { return r.Verdict != report.VerdictReady }); unfinished {
		f.console.Say(message.Say("fleet.resume"))
	}
	return code, nil
}

// table is a line for each handset: its name, its numbers, how it ended, and its case.
func (f *fleet) table() {
	var rows [][]any
	for _, m := range f.members {
		rows = append(rows, []any{m.name(), m.numbers(), m.outcome(), m.dir})
	}
	f.console.Table(rows)
}
