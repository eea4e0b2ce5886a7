package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/adb/handset"
	"preship/cmd/preship/internal/console"
	"preship/report"
	"preship/verify"
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
	cmd.Flags().StringVar(&opts.dir, "case", "", "keep the answers in this case")
	return cmd
}

func (o *jobOptions) addClaims(f *pflag.FlagSet) {
	f.StringSliceVar(&o.claims.IMEI, "imei", nil, "an IMEI you read off the handset yourself, where it does not tell it")
	f.StringSliceVar(&o.claims.Box, "imei-box", nil, "an IMEI printed on the box")
	f.StringSliceVar(&o.claims.Sticker, "imei-sticker", nil, "an IMEI on the sticker")
	f.StringSliceVar(&o.claims.Receipt, "imei-receipt", nil, "an IMEI on the receipt")
	f.StringVar(&o.claims.SN, "sn-box", "", "the serial number printed on the box")
}

func runIdentify(ctx context.Context, e *env, g *globals, opts jobOptions) error {
	j := newJob(e, g, opts)
	j.quiet = true
	if err := j.openNamedCase(); err != nil {
		return err
	}
	defer j.close()
	if err := j.runStep(ctx, stepNamed(report.StepIdentify)); err != nil {
		return err
	}
	if g.json {
		if err := e.PrintJSON(j.handset); err != nil {
			return err
		}
	} else {
		e.printHandset(j.handset, seenRows(j.identity)...)
		e.tellFindings(j.handset.Findings)
	}
	return outcome(codeOf(j.handset.Findings))
}

// codeOf is the exit code of a command that looked: ready only when nothing it
// found stands in the way.
func codeOf(fs report.Findings) exitCode {
	for _, f := range fs {
		if stands(f) {
			return exitNotReady
		}
	}
	return exitReady
}

func (j *job) identify(ctx context.Context) (any, report.Findings, error) {
	if err := j.connect(ctx); err != nil {
		return nil, nil, err
	}
	r := j.reader()
	id, err := handset.Identify(ctx, r)
	if r.lost != nil {
		return nil, nil, r.lost
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", j.device.Serial(), err)
	}
	h, findings := j.describes(id)
	repair, err := j.repairMode(ctx)
	if err != nil {
		return nil, nil, err
	}
	findings = append(findings, repair)
	h.Findings = findings
	j.handset = h
	if err := j.claimUnit(h.Unit()); err != nil {
		return h, findings, err
	}
	if j.identified != nil {
		j.identified(h, id.Serial.Value)
	}
	if j.kept != nil {
		if err := j.kept.Bind(h.Unit()); err != nil {
			return h, findings, err
		}
	}
	if !j.quiet {
		j.say("%s", describe(h))
	}
	return h, findings, nil
}

// describes takes over what a handset said of itself. Its serial is the one adb
// reaches it by, which over the network is an address.
func (j *job) describes(id handset.Identity) (report.Handset, report.Findings) {
	h, findings := verify.Identity(id, j.opts.claims)
	h.Serial = j.device.Serial()
	j.identity, j.handset = id, h
	return h, findings
}

// describe is the handset in one line.
func describe(h report.Handset) string {
	var parts []string
	for _, p := range []*string{firstOf(h.MarketName, h.Model), h.OS.Name} {
		if p != nil {
			parts = append(parts, *p)
		}
	}
	if h.OS.Version != nil {
		parts = append(parts, *h.OS.Version)
	}
	for _, imei := range h.IMEI {
		parts = append(parts, "IMEI "+imei.Value)
	}
	if h.Kind == report.KindEmulator {
		parts = append(parts, "EMULATED")
	}
	return strings.Join(parts, ", ")
}

func firstOf(ps ...*string) *string {
	for _, p := range ps {
		if p != nil {
			return p
		}
	}
	return nil
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
		return firstOf(a, b)
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
