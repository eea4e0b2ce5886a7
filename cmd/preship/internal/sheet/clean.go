package sheet

import (
	"fmt"
	"text/tabwriter"

	"preship/cmd/preship/internal/console"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/verify"
)

// Clean prints every check after the reset, with what its pass does not prove.
func Clean(to *console.Console, c report.Clean) {
	w := tabwriter.NewWriter(to.Out, 0, 0, 2, ' ', 0)
	for _, f := range c.Findings {
		open := ""
		if row, _ := check.ByID(f.ID); row.NotProved != "" && f.Status == report.StatusPass && f.ID != verify.CheckRung {
			open = "(not " + message.Say(row.NotProved).String() + ")"
		}
		fmt.Fprintln(w, console.Sprintf("%s\t%s\t%s", string(f.Status), f.Summary, open))
	}
	_ = w.Flush() // standard output; whoever reads it may stop when they like
	to.Printf("in all: %s", c.Rung.Title())
	to.Printf("this does not prove %s", c.Rung.NotProved())
}
