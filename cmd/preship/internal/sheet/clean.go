package sheet

import (
	"preship/cmd/preship/internal/console"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/verify"
)

// Clean prints every check after the reset, with what its pass does not prove.
func Clean(to *console.Console, c report.Clean) {
	var rows [][]any
	for _, f := range c.Findings {
		var open any = ""
		if row, _ := check.ByID(f.ID); row.NotProved != "" && f.Status == report.StatusPass && f.ID != verify.CheckRung {
			open = message.Say("sheet.not-proved", "what", message.Say(row.NotProved))
		}
		rows = append(rows, []any{f.Status.Word(), f.Sentence(), open})
	}
	to.Table(rows)
	to.Print(message.Say("sheet.rung", "rung", c.Rung.Title()))
	to.Print(message.Say("sheet.rung.open", "open", c.Rung.NotProved()))
}
