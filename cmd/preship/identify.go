package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
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
		e.printHandset(h, seenRows(id)...)
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

// tableRow is one line of the table a person reads; nil is unknown.
type tableRow struct {
	name  string
	value *string
}

// printHandset is that table, with rows of what only a look at the handset
// itself tells.
func (e *env) printHandset(h report.Handset, more ...tableRow) {
	w := tabwriter.NewWriter(e.Out, 0, 0, 2, ' ', 0)
	row := func(name, value string) { fmt.Fprintln(w, console.Sprintf("%s\t%s", name, value)) }
	for _, imei := range h.IMEI {
		row(fmt.Sprintf("IMEI %d", imei.Slot), fmt.Sprintf("%s  (type %s, from %s)", imei.Value, imei.Value[:8], imei.Source))
	}
	switch {
	case h.IMEI == nil:
		row("IMEI", unknownOr(nil))
	case len(h.IMEI) == 0:
		row("IMEI", "none")
	}
	for _, f := range slices.Concat([]tableRow{
		{"S/N", serialNumber(h)},
		{"MEID", h.MEID},
		{"name", h.MarketName},
		{"model", h.Model},
		{"codename", h.Codename},
		{"system", joined(h.OS.Name, h.OS.Version)},
		{"Android", h.Android.Release},
		{"security patch", h.Android.SecurityPatch},
		{"region", region(h)},
		{"bootloader", &h.Bootloader},
		{"verified boot", h.VerifiedBoot},
		{"encryption", &h.Encryption},
		{"battery", battery(h.Battery)},
		{"storage", storage(h.Storage)},
		{"SIM slots", simSlots(h)},
		{"users", users(h)},
		{"mainboard S/N", h.BoardSN},
	}, more) {
		row(f.name, unknownOr(f.value))
	}
	row("adb serial", h.Serial)
	if h.Kind == report.KindEmulator {
		row("kind", "EMULATED: this is not a real handset")
	}
	_ = w.Flush() // standard output; whoever reads it may stop when they like
}

func joined(a, b *string) *string {
	if a == nil || b == nil {
		return cmp.Or(a, b)
	}
	s := *a + " " + *b
	return &s
}

func unknownOr(s *string) string {
	if s == nil || *s == "" {
		return "unknown"
	}
	return *s
}
