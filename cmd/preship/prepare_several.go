package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"preship/adb"
	"preship/cmd/preship/internal/advice"
	"preship/cmd/preship/internal/fleet"
	"preship/cmd/preship/internal/job"
)

// fleetOptions are how prepare works on several handsets.
type fleetOptions struct {
	all   bool // that the adb server knows
	watch bool // also those that come later
	jobs  int  // how many copy at a time
}

func (o *fleetOptions) add(f *pflag.FlagSet) {
	f.BoolVar(&o.all, "all", false, "prepare every handset that is connected, side by side, each with a case of its own in --out")
	f.BoolVar(&o.watch, "watch", false, "go on until ctrl-c, and also take each handset that is plugged in meanwhile")
	f.IntVar(&o.jobs, "jobs", fleet.DefaultJobs, "with several handsets, how many copy their files at a time; all else is done side by side")
}

// many says whether several handsets are asked for.
func (o fleetOptions) many(g *globals) bool { return o.all || o.watch || len(g.serials) > 1 }

// check refuses what was said of one handset and would be taken for all.
func (o fleetOptions) check(g *globals, opts jobOptions) error {
	if o.jobs < 1 {
		return usagef("--jobs %d: say 1 or more", o.jobs)
	}
	for _, row := range []struct {
		given      bool
		flag, then string
	}{
		{o.all && len(g.serials) > 0, "--all", "it means every handset; leave --serial out"},
		{opts.Out == "", "several handsets", "say with --out DIR in which folder their cases are kept"},
		{opts.Dir != "", "--case", "it is one handset's; with --out DIR the cases there are gone on with"},
		{len(opts.Claims.IMEI)+len(opts.Claims.Box)+len(opts.Claims.Sticker)+len(opts.Claims.Receipt) > 0, "--imei…", "it is one handset's"},
		{opts.Claims.SN != "", "--sn-box", "it is one handset's"},
		{len(opts.Attest) > 0, "--attest", "its owner says it of one handset"},
		{opts.Again, "--again", "it is for one handset's lost answer"},
		{g.junit != "" || g.ctrf != "", "--junit, --ctrf", "it is one file; take it from each case afterwards, with preship report"},
	} {
		if row.given {
			return usagef("%s: %s", row.flag, row.then)
		}
	}
	return nil
}

// runFleet prepares several handsets side by side.
func runFleet(ctx context.Context, e *env, g *globals, opts jobOptions, options fleetOptions) error {
	if err := options.check(g, opts); err != nil {
		return err
	}
	code, err := fleet.Run(ctx, e.Console, host(e, g), fleet.Options{
		All: options.all, Watch: options.watch, Serials: g.serials, Jobs: options.jobs,
		Job: opts.of(e, g), JSON: g.json, NoInput: g.noInput,
		Codes: codes{}, Hints: hintFor,
		Guide: func(s adb.State) string { return advice.For(s).First },
	})
	if err != nil {
		return err
	}
	return outcome(exitCode(code))
}

// codes are the exit codes, for a fleet.
type codes struct{}

func (codes) Of(err error) int { return int(exitCodeOf(err)) }

func (codes) OfEnd(end job.End) int { return int(codeWithPolicy(end.Report.Verdict, end.Ruling)) }

func (codes) Worst(all []int) int {
	return slices.MinFunc(all, func(a, b int) int {
		return slices.Index(severity, exitCode(a)) - slices.Index(severity, exitCode(b))
	})
}

// severity orders what a command of several handsets ends with, worst first.
var severity = []exitCode{
	exitInterrupted, exitFailed, exitUsage, exitNoHandset, exitUnverified, exitNotReady, exitReady,
}

func worstFirst() string {
	var words []string
	for _, c := range severity {
		words = append(words, fmt.Sprint(int(c)))
	}
	return strings.Join(words, ", ")
}
