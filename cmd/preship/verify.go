package main

import (
	"context"

	"github.com/spf13/cobra"

	"preship/report"
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
	opts.addWait(cmd.Flags(), e)
	return cmd
}

func runVerify(ctx context.Context, e *env, g *globals, opts jobOptions) error {
	if opts.dir == "" {
		return usagef("say which job this is about: --case DIR")
	}
	j := newJob(e, g, opts)
	j.quiet = g.json
	if err := j.openCase(); err != nil {
		return err
	}
	defer j.close()
	if err := j.runStep(ctx, stepNamed(report.StepVerify)); err != nil {
		return err
	}
	if g.json {
		if err := e.printJSON(j.clean); err != nil {
			return err
		}
	} else {
		e.print("%s", j.clean.Rung.Title())
		e.print("this does not prove %s", j.clean.Rung.NotProved())
	}
	return outcome(codeOf(j.clean.Findings))
}
