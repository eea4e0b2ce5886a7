package main

import (
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"preship/cmd/preship/internal/flagfile"
	"preship/report"
	"preship/report/policy"
	"preship/report/testrun"
)

// outputs are what else is written where a report is made.
type outputs struct {
	lang        string // of the pages; "" is the default
	junit, ctrf string // files; "" is none
	policy      *policy.Policy
}

func (o *outputs) addOutputs(f *pflag.FlagSet) {
	f.Var((*language)(&o.lang), "lang", "language of the pages: "+strings.Join(report.Languages, ", "))
	o.addTestOutputs(f)
}

func (o *outputs) addTestOutputs(f *pflag.FlagSet) {
	f.StringVar(&o.junit, "junit", "", "also write the checks as JUnit XML into this file")
	f.StringVar(&o.ctrf, "ctrf", "", "also write the checks in the Common Test Report Format into this file")
	addPolicy(f, &o.policy)
}

// language is a flag that takes one of the languages there are.
type language string

func (l *language) Set(s string) error {
	if !slices.Contains(report.Languages, s) {
		return usagef("one of %s", strings.Join(report.Languages, ", "))
	}
	*l = language(s)
	return nil
}

func (l *language) String() string { return string(*l) }
func (l *language) Type() string   { return "LANG" }

// Write writes the checks of a report into the files that were named.
func (o *outputs) Write(r report.Report, ruling *policy.Ruling) error {
	for _, out := range []struct {
		path  string
		write func(io.Writer, *report.Report, *policy.Ruling) error
	}{{o.junit, testrun.JUnit}, {o.ctrf, testrun.CTRF}} {
		if out.path == "" {
			continue
		}
		f, err := flagfile.Create(out.path)
		if err != nil {
			return err
		}
		if err := errors.Join(out.write(f, &r, ruling), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// Try checks that the files named by --junit and --ctrf can be written. It
// leaves no new file and does not change an existing one.
func (o *outputs) Try() error {
	if o.junit != "" && o.ctrf != "" && flagfile.SameFile(o.junit, o.ctrf) {
		return usagef("--junit and --ctrf name one file, %s; give each its own", o.junit)
	}
	for _, out := range []struct{ flag, path string }{{"--junit", o.junit}, {"--ctrf", o.ctrf}} {
		if out.path == "" {
			continue
		}
		if err := flagfile.TryWrite(out.path); err != nil {
			return usagef("%s: %v", out.flag, err)
		}
	}
	return nil
}
