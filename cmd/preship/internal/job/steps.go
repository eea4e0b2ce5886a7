package job

import (
	"context"
	"slices"

	"preship/report"
	"preship/report/message"
)

// step is one stage of the job.
type step struct {
	name  string
	does  message.ID // for the person, while it happens
	wipes bool
	run   func(*Job, context.Context) (data any, findings report.Findings, err error)
}

var steps = []step{
	{report.StepIdentify, "job.step.identify", false, (*Job).identify},
	{report.StepBackup, "job.step.backup", false, (*Job).backup},
	{report.StepAccounts, "job.step.accounts", false, (*Job).accounts},
	{report.StepReset, "job.step.reset", true, (*Job).reset},
	{report.StepVerify, "job.step.verify", false, (*Job).verify},
	{report.StepReport, "job.step.report", false, (*Job).report},
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
func (j *Job) announce(s step) {
	if j.brief {
		return
	}
	n := slices.IndexFunc(steps, func(row step) bool { return row.name == s.name })
	j.person.Tell(StepBegun{Name: s.name, Does: message.Say(s.does), Number: n + 1, Of: len(steps)})
}

// ended shows how a step ended.
func (j *Job) ended(rec report.StepRecord) {
	if j.brief {
		return
	}
	j.person.Tell(StepEnded{Name: rec.Name, State: rec.State, Error: rec.Error, Findings: rec.Findings, Fresh: j.adviseOnce(rec.Findings)})
}

// adviseOnce leaves out the remedy of a finding if an earlier step of this run gave
// the same one for it.
func (j *Job) adviseOnce(findings report.Findings) report.Findings {
	findings = slices.Clone(findings)
	for i := range findings {
		f := &findings[i]
		if !WorthReading(*f) {
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
