package main

import (
	"context"

	"github.com/spf13/cobra"

	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/sheet"
)

func newAccountsCmd(e *env, g *globals) *cobra.Command {
	var opts jobOptions
	cmd := &cobra.Command{
		Use:   "accounts",
		Short: "Show what locks the handset, and how to remove it",
		Long: "Lists every account and lock that would keep a repairer out, and how the owner removes each one. preship has no\n" +
			"way around a lock. With --wait it opens the right page on the handset and waits until the lock is gone.",
		RunE: func(cmd *cobra.Command, _ []string) error { return runAccounts(cmd.Context(), e, g, opts) },
	}
	cmd.Flags().StringVar(&opts.Dir, "case", "", "keep the answers in this case")
	cmd.Flags().DurationVar(&opts.Wait, "wait", 0, "open the pages on the handset and wait this long for the owner")
	opts.addAttest(cmd.Flags())
	opts.addOnline(cmd.Flags())
	return cmd
}

func runAccounts(ctx context.Context, e *env, g *globals, opts jobOptions) error {
	j := job.New(host(e, g), e.person(g), opts.of(e, g))
	defer j.Close()
	locks, err := j.Accounts(ctx)
	if err != nil {
		return err
	}
	if g.json {
		if err := e.PrintJSON(locks); err != nil {
			return err
		}
	} else {
		sheet.Locks(e.Console, locks)
	}
	return outcome(codeOf(locks.Findings))
}
