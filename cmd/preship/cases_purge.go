package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/console"
	"preship/report/casedir"
	"preship/report/register"
	"preship/report/seal"
)

// keepFor is how long data is held after it was handed back, unless told
// otherwise: an owner who finds something missing comes back within weeks.
const keepFor = "30d"

type purgeOptions struct {
	olderThan   string
	handedBack  []string
	dryRun, yes bool
}

func newCasesPurgeCmd(e *env, g *globals, out *string) *cobra.Command {
	var opts purgeOptions
	cmd := &cobra.Command{
		Use:   "purge",
		Short: "delete the owners' data that was handed back; sealed reports stay and still verify",
		Long: "purge deletes the saved data of cases that were handed back, and nothing else: the sealed report and the list of\n" +
			"what was saved stay, and preship report verify says when the data was deleted. a case is left alone while its job is\n" +
			"not finished, its report is not sealed or does not verify, or another preship works on it.\n" +
			"deleting is not erasing: on an SSD, in snapshots and in copies elsewhere the bytes may stay. encrypt that disk.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("older-than") && len(opts.handedBack) > 0 {
				return usagef("--handed-back deletes the cases it names, at once; --older-than chooses among those marked before. give one")
			}
			return runPurge(cmd.Context(), e, g, *out, opts)
		},
	}
	f := cmd.Flags()
	f.StringVar(&opts.olderThan, "older-than", keepFor, "what was handed back at least this long ago: 12h, 30d, 8w; 0 is all that was")
	f.StringArrayVar(&opts.handedBack, "handed-back", nil, "a case whose data the owner has: mark it and delete it now")
	f.BoolVar(&opts.dryRun, "dry-run", false, "only show what would be deleted")
	f.BoolVar(&opts.yes, "yes", false, "delete without asking")
	return cmd
}

// purged is one case of a purge: an item of "cases" in `preship cases purge --json`.
type purged struct {
	ID         string     `json:"id"`
	Path       string     `json:"path"`
	Bytes      *int64     `json:"bytes"`       // as the backup counted them; null: unknown
	HandedBack *time.Time `json:"handed_back"` // null: it was not marked before
	Deleted    bool       `json:"deleted"`
	Problem    string     `json:"problem"` // why it was not; "" when it was, or only would be
}

// purge is the object `preship cases purge --json` prints.
type purge struct {
	DryRun bool     `json:"dry_run"`
	Cases  []purged `json:"cases"`
	Bytes  int64    `json:"bytes"` // of the cases whose size is known
}

