package sheet

import (
	"slices"

	"preship/adb/handset/locks"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/verify"
)

// Locks prints the state of the locks, and what to do about them, in the order in
// which it must be done.
func Locks(c *console.Console, a report.Accounts) {
	var rows [][]any
	for _, f := range a.Findings {
		rows = append(rows, []any{f.Status.Word(), f.Sentence(), f.ID})
	}
	c.Table(rows)
	todo := slices.DeleteFunc(slices.Clone(a.Findings), func(f report.Finding) bool { return !worthDoing(f) })
	if len(todo) == 0 {
		return
	}
	var steps []message.Sentence
	for _, f := range todo {
		steps = append(steps, message.Join(message.Colon, check.Title(f.ID), f.Advised()))
	}
	c.Printf("")
	c.Print(message.Say("sheet.todo"))
	c.List(steps)
}

// worthDoing says whether a finding asks its owner for something: a finding that stops
// the job, one they would regret, and the account's web page.
func worthDoing(f report.Finding) bool {
	row := locks.ByID(f.ID)
	minor := row != nil && row.Weight == locks.Minor
	return f.Remedy != "" && (job.Stands(f) || f.Status == report.StatusWarn && !minor || f.ID == verify.CheckUnlinked)
}
