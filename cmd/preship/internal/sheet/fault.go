package sheet

import (
	"preship/cmd/preship/internal/console"
	"preship/report"
	"preship/report/message"
	"preship/report/symptom"
)

// Fault prints what a person stated about a fault, and what the handset shows of it: signs
// of a fault first, and in one line its unknown values.
func Fault(c *console.Console, f report.Fault) {
	var rows [][]any
	for _, fact := range symptom.Facts(&f) {
		rows = append(rows, []any{fact.Name, fact.Value})
	}
	seen, silent := symptom.Findings(&f)
	for _, found := range seen {
		rows = append(rows, []any{symptom.CheckTitle(found.ID), seenOf(found)})
	}
	c.Table(rows)
	if !silent.Empty() {
		c.Print(message.Say("fault.not-shown", "parts", silent))
	}
	for _, found := range seen {
		if advice := found.Advised(); !advice.Empty() {
			c.Print(advice)
		}
	}
}

func seenOf(f report.Finding) message.Sentence {
	if seen := f.Seen(); !seen.Empty() {
		return message.Say("sheet.fault", "said", f.Sentence(), "seen", seen)
	}
	return f.Sentence()
}
