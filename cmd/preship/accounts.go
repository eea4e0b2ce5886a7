package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"preship/adb/handset"
	"preship/cmd/preship/internal/console"
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
	opts.addAttest(cmd.Flags())
	opts.online.add(cmd.Flags())
	return cmd
}

func runAccounts(ctx context.Context, e *env, g *globals, opts jobOptions) error {
	if err := errors.Join(opts.checkAttest(), opts.online.check()); err != nil {
		return err
	}
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
		if err := e.PrintJSON(j.locks); err != nil {
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
	locks, findings, err := j.look(ctx)
	if err != nil {
		return nil, nil, err
	}
	findings = append(findings, j.askOnline(ctx, j.handset)...)
	locks.Findings = findings
	j.locks = locks
	if f, ok := findings.ByID(verify.CheckUnlinked); ok && f.Status == report.StatusUnknown && !j.quiet {
		j.say("the account's own list of devices only you can see: %s", f.Remedy)
	}
	return locks, findings, nil
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
// until none is left or the time is up. What somebody else has to remove is said
// at once and not waited for. What it asks meanwhile is not evidence; the look
// after it is.
func (j *job) waitForOwner(ctx context.Context) error {
	if j.opts.wait <= 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, j.opts.wait)
	defer cancel()
	look := &recorder{device: j.device, now: j.env.Now}
	asked := map[string]bool{}
	for {
		locks, _, err := verify.Locks(ctx, look, j.identity)
		if err != nil {
			return j.unlessTimeUp(ctx, err)
		}
		if slices.ContainsFunc(locks.Locks, func(l report.Lock) bool { return l.Status == report.StatusFail && handset.Firm(l.ID) }) {
			return nil // nothing that is asked for here would be done on the owner's own system
		}
		if len(asked) == 0 {
			j.tellOthers(locks)
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

// tellOthers says which locks need somebody else than the owner, who may take days.
func (j *job) tellOthers(locks report.Accounts) {
	for _, l := range locks.Locks {
		if row := handset.LockByID(l.ID); row != nil && row.Needs != "" && l.Status == report.StatusFail {
			if j.advised[l.ID] == l.Remove {
				j.say("%s: this needs %s, and cannot be waited for here", row.Title, row.Needs)
				continue
			}
			j.say("this needs %s, and cannot be waited for here: %s", row.Needs, l.Remove)
		}
	}
}

// unlessTimeUp drops an error that only says that the owner was not waited for
// any longer: the look that follows tells what is left.
func (j *job) unlessTimeUp(ctx context.Context, err error) error {
	if err != nil && context.Cause(ctx) == context.DeadlineExceeded {
		j.say("nobody came in %s", spoken(j.opts.wait))
		return nil
	}
	return err
}

// askOwner asks for what the owner has to do about the first lock that is left,
// and opens its page; one thing at a time, since signing out often removes more
// than one lock. It says whether anything is left to wait for.
func (j *job) askOwner(ctx context.Context, locks report.Accounts, asked map[string]bool) (waiting bool, err error) {
	for _, l := range locks.Locks {
		row, page := handset.LockByID(l.ID), pageOf(l.ID, j.identity)
		if l.Status != report.StatusFail || page == nil || row.Needs != "" {
			continue
		}
		if asked[l.ID] {
			return true, nil
		}
		asked[l.ID] = true
		j.say(onHandset+"%s", l.Remove)
		if _, err := handset.Ask(ctx, j.reader(), page.Must()); err != nil {
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
	e.Print("")
	e.Print("what to do, in this order:")
	for i, f := range todo {
		c, _ := verify.CheckByID(f.ID)
		e.Print("%3d. %s: %s", i+1, c.Title, f.Remedy)
	}
}

// worthDoing says whether a finding asks its owner for something: what stands in
// the way, what they would regret to leave, and the account's web page.
func worthDoing(f report.Finding) bool {
	row := handset.LockByID(f.ID)
	minor := row != nil && row.Weight == handset.Told
	return f.Remedy != "" && (stands(f) || f.Status == report.StatusWarn && !minor || f.ID == verify.CheckUnlinked)
}