func runPurge(ctx context.Context, e *env, g *globals, dir string, opts purgeOptions) error {
	after, err := register.ParseSpan(opts.olderThan)
	if err != nil {
		return usagef("--older-than: %v", err)
	}
	all, err := listCases(ctx, e, dir, register.Filter{}, false)
	if err != nil {
		return err
	}
	chosen, err := chooseToPurge(dir, all, opts, e.Now().Add(-after))
	if err != nil {
		return err
	}
	p := purge{DryRun: opts.dryRun, Cases: []purged{}}
	for _, c := range chosen {
		p.Cases = append(p.Cases, purged{ID: c.ID, Path: c.Path, Bytes: c.Backup.Bytes, HandedBack: c.Backup.HandedBack})
		if c.Backup.Bytes != nil {
			p.Bytes += *c.Backup.Bytes
		}
	}
	if !g.json {
		e.tellPurge(p, all, chosen)
	}
	if len(chosen) > 0 && !opts.dryRun {
		if err := confirmPurge(ctx, e, g, opts, len(chosen)); err != nil {
			return err
		}
		if err := p.run(ctx, e, g, dir, len(opts.handedBack) > 0); err != nil {
			return err
		}
	}
	if g.json {
		if err := e.PrintJSON(p); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(p.Cases, func(c purged) bool { return c.Problem != "" }) {
		return outcome(exitNotReady)
	}
	return nil
}

// chooseToPurge names the cases: those asked for, or all that were handed back
// before a time. The case itself is asked again before anything is deleted.
func chooseToPurge(dir string, all []register.Entry, opts purgeOptions, before time.Time) ([]register.Entry, error) {
	var chosen []register.Entry
	for _, name := range opts.handedBack {
		c, err := caseNamed(dir, all, name)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(chosen, func(o register.Entry) bool { return o.Path == c.Path }) {
			chosen = append(chosen, c)
		}
	}
	if len(opts.handedBack) > 0 {
		return chosen, nil
	}
	for _, c := range all {
		switch c.Stand() {
		case register.StandDeleting: // it was confirmed when it began
			chosen = append(chosen, c)
		case register.StandHandedBack:
			if !c.Backup.HandedBack.After(before) {
				chosen = append(chosen, c)
			}
		}
	}
	return chosen, nil
}

// tellPurge shows what would go, and what stays and why.
func (e *env) tellPurge(p purge, all, chosen []register.Entry) {
	if len(chosen) > 0 {
		w := tabwriter.NewWriter(e.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "CASE\tHANDSET\tNUMBER\tHANDED BACK\tDATA HELD")
		for _, c := range chosen {
			when := "now"
			if c.Backup.HandedBack != nil {
				when = day(*c.Backup.HandedBack)
			}
			fmt.Fprintln(w, console.Sprintf("%s\t%s\t%s\t%s\t%s", c.Path, handsetOf(c), numberOf(c), when, heldIn(c)))
		}
		_ = w.Flush() // standard output; whoever reads it may stop when they like
	}
	held := 0
	for _, c := range all {
		if c.Backup.Held && !c.Gone {
			held++
		}
	}
	verb := "to delete"
	if p.DryRun {
		verb = "would be deleted"
	}
	e.Sayf("%s %s, %s of data; %d of %d that hold data keep theirs", amount.Count(len(chosen), "case"), verb, amount.Size(p.Bytes), max(held-len(chosen), 0), held)
	if len(chosen) > 0 {
		e.Sayf("  the owner should have opened the data before: nothing brings it back")
		e.Sayf("  deleting is not erasing: on an SSD, in snapshots and in copies elsewhere the bytes may stay")
	}
}

func confirmPurge(ctx context.Context, e *env, g *globals, opts purgeOptions, n int) error {
	if opts.yes {
		return nil
	}
	answer, err := e.ask(ctx, g, "--yes", fmt.Sprintf("to delete the data of %s, type yes:", amount.Count(n, "case")))
	if err != nil {
		return err
	}
	if answer != "yes" {
		return usagef("nothing was deleted: %q is not yes", console.Escape(answer))
	}
	return nil
}

// run deletes case by case. One that has to stay disturbs no other.
func (p *purge) run(ctx context.Context, e *env, g *globals, dir string, mark bool) error {
	for i := range p.Cases {
		if err := ctx.Err(); err != nil {
			return err
		}
		c := &p.Cases[i]
		folder := filepath.Join(dir, c.Path)
		if err := deleteData(ctx, e, folder, mark); err != nil {
			c.Problem = err.Error()
			e.Warnf("%s keeps its data: %v", c.Path, err)
			continue
		}
		c.Deleted = true
		if !g.json {
			e.Printf("%s: its data is deleted; the sealed report stays", c.Path)
		}
	}
	return nil
}

// deleteData takes the case for as long as it deletes, so that no other preship
// works on it.
func deleteData(ctx context.Context, e *env, folder string, mark bool) error {
	c, err := casedir.Open(folder)
	if err != nil {
		return err
	}
	if mark {
		err = c.HandBack(e.Now(), seal.Finished)
	}
	if err == nil {
		err = c.DeleteBackup(e.Now, seal.Finished)
	}
	if err := errors.Join(err, c.Close()); err != nil {
		return err
	}
	e.register(ctx, folder)
	return nil
}

// register keeps the list up to date after a command that changed a case. What
// cannot be written now is found at the next look.
func (e *env) register(ctx context.Context, folder string) {
	_ = register.Remember(ctx, folder, false, e.Now())
}
