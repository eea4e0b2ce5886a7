package sheet

import (
	"fmt"
	"slices"
	"text/tabwriter"

	"preship/adb/handset/locks"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/check"
	"preship/verify"
)

// Locks prints what was seen of the locks, and what to do about them, in the order in
// which it has to be done.
func Locks(c *console.Console, a report.Accounts) {
	w := tabwriter.NewWriter(c.Out, 0, 0, 2, ' ', 0)
	for _, f := range a.Findings {
		fmt.Fprintln(w, console.Sprintf("%s\t%s\t%s", string(f.Status), f.Summary, f.ID))
	}
	_ = w.Flush() // standard output; whoever reads it may stop when they like
	todo := slices.DeleteFunc(slices.Clone(a.Findings), func(f report.Finding) bool { return !worthDoing(f) })
	if len(todo) == 0 {
		return
	}
	c.Printf("")
	c.Printf("what to do, in this order:")
	for i, f := range todo {
		c.Printf("%3d. %s: %s", i+1, check.Title(f.ID), f.Remedy)
	}
}

// worthDoing says whether a finding asks its owner for something: what stands in
// the way, what they would regret to leave, and the account's web page.
func worthDoing(f report.Finding) bool {
	row := locks.ByID(f.ID)
	minor := row != nil && row.Weight == locks.Minor
	return f.Remedy != "" && (job.Stands(f) || f.Status == report.StatusWarn && !minor || f.ID == verify.CheckUnlinked)
}
