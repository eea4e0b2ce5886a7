package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/console"
	"preship/report"
	"preship/report/register"
)

type casesOptions struct {
	out                  string
	imei, since, verdict string
	limit                int
	rebuild              bool
}

// casesShown is as much of a table as a person looks through.
const casesShown = 50

func newCasesCmd(e *env, g *globals) *cobra.Command {
	var opts casesOptions
	cmd := &cobra.Command{
		Use:   "cases",
		Short: "list the cases of a folder: which handset, how far, what is still to do",
		Long: "cases lists the jobs in a folder, the one worked on last first, with what to do next about each. jobs that were\n" +
			"copied into the folder are found, and jobs whose folder is gone are named. --imei takes what a scanner types, of\n" +
			"either slot, or the last six digits; --serial takes adb's or the retail serial number, or its last six.\n" +
			"with --json: an array of {id, path, gone, problem, imei, sn, serial, model, market_name, codename, emulated, started,\n" +
			"updated, steps, sealed, verdict, signer, ticket, backup {held, bytes, handed_back, deleting, deleted}, stand, next}.\n" +
			"the list is kept in register.db beside the cases, made from the folders again whenever it is lost or damaged.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("limit") && g.json {
				opts.limit = 0
			}
			return runCases(cmd.Context(), e, g, opts)
		},
	}
	cmd.PersistentFlags().StringVar(&opts.out, "out", ".", "the folder the cases are in")
	f := cmd.Flags()
	f.StringVar(&opts.imei, "imei", "", "only the handset with this IMEI, or one that ends like this")
	f.StringVar(&opts.since, "since", "", "only what was worked on since: a date such as 2026-11-01, or a span such as 12h, 7d or 2w")
	f.StringVar(&opts.verdict, "verdict", "", "only READY, NOT-READY, FAILED or INCOMPLETE; none is what is not sealed")
	f.IntVar(&opts.limit, "limit", casesShown, "how many to list; 0 is all of them, as --json does unless told otherwise")
	f.BoolVar(&opts.rebuild, "rebuild", false, "forget the list and read every folder again")
	cmd.AddCommand(newCasesHandedBackCmd(e, g, &opts.out), newCasesPurgeCmd(e, g, &opts.out))
	return cmd
}

func runCases(ctx context.Context, e *env, g *globals, opts casesOptions) error {
	f, err := opts.filter(e.Now(), g.serial)
	if err != nil {
		return err
	}
	all, err := listCases(ctx, e, opts.out, f, opts.rebuild)
	if err != nil {
		return err
	}
	shown := all
	if opts.limit > 0 && len(all) > opts.limit {
		shown = all[:opts.limit]
	}
	if g.json {
		return e.PrintJSON(described(opts.out, shown))
	}
	e.printCases(opts.out, shown)
	switch {
	case len(all) == 0 && f == register.Filter{}:
		e.Sayf("no case lies in %s. preship prepare --out %s begins one; --out names another folder", opts.out, opts.out)
	case len(all) == 0:
		e.Sayf("no case in %s is like that", opts.out)
	case len(shown) < len(all):
		e.Sayf("and %d more: --limit 0 lists all", len(all)-len(shown))
	}
	return nil
}

func (o casesOptions) filter(now time.Time, serial string) (f register.Filter, err error) {
	if o.limit < 0 {
		return f, usagef("--limit %d: give how many to list, or 0 for all", o.limit)
	}
	f.Serial = strings.TrimSpace(serial)
	if o.imei != "" {
		if f.IMEI, err = register.ParseIMEI(o.imei); err != nil {
			return f, usagef("--imei: %v", err)
		}
	}
	if o.since != "" {
		if f.Since, err = register.ParseSince(o.since, now); err != nil {
			return f, usagef("--since: %v", err)
		}
	}
	if o.verdict != "" {
		v, ok := verdictNamed(o.verdict)
		if !ok {
			return f, usagef("--verdict %q: say READY, NOT-READY, FAILED, INCOMPLETE or none", o.verdict)
		}
		f.Verdict = &v
	}
	return f, nil
}

// verdictNamed reads a verdict as people type it.
func verdictNamed(s string) (report.Verdict, bool) {
	word := strings.NewReplacer("-", " ", "_", " ").Replace(strings.ToUpper(s))
	if word == "NONE" {
		return "", true
	}
	all := []report.Verdict{report.VerdictReady, report.VerdictNotReady, report.VerdictFailed, report.VerdictIncomplete}
	return report.Verdict(word), slices.Contains(all, report.Verdict(word))
}

