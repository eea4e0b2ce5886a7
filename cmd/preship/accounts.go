package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"preship/adb/handset"
	"preship/report"
	"preship/verify"
)

// lookAgainEvery is how often a handset is asked whether an account is gone: a
// person who signs out should see preship notice while still looking at it.
const lookAgainEvery = time.Second

func newAccountsCmd(e *env, g *globals) *cobra.Command {
	var opts jobOptions
	cmd := &cobra.Command{
		Use:   "accounts",
		Short: "show which accounts and locks would keep a repairer out, and how to remove them",
		Long: "accounts looks for everything that would keep a repairer out. it has no way around a lock: it says how\n" +
			"the owner removes each one. with --wait it opens the right page on the handset and waits until it is gone.",
		RunE: func(cmd *cobra.Command, _ []string) error { return runAccounts(cmd.Context(), e, g, opts) },
	}
	cmd.Flags().StringVar(&opts.dir, "case", "", "keep the answers in this case")
	cmd.Flags().DurationVar(&opts.wait, "wait", 0, "open the pages on the handset and wait this long for the owner")
	return cmd
}

func runAccounts(ctx context.Context, e *env, g *globals, opts jobOptions) error {
	j := newJob(e, g, opts)
	j.quiet = true
	if err := j.openNamedCase(); err != nil {
		return err
	}
	defer j.close()
	if err := j.runStep(ctx, stepNamed(report.StepAccounts)); err != nil {
		return err
	}
	if g.json {
		if err := e.printJSON(j.locks); err != nil {
			return err
		}
	} else {
		e.printLocks(j.locks)
	}
	return outcome(codeOf(j.locks.Findings))
}

func (j *job) accounts(ctx context.Context) (any, report.Findings, error) {
	if err := j.known(ctx); err != nil {
		return nil, nil, err
	}
	if err := j.waitForOwner(ctx); err != nil {
		return nil, nil, err
	}
	locks, findings, err := verify.Locks(ctx, j.reader(), j.identity)
	locks.Findings = findings
	j.locks = locks
	return locks, findings, err
}

// known makes sure that this run has read who the connected handset is.
func (j *job) known(ctx context.Context) error {
	if err := j.connect(ctx); err != nil {
		return err
	}
	if j.handset.Serial != "" {
		return nil
	}
	_, _, err := j.identify(ctx)
	return err
}

// waitForOwner opens the page of each lock its owner can remove and looks again
// until none is left or the time is up. What it asks meanwhile is not evidence;
// the look after it is.
func (j *job) waitForOwner(ctx context.Context) error {
	if j.opts.wait <= 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, j.opts.wait)
	defer cancel()
	look := &recorder{device: j.device, now: j.env.now}
	asked := map[string]bool{}
	for {
		locks, _, err := verify.Locks(ctx, look, j.identity)
		if err != nil {
			return j.unlessTimeUp(ctx, err)
		}
		waiting, err := j.askOwner(ctx, locks, asked)
		if err != nil || !waiting {
			return j.unlessTimeUp(ctx, err)
		}
		select {
		case <-ctx.Done():
			return j.unlessTimeUp(ctx, ctx.Err())
		case <-time.After(lookAgainEvery):
		}
	}
}

// unlessTimeUp drops an error that only says that the owner was not waited for
// any longer: the look that follows tells what is left.
func (j *job) unlessTimeUp(ctx context.Context, err error) error {
	if err != nil && context.Cause(ctx) == context.DeadlineExceeded {
		j.say("nobody came in %s", j.opts.wait)
		return nil
	}
	return err
}

// askOwner asks for what the owner has to do about the first lock that is left,
// and opens its page; one thing at a time, since signing out often removes more
// than one lock. It says whether anything is left to wait for.
func (j *job) askOwner(ctx context.Context, locks report.Accounts, asked map[string]bool) (waiting bool, err error) {
	for _, l := range locks.Locks {
		page := pageOf(l.ID, j.identity)
		if l.Status != report.StatusFail || page == nil {
			continue
		}
		if asked[l.ID] {
			return true, nil
		}
		asked[l.ID] = true
		j.say("on the handset: %s", l.Remove)
		if _, err := j.reader().Ask(ctx, page.Must()); err != nil {
			return true, fmt.Errorf("opening the page for %s: %w", l.ID, err)
		}
		return true, nil
	}
	return false, nil
}

// pageOf is the row that opens a lock's page on this handset; nil is none.
func pageOf(id string, who handset.Identity) *handset.Command {
	l := handset.LockByID(id)
	if l == nil || who.Vendor == nil {
		return nil
	}
	return l.PageOn(who.Vendor)
}

// printLocks is the table a person reads.
func (e *env) printLocks(a report.Accounts) {
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	for _, f := range a.Findings {
		fmt.Fprintln(w, escapef("%s\t%s\t%s", string(f.Status), f.Summary, f.ID))
	}
	_ = w.Flush() // standard output; whoever reads it may stop when they like
	for _, f := range a.Findings {
		if f.Remedy != "" && (stands(f) || f.Status == report.StatusWarn) {
			e.print("%s: %s", f.ID, f.Remedy)
		}
	}
}
