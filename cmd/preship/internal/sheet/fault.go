package sheet

import (
	"preship/cmd/preship/internal/console"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/report/symptom"
)

// Fault prints what a person stated about a fault, and what the handset shows of it: signs
// of a fault first, and in one line what it does not show.
func Fault(c *console.Console, f report.Fault) {
	var rows [][]any
	for _, fact := range symptom.Facts(&f) {
		rows = append(rows, []any{fact.Name, fact.Value})
	}
	var silent []message.Sentence
	for _, status := range []report.Status{report.StatusWarn, report.StatusPass, report.StatusUnknown} {
		for _, found := range f.Findings {
			switch {
			case found.Status != status:
			case status == report.StatusUnknown && found.ObservedMessage == nil:
				silent = append(silent, titleOf(found.ID))
			default:
				rows = append(rows, []any{titleOf(found.ID), seenOf(found)})
			}
		}
	}
	c.Table(rows)
	if len(silent) > 0 {
		c.Print(message.Say("fault.not-shown", "parts", message.Join(message.Comma, silent...)))
	}
	for _, found := range f.Findings {
		if advice := found.Advised(); !advice.Empty() {
			c.Print(advice)
		}
	}
}

func titleOf(id string) message.Sentence {
	if row, ok := check.ByID(id); ok {
		return message.Say(row.Title)
	}
	return message.AsIs(id)
}

func seenOf(f report.Finding) message.Sentence {
	if seen := f.Seen(); !seen.Empty() {
		return message.Say("sheet.fault", "said", f.Told(), "seen", seen)
	}
	return f.Told()
}
