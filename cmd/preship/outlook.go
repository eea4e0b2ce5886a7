package main

import (
	"context"

	"github.com/spf13/cobra"

	"preship/cmd/preship/internal/events"
	"preship/cmd/preship/internal/job"
)

func newOutlookCmd(e *env, g *globals) *cobra.Command {
	var opts jobOptions
	cmd := &cobra.Command{
		Use:   "outlook",
		Short: "Show what stops prepare, what is lost, and what you will do",
		Long: "Reads the handset and this computer. It changes nothing and asks nothing. Give it the flags that prepare will get.\n" +
			"To measure the speed it reads at most 8 MiB of one file, and keeps nothing of it. prepare --look does the same.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := opts.CheckLook(); err != nil {
				return err
			}
			return runOutlook(cmd.Context(), e, g, opts)
		},
	}
	f := cmd.Flags()
	f.StringVar(&opts.Dir, "case", "", "look at what is left to do of this case")
	f.StringVar(&opts.Out, "out", "", "the folder that the case will be begun in, to see whether the data fits")
	opts.addClaims(f)
	opts.addTake(f)
	opts.addReset(f)
	opts.addAttest(f)
	addTimeout(f, &opts.Timeout)
	return cmd
}

// runOutlook prints the outlook of one handset. What stops a job is exit code 3.
func runOutlook(ctx context.Context, e *env, g *globals, opts jobOptions) error {
	j := job.New(host(e, g), e.Silent(g.noInput), opts.of(e, g))
	defer j.Close()
	err := j.Within(ctx, func(ctx context.Context) error {
		o, err := j.Outlook(ctx)
		if err != nil {
			return err
		}
		if g.json {
			events.NewLog(e.Console).Write(events.Looked(o))
		} else {
			e.PrintOutlook(o)
		}
		if o.Stops() {
			return outcome(exitNotReady)
		}
		return nil
	})
	return err
}
