package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"preship/cmd/preship/internal/flagfile"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/message"
	"preship/report/policy"
	"preship/report/testrun"
)

// outputs are what else is written where a report is made.
type outputs struct {
	junit, ctrf string // files; "" is no file
	policy      *policy.Policy

	// several keeps the reports of several jobs, which one file holds; nil writes each
	// report at once.
	several *runs
}

// runs are the reports of several jobs. Several goroutines can add to it.
type runs struct {
	mu  sync.Mutex
	all []testrun.Run
}

// add takes a report. It replaces an earlier one of the same case.
func (r *runs) add(run testrun.Run) {
	r.mu.Lock()
	defer r.mu.Unlock()
	same := func(o testrun.Run) bool { return o.Report.ID == run.Report.ID }
	r.all = append(slices.DeleteFunc(r.all, same), run)
}

func (o *outputs) addOutputs(f *pflag.FlagSet) {
	f.StringVar(&o.junit, "junit", "", "also write the checks here, as JUnit XML")
	f.StringVar(&o.ctrf, "ctrf", "", "also write the checks here, as CTRF")
	addPolicy(f, &o.policy)
}

// Write writes the checks of a report into the files that were named.
func (o *outputs) Write(r report.Report, ruling *policy.Ruling) error {
	run := testrun.Run{Report: &r, Ruling: ruling}
	if o.several == nil {
		return o.writeRuns(run)
	}
	o.several.add(run)
	return nil
}

func (o *outputs) writeRuns(runs ...testrun.Run) error {
	if len(runs) == 0 {
		return nil
	}
	for _, out := range []struct {
		path  string
		write func(io.Writer, ...testrun.Run) error
	}{{o.junit, testrun.JUnit}, {o.ctrf, testrun.CTRF}} {
		if out.path == "" {
			continue
		}
		f, err := flagfile.Create(out.path)
		if err != nil {
			return err
		}
		if err := errors.Join(out.write(f, runs...), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// Try checks that the files named by --junit and --ctrf can be written. It
// leaves no new file and does not change an existing one.
func (o *outputs) Try() error {
	if o.junit != "" && o.ctrf != "" && flagfile.SameFile(o.junit, o.ctrf) {
		return job.Usage(message.Say("usage.outputs.same", "file", o.junit))
	}
	for _, out := range []struct{ flag, path, begins string }{{"--junit", o.junit, "<"}, {"--ctrf", o.ctrf, "{"}} {
		if out.path == "" {
			continue
		}
		if err := flagfile.TryWrite(out.path, out.begins); err != nil {
			return wrongFlag(out.flag, err)
		}
	}
	return nil
}

// maxPolicy bounds a policy: it is a page that a person wrote.
const maxPolicy = 1 << 20

// policyFlag is --policy. The file is read as the flag is, so that a policy that
// is wrong ends a command before it has touched a handset.
type policyFlag struct {
	file string
	of   **policy.Policy
}

func addPolicy(f *pflag.FlagSet, p **policy.Policy) {
	f.Var(&policyFlag{of: p}, "policy", "apply this policy; exit code 3 if it is not met")
}

func (p *policyFlag) Set(file string) error {
	policy, err := readPolicy(file)
	if err != nil {
		return err
	}
	p.file, *p.of = file, &policy
	return nil
}

func (p *policyFlag) String() string { return p.file }
func (p *policyFlag) Type() string   { return "FILE" }

func readPolicy(file string) (policy.Policy, error) {
	b, err := flagfile.Read(file, maxPolicy)
	if err != nil {
		return policy.Policy{}, err
	}
	if b, err = flagfile.JSON(file, b); err != nil {
		return policy.Policy{}, fmt.Errorf("%s: %w", file, err)
	}
	p, err := policy.Parse(b, job.CheckIDs())
	if p.Name == "" {
		p.Name = strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	}
	return p, err
}

// Rule applies the policy to a report; nil if there is no policy.
func (o *outputs) Rule(r report.Report, now time.Time) *policy.Ruling {
	if o.policy == nil {
		return nil
	}
	ruling := o.policy.Judge(&r, now)
	return &ruling
}

// codeWithPolicy is the exit code of a report and of the policy put to it. A policy asks
// for READY itself unless it is one for benches; what failed or did not come to
// its end is never made good.
func codeWithPolicy(v report.Verdict, ruling *policy.Ruling) exitCode {
	code := codeOfVerdict(v)
	switch {
	case ruling == nil || code == exitFailed:
		return code
	case !ruling.Met:
		return exitNotReady
	}
	return exitReady
}
