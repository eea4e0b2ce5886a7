package main

import (
	"context"
	"fmt"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"preship/adb/handset"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/check"
	"preship/verify"
)

func newAccountsCmd(e *env, g *globals) *cobra.Command {
	var opts jobOptions
	cmd := &cobra.Command{
		Use:   "accounts",
		Short: "show which accounts and locks would keep a repairer out, and how to remove them",
		Long: "accounts looks for everything that would keep a repairer out. it has no way around a lock: it says how\n" +
			"the owner removes each one. with --wait it opens the right page on the handset and waits until it is gone.",
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
		e.printLocks(locks)
	}
	return outcome(codeOf(locks.Findings))
}

// printLocks is what a person reads: what was seen, and what to do about it, in
// the order in which it has to be done.
func (e *env) printLocks(a report.Accounts) {
	w := tabwriter.NewWriter(e.Out, 0, 0, 2, ' ', 0)
	for _, f := range a.Findings {
		fmt.Fprintln(w, console.Sprintf("%s\t%s\t%s", string(f.Status), f.Summary, f.ID))
	}
	_ = w.Flush() // standard output; whoever reads it may stop when they like
	todo := slices.DeleteFunc(slices.Clone(a.Findings), func(f report.Finding) bool { return !worthDoing(f) })
	if len(todo) == 0 {
		return
	}
	e.Printf("")
	e.Printf("what to do, in this order:")
	for i, f := range todo {
		e.Printf("%3d. %s: %s", i+1, check.Title(f.ID), f.Remedy)
	}
}

// worthDoing says whether a finding asks its owner for something: what stands in
// the way, what they would regret to leave, and the account's web page.
func worthDoing(f report.Finding) bool {
	row := handset.LockByID(f.ID)
	minor := row != nil && row.Weight == handset.Told
	return f.Remedy != "" && (job.Stands(f) || f.Status == report.StatusWarn && !minor || f.ID == verify.CheckUnlinked)
}
