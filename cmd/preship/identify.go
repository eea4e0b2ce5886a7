package main

import (
	"context"
	"slices"

	"preship/cmd/preship/internal/events"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/sheet"
	"preship/report"
)

func newIdentifyCmd(e *env, g *globals) *cobra.Command {
	var opts jobOptions
	cmd := &cobra.Command{
		Use:   "identify",
		Short: "Read which handset this is: IMEI, serial number, versions",
		Long: "Reads the identity of the handset and changes nothing. Numbers from the box, the sticker or the receipt are\n" +
			"compared with it: cover may be refused if they differ.",
		RunE: func(cmd *cobra.Command, _ []string) error { return runIdentify(cmd.Context(), e, g, opts) },
	}
	opts.addClaims(cmd.Flags())
	opts.addAttest(cmd.Flags())
	cmd.Flags().StringVar(&opts.Dir, "case", "", "keep the answers in this case")
	return cmd
}

func (o *jobOptions) addClaims(f *pflag.FlagSet) {
	f.StringSliceVar(&o.Claims.IMEI, "imei", nil, "an IMEI you read on the handset, if it does not report it")
	f.StringSliceVar(&o.Claims.Box, "imei-box", nil, "an IMEI printed on the box")
	f.StringSliceVar(&o.Claims.Sticker, "imei-sticker", nil, "an IMEI on the sticker")
	f.StringSliceVar(&o.Claims.Receipt, "imei-receipt", nil, "an IMEI on the receipt")
	f.StringVar(&o.Claims.SN, "sn-box", "", "the serial number printed on the box")
}

func runIdentify(ctx context.Context, e *env, g *globals, opts jobOptions) error {
	j := job.New(host(e, g), e.person(g), opts.of(e, g))
	defer j.Close()
	h, id, err := j.Identify(ctx)
	if err != nil {
		return err
	}
	if g.json {
		if err := e.PrintJSON(h); err != nil {
			return err
		}
	} else {
		sheet.Identity(e.Console, h, &id)
		e.Findings(h.Findings)
	}
	return outcome(codeOf(h.Findings))
}

// codeOf is the exit code of a command that looked: ready only when nothing it
// found is in the way.
func codeOf(fs report.Findings) exitCode {
	if slices.ContainsFunc(fs, job.Stands) {
		return exitNotReady
	}
	return exitReady
}

func newOutlookCmd(e *env, g *globals) *cobra.Command {
	var opts jobOptions
	cmd := &cobra.Command{
		Use:   "outlook",
		Short: "List what would stop prepare, the losses, and your own steps",
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
	f.StringVar(&opts.Dir, "case", "", "show what this case still needs")
	f.StringVar(&opts.Out, "out", "", "the folder for the case, to check that the data fits")
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
