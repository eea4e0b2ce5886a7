package main

import (
	"context"
	"fmt"
	"slices"

	"preship/cmd/preship/internal/console"
	"preship/report"
)

// step is one stage of the job. Every `preship <step>` command runs the row of
// its name; `preship prepare` runs them all, in order.
type step struct {
	name  string
	does  string // for the person, while it happens
	wipes bool
	run   func(*job, context.Context) (data any, findings report.Findings, err error)
}

var steps = []step{
	{report.StepIdentify, "reading who this handset is", false, (*job).identify},
	{report.StepBackup, "saving the owner's files and proving the copy", false, (*job).backup},
	{report.StepAccounts, "looking for accounts and locks", false, (*job).accounts},
	{report.StepReset, "the factory reset; nothing is erased before it is confirmed", true, (*job).reset},
	{report.StepVerify, "checking that it came back clean", false, (*job).verify},
	{report.StepReport, "sealing the report", false, (*job).report},
}

func stepNamed(name string) step {
	for _, s := range steps {
		if s.name == name {
			return s
		}
	}
	panic("no step " + name) // names come from the table above
}

// announce says that a step begins.
func (j *job) announce(s step) {
	if j.events != nil {
		j.events.write(event{Event: "step", Step: s.name, State: string(report.StepRunning)})
		return
	}
	if j.quiet {
		return
	}
	for i, row := range steps {
		if row.name == s.name {
			name := j.env.Paint("1", fmt.Sprintf("%d/%d %s", i+1, len(steps), s.name))
			j.env.Say("%s  %s", console.Safe(name), s.does)
		}
	}
}

// tell says how a step ended: to a script every finding, to a person what is
// worth reading.
func (j *job) tell(s step, rec report.StepRecord) {
	if j.events != nil {
		for _, f := range rec.Findings {
			j.events.write(event{Event: "finding", Step: s.name, Finding: &f})
		}
		j.events.write(event{Event: "step", Step: s.name, State: string(rec.State), Error: rec.Error})
		return
	}
	if !j.quiet {
		j.env.tellFindings(j.adviseOnce(rec.Findings))
	}
}

// adviseOnce leaves out the advice of a finding that an earlier step of this run
// told with the same advice.
func (j *job) adviseOnce(findings report.Findings) report.Findings {
	findings = slices.Clone(findings)
	for i := range findings {
		f := &findings[i]
		if !worthTelling(*f) {
			continue
		}
		if j.advised[f.ID] == f.Remedy {
			f.Remedy = ""
			continue
		}
		if j.advised == nil {
			j.advised = map[string]string{}
		}
		j.advised[f.ID] = f.Remedy
	}
	return findings
}
