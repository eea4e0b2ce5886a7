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
		Short: "read who the handset is: IMEI, serial number, model, versions, locks of the bootloader",
		Long: "identify reads who the handset is and changes nothing. give the numbers on the box, the sticker or\n" +
			"the receipt and they are compared: cover is refused when they do not match.",
		RunE: func(cmd *cobra.Command, _ []string) error { return runIdentify(cmd.Context(), e, g, opts) },
	}
	opts.addClaims(cmd.Flags())
	cmd.Flags().StringVar(&opts.Dir, "case", "", "keep the answers in this case")
	return cmd
}

func (o *jobOptions) addClaims(f *pflag.FlagSet) {
	f.StringSliceVar(&o.Claims.IMEI, "imei", nil, "an IMEI you read off the handset yourself, where it does not tell it")
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
