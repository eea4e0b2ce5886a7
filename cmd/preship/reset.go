package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/adb/reset"
	"preship/report"
)

func newResetCmd(e *env, g *globals) *cobra.Command {
	var opts jobOptions
	cmd := &cobra.Command{
		Use:   "reset",
		Short: "factory-reset the handset, once the copy is proved and no lock is left",
		Long: "reset asks the handset again whether the copy is proved, whether it is the same unit and whether anything\n" +
			"still locks it, and erases it only then, and only when you name it by the last six of its IMEI or serial.\n" +
			"\nthe ways to reset, best first; auto takes the first that fits and says why:\n" + wayHelp(),
		RunE: func(cmd *cobra.Command, _ []string) error { return runReset(cmd.Context(), e, g, opts) },
	}
	f := cmd.Flags()
	f.StringVar(&opts.dir, "case", "", "the case that holds the backup")
	f.BoolVar(&opts.dryRun, "dry-run", false, "show what would be done, and ask the handset only questions")
	f.StringVar(&opts.attestReset, "attest-reset", "", "write down who saw the reset and what they saw, where nothing else could (printed on the report)")
	opts.addReset(f)
	opts.addAttest(f)
	opts.addWait(f, e)
	addTimeout(f, &opts.timeout)
	return cmd
}

func (o *jobOptions) addReset(f *pflag.FlagSet) {
	f.StringVar(&o.way, "way", "auto", "how: auto, "+strings.Join(wayNames(), ", "))
	f.StringArrayVar(&o.confirm, "confirm", nil, "the last six of the IMEI or serial, once for each handset; \"emulated\" for an emulated handset")
	f.StringVar(&o.withoutBackup, "without-backup", "", "erase without a proved copy, for this reason (printed on the report)")
	f.StringSliceVar(&o.despite, "despite", nil, "erase despite this check, by its ID (printed on the report); backup.unsaveable accepts what no computer can save")
	f.BoolVar(&o.drive, "drive", false, "in the way settings, press the buttons on the handset too, where it lets a computer do that")
	f.BoolVar(&o.again, "again", false, "send the wipe once more, to a handset that waits in its recovery after its answer was lost")
}

func wayNames() []string {
	var names []string
	for _, w := range reset.Ways {
		names = append(names, w.Name)
	}
	return names
}

func wayHelp() string {
	var b strings.Builder
	for _, w := range reset.Ways {
		fmt.Fprintf(&b, "  %-9s %s; proved by %s\n", w.Name, w.Does, w.Proof)
	}
	return b.String()
}

func runReset(ctx context.Context, e *env, g *globals, opts jobOptions) error {
	if opts.dir == "" {
		return usagef("say which job this is about: --case DIR")
	}
	if len(opts.confirm) == 0 && !opts.dryRun && opts.attestReset == "" && (g.noInput || !e.InTTY) {
		return usagef("erasing needs a confirmation and nobody can be asked here; give it with --confirm")
	}
	if err := errors.Join(opts.checkAttest(), opts.checkReset()); err != nil {
		return err
	}
	j := newJob(e, g, opts)
	j.quiet, j.alone = g.json, true
	defer j.close()
	if err := j.openCase(); err != nil {
		return err
	}
	if opts.dryRun {
		return j.dryRun(ctx)
	}
	if opts.attestReset == "" {
		if err := j.canFinish(ctx); err != nil {
			return err
		}
		j.tellKey()
	}
	err := j.within(ctx, func(ctx context.Context) error { return j.runStep(ctx, stepNamed(report.StepReset)) })
	if err != nil && !errors.Is(err, errRefused) {
		return err
	}
	if g.json {
		if err := e.PrintJSON(j.wipe); err != nil {
			return err
		}
	}
	return outcome(codeOf(j.wipe.Findings))
}
