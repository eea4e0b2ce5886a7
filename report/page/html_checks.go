package page

import (
	"html/template"
	"slices"

	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/report/pattern"
)

// stepRows are the checks of a step on the page.
type stepRows struct {
	report.StepRecord
	Rows  []checkRow
	Tally []tally // of the answers; those that do not occur are left out
}

// tally is how often an answer occurs.
type tally struct {
	Status report.Status
	Count  int
}

// checkRow is one check on the page. A finding shown above it is not repeated: the row
// then has the title of its check.
type checkRow struct {
	report.Finding
	Title string // of a check whose sentence is not in the page's language
	Text  spoken
	Next  *spoken
}

// saying is what a sentence on the page is about. Two findings with the same are one
// sentence.
type saying struct{ check, text string }

// saidAbove are the sentences that the page has before its lists of checks.
func saidAbove(reasons []report.Reason, findings ...[]report.Finding) map[saying]bool {
	said := map[saying]bool{}
	for _, why := range reasons {
		said[saying{why.Check, why.What}] = true
	}
	for _, f := range slices.Concat(findings...) {
		said[saying{f.ID, f.Summary}] = true
	}
	return said
}

// row makes the row of a finding, and remembers that its sentence is on the page.
func (l lang) row(f report.Finding, said map[saying]bool) checkRow {
	row := checkRow{Finding: f, Text: l.told(f)}
	key := saying{f.ID, f.Summary}
	if known, ok := check.ByID(f.ID); ok && said[key] {
		if row.Text = (spoken{Text: l.text(known.Title)}); f.Status.OrUnknown() != report.StatusPass {
			row.Text.Text = l.text("page.above", "check", message.Say(known.Title)) // a title says what a pass says
		}
		return row
	}
	said[key] = true
	row.Title = l.checkTitle(f)
	if f.Status.OrUnknown() != report.StatusPass {
		row.Next = l.advised(f)
	}
	return row
}

// lockRows are the accounts and locks before the reset, each named as its check does. A
// lock that is not off says how it is removed.
func (l lang) lockRows(r *report.Report, said map[saying]bool) (rows []checkRow) {
	if r.Accounts == nil {
		return nil
	}
	findings := r.Step(report.StepAccounts).Findings
	for _, lock := range r.Accounts.Locks {
		f, ok := findings.ByID(lock.ID)
		if !ok {
			f = report.Finding{ID: lock.ID}
			f.Tell(message.AsIs(lock.ID))
			if known, ok := check.ByID(lock.ID); ok {
				f.Tell(message.Say(known.Title))
			}
		}
		above := said[saying{f.ID, f.Summary}]
		f.Status, f.Method = lock.Status, lock.Method
		row := l.row(f, said)
		if off := lock.Status == report.StatusPass || lock.Status == report.StatusSkipped; !off && !above && !lock.Removed().Empty() {
			row.Next = l.some(lock.Removed())
		}
		rows = append(rows, row)
	}
	return rows
}

// stepRows are all checks by step.
func (l lang) stepRows(r *report.Report, said map[saying]bool) (steps []stepRows) {
	for _, s := range r.Steps {
		step := stepRows{StepRecord: s}
		for _, f := range s.Findings {
			step.Rows = append(step.Rows, l.row(f, said))
		}
		for _, status := range []report.Status{report.StatusFail, report.StatusUnknown, report.StatusWarn, report.StatusSkipped, report.StatusPass} {
			n := 0
			for _, f := range s.Findings {
				if f.Status.OrUnknown() == status {
					n++
				}
			}
			if n > 0 {
				step.Tally = append(step.Tally, tally{status, n})
			}
		}
		steps = append(steps, step)
	}
	return steps
}

// numbers writes a text with each IMEI in it so that no line breaks inside it.
func numbers(s string) template.HTML {
	return template.HTML(imeiInText().ReplaceAllString(template.HTMLEscapeString(s), `<span class="imei">$0</span>`)) // escaped before
}

var imeiInText = pattern.New(`[0-9]{15,16}`)
