package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/adb/reset"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/message"
)

func newResetCmd(e *env, g *globals) *cobra.Command {
	var opts jobOptions
	cmd := &cobra.Command{
		Use:   "reset",
		Short: "Erase the handset, if the copy is proved and no lock is left",
		RunE:  func(cmd *cobra.Command, _ []string) error { return runReset(cmd.Context(), e, g, opts) },
	}
	f := cmd.Flags()
	f.StringVar(&opts.Dir, "case", "", "the case that holds the backup")
	f.BoolVar(&opts.DryRun, "dry-run", false, "show what would be done, and only read from the handset")
	f.StringVar(&opts.AttestReset, "attest-reset", "", "who saw the reset, and what they saw, if nothing else proves it")
	opts.addReset(f)
	opts.addAttest(f)
	opts.addWait(f, e)
	addTimeout(f, &opts.Timeout)
	return cmd
}

func (o *jobOptions) addReset(f *pflag.FlagSet) {
	f.StringVar(&o.Way, "way", "auto", "auto, "+strings.Join(job.WayNames(), ", "))
	f.StringArrayVar(&o.Confirm, "confirm", nil, "the last six of the IMEI or serial, or the whole IMEI")
	f.StringVar(&o.WithoutBackup, "without-backup", "", "erase without a proved copy, for this reason")
	f.StringSliceVar(&o.Despite, "despite", nil, "erase although this check does not pass; repeatable")
	f.BoolVar(&o.Drive, "drive", false, "with the way settings, also press the buttons")
	f.StringVar(&o.InRecovery, "recovery", "", "a handset left in its recovery: erase it there, or restart")
	f.BoolVar(&o.Again, "again", false, "send the wipe again, after its answer was lost")
}

// resetHelp is the long text of reset, see writeLong.
func resetHelp() string {
	var b strings.Builder
	b.WriteString("Checks again that the copy is proved, that it is the same handset and that no lock is left. Only then, and once you\n" +
		"gave the last six of the IMEI or serial, it erases the handset.\n" +
		"\nThe ways, best first; auto takes the first that fits:\n")
	for _, w := range reset.Ways {
		fmt.Fprintf(&b, "  %-9s %s\n", w.Name, w.Title)
	}
	return b.String()
}

func runReset(ctx context.Context, e *env, g *globals, opts jobOptions) error {
	person := e.person(g)
	if err := opts.CheckReset(person.CanAsk()); err != nil {
		return err
	}
	j := job.New(host(e, g), person, opts.of(e, g))
	defer j.Close()
	if opts.DryRun {
		return runDryRun(ctx, e, g, j)
	}
	wipe, err := j.Reset(ctx)
	if err != nil {
		return err
	}
	if g.json {
		if err := e.PrintJSON(wipe); err != nil {
			return err
		}
	}
	return outcome(codeOf(wipe.Findings))
}

// runDryRun shows what a reset would do now.
func runDryRun(ctx context.Context, e *env, g *globals, j *job.Job) error {
	way, ready, err := j.PlanReset(ctx)
	if err != nil {
		return err
	}
	if g.json {
		if err := e.PrintJSON(report.Reset{Way: way.Name, Findings: ready}); err != nil {
			return err
		}
		return outcome(codeOf(ready))
	}
	e.Print(message.Say("plan.way", "way", way.Title, "does", way.Does))
	e.Print(message.Say("plan.proof", "proof", way.Proof))
	if err := j.SayStakes(ready); err != nil {
		return err
	}
	e.Findings(ready)
	return outcome(codeOf(ready))
}
