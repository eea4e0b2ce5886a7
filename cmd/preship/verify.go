package main

import (
	"context"

	"github.com/spf13/cobra"

	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/sheet"
	"preship/report"
	"preship/report/policy"
)

func newVerifyCmd(e *env, g *globals) *cobra.Command {
	var opts jobOptions
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check that the handset came back clean after the reset",
		Long: "Checks the handset after the reset and shows how much that proves. For the strongest proof, set the handset up\n" +
			"without an account and switch USB debugging on. It can be run days later on the same case.",
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
		sheet.Clean(e.Console, clean)
		e.Ruling(ruling)
	}
	code := codeOf(clean.Findings)
	if code == exitReady && ruling != nil && !ruling.Met {
		code = exitNotReady
	}
	return outcome(code)
}