// listCases lists the cases of a folder. Where the register cannot be used it
// says so and looks at the folders alone.
func listCases(ctx context.Context, e *env, dir string, f register.Filter, rebuild bool) ([]register.Entry, error) {
	if err := casesFolder(dir); err != nil {
		return nil, err
	}
	all, err := listBy(ctx, e, register.Open, dir, f, rebuild)
	if err == nil || ctx.Err() != nil {
		return all, err
	}
	e.Warnf("%v. it is left alone, and the folders are read instead", err)
	return listBy(ctx, e, register.OpenInMemory, dir, f, false)
}

func casesFolder(dir string) error {
	if fi, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return usagef("--out %s: there is no such folder. look at the name, and at the folder you are in", dir)
	} else if err != nil {
		return usagef("--out: %v", err)
	} else if !fi.IsDir() {
		return usagef("--out %s: this is a file; name the folder the cases are in", dir)
	}
	if _, err := os.Lstat(filepath.Join(dir, "case.json")); err == nil {
		return usagef("--out %s: this is a case itself; name the folder it is in", dir)
	}
	return nil
}

func listBy(ctx context.Context, e *env, open func(context.Context, string) (*register.Register, error), dir string, f register.Filter, rebuild bool) (all []register.Entry, err error) {
	r, err := open(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	var read register.Changes
	if rebuild {
		if read, err = r.Rebuild(ctx, e.Now()); err != nil {
			return nil, err
		}
	}
	if all, err = r.List(ctx, e.Now(), f); err != nil {
		return nil, err
	}
	switch {
	case r.Anew() != "":
		e.Sayf("the list of cases %s: it was made from the folders again", r.Anew())
	case rebuild:
		e.Sayf("the list was made from the folders again: %s", amount.Count(read.Cases, "case"))
	}
	return all, nil
}

// listedCase is an item of `preship cases --json`.
type listedCase struct {
	register.Entry
	Stand register.Stand `json:"stand"`
	Next  string         `json:"next"` // the next thing to do; "" when nothing is
}

func described(dir string, all []register.Entry) []listedCase {
	items := []listedCase{}
	for _, c := range all {
		_, next := standing(dir, c)
		items = append(items, listedCase{c, c.Stand(), next})
	}
	return items
}

// handsetOf names a case's handset for a table.
func handsetOf(c register.Entry) string {
	name := c.MarketName
	if name == "" {
		name = c.Model
	}
	if name == "" {
		name = "not identified"
	}
	if c.Emulated != nil && *c.Emulated {
		name += ", EMULATED"
	}
	return name
}

// numberOf is what tells the handset from others of its kind.
func numberOf(c register.Entry) string {
	switch {
	case len(c.IMEI) > 0:
		return c.IMEI[0]
	case c.SN != "":
		return c.SN
	case c.Serial != "":
		return c.Serial
	}
	return "-"
}

// heldIn is how much of the owner's data lies in a case.
func heldIn(c register.Entry) string {
	switch {
	case c.Gone || !c.Backup.Held:
		return "-"
	case c.Backup.Bytes == nil:
		return "some"
	}
	return amount.Size(*c.Backup.Bytes)
}

func day(t time.Time) string { return t.Local().Format(time.DateOnly) }

func (e *env) printCases(dir string, all []register.Entry) {
	if len(all) == 0 {
		return
	}
	w := tabwriter.NewWriter(e.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CASE\tHANDSET\tNUMBER\tVERDICT\tWORKED ON\tDATA HELD\tWHERE IT STANDS")
	for _, c := range all {
		verdict := string(c.Verdict)
		if verdict == "" {
			verdict = "-"
		}
		when := c.Updated.Local().Format("2006-01-02 15:04")
		if c.Updated.IsZero() {
			when = "-"
		}
		stands, next := standing(dir, c)
		if next != "" {
			stands += "; " + next
		}
		fmt.Fprintln(w, console.Sprintf("%s\t%s\t%s\t%s\t%s\t%s\t%s", c.Path, handsetOf(c), numberOf(c), verdict, when, heldIn(c), stands))
	}
	_ = w.Flush() // standard output; whoever reads it may stop when they like
}
