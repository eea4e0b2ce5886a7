package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/report/policy"
	"preship/verify"
)

func newVerifyCmd(e *env, g *globals) *cobra.Command {
	var opts jobOptions
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "check that the handset came back clean after the reset",
		Long: "verify looks at the handset after the reset and says how much that proves. set it up without any account\n" +
			"and turn USB debugging on for the strongest proof. it can be run days later on the same case.",
		RunE: func(cmd *cobra.Command, _ []string) error { return runVerify(cmd.Context(), e, g, opts) },
	}
	cmd.Flags().StringVar(&opts.Dir, "case", "", "the case this handset belongs to")
	opts.addOnline(cmd.Flags())
	opts.addWait(cmd.Flags(), e)
	addTimeout(cmd.Flags(), &opts.Timeout)
	g.addOutputs(cmd.Flags())
	return cmd
}

func runVerify(ctx context.Context, e *env, g *globals, opts jobOptions) error {
	j := job.New(host(e, g), e.person(g), opts.of(e, g))
	defer j.Close()
	clean, err := j.Verify(ctx)
	if err != nil {
		return err
	}
	ruling := j.End().Ruling
	if g.json {
		if err := e.PrintJSON(struct {
			report.Clean
			Policy *policy.Ruling `json:"policy,omitempty"`
		}{clean, ruling}); err != nil {
			return err
		}
	} else {
		e.printClean(clean)
		e.Ruling(ruling)
	}
	code := codeOf(clean.Findings)
	if code == exitReady && ruling != nil && !ruling.Met {
		code = exitNotReady
	}
	return outcome(code)
}

// printClean is what a person reads: every check with what its pass leaves open.
func (e *env) printClean(c report.Clean) {
	w := tabwriter.NewWriter(e.Out, 0, 0, 2, ' ', 0)
	for _, f := range c.Findings {
		open := ""
		if row, _ := check.ByID(f.ID); row.NotProved != "" && f.Status == report.StatusPass && f.ID != verify.CheckRung {
			open = "(not " + message.Say(row.NotProved).String() + ")"
		}
		fmt.Fprintln(w, console.Sprintf("%s\t%s\t%s", string(f.Status), f.Summary, open))
	}
	_ = w.Flush() // standard output; whoever reads it may stop when they like
	e.Printf("in all: %s", c.Rung.Title())
	e.Printf("this does not prove %s", c.Rung.NotProved())
}
