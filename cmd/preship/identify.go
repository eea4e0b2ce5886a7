package main

import (
	"context"
	"slices"

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
// found stands in the way.
func codeOf(fs report.Findings) exitCode {
	if slices.ContainsFunc(fs, job.Stands) {
		return exitNotReady
	}
	return exitReady
}
