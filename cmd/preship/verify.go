package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"preship/cmd/preship/internal/console"
	"preship/report"
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
	cmd.Flags().StringVar(&opts.dir, "case", "", "the case this handset belongs to")
	opts.online.add(cmd.Flags())
	opts.addWait(cmd.Flags(), e)
	addTimeout(cmd.Flags(), &opts.timeout)
	g.addTestOutputs(cmd.Flags())
	return cmd
}

func runVerify(ctx context.Context, e *env, g *globals, opts jobOptions) error {
	if opts.dir == "" {
		return usagef("say which job this is about: --case DIR")
	}
	if err := opts.online.check(); err != nil {
		return err
	}
	j := newJob(e, g, opts)
	j.quiet = g.json
	if err := j.openCase(); err != nil {
		return err
	}
	defer j.close()
	if err := g.tryOutputs(); err != nil {
		return err
	}
	err := j.within(ctx, func(ctx context.Context) error { return j.runStep(ctx, stepNamed(report.StepVerify)) })
	if err := errors.Join(err, j.writeStepOutputs(report.StepVerify)); err != nil {
		return err
	}
	if g.json {
		if err := e.PrintJSON(struct {
			report.Clean
			Policy *report.Ruling `json:"policy,omitempty"`
		}{j.clean, j.ruling}); err != nil {
			return err
		}
	} else {
		e.printClean(j.clean)
		e.tellRuling(j.ruling)
	}
	return outcome(j.codeOfStep(codeOf(j.clean.Findings)))
}

// printClean is what a person reads: every check with what its pass leaves open.
func (e *env) printClean(c report.Clean) {
	w := tabwriter.NewWriter(e.Out, 0, 0, 2, ' ', 0)
	for _, f := range c.Findings {
		open := ""
		if row, _ := verify.CheckByID(f.ID); row.NotProved != "" && f.Status == report.StatusPass && f.ID != verify.CheckRung {
			open = "(not " + row.NotProved + ")"
		}
		fmt.Fprintln(w, console.Sprintf("%s\t%s\t%s", string(f.Status), f.Summary, open))
	}
	_ = w.Flush() // standard output; whoever reads it may stop when they like
	e.Print("in all: %s", c.Rung.Title())
	e.Print("this does not prove %s", c.Rung.NotProved())
}
