package casedir

import (
	"encoding/json"
	"fmt"
	"slices"

	"preship/report"
)

// Step returns the record of a step; one never set has state [StepNotRun].
func (c *Case) Step(name string) report.StepRecord {
	c.mu.Lock()
	defer c.mu.Unlock()
	return report.RecordOf(c.file.Steps, name)
}

// SetStep writes the record to disk before it returns. The record of the same
// name is replaced.
func (c *Case) SetStep(r report.StepRecord) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.steps, r.Name)
	err := c.update(func(f *caseFile) {
		i := slices.IndexFunc(f.Steps, func(s report.StepRecord) bool { return s.Name == r.Name })
		if i < 0 {
			f.Steps = append(f.Steps, r)
			return
		}
		f.Steps[i] = r
	})
	if err != nil {
		delete(c.steps, r.Name) // the record before it stands
	}
	return err
}

// Report builds the report of the case from its steps as they stand, see [Build].
func (c *Case) Report(tool report.Tool) (report.Report, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	job := report.Job{ID: c.id, Created: c.file.Created, Steps: c.file.Steps, Outside: c.outside()}
	if raw, ok := c.file.Kept[faultKept]; ok {
		job.Fault = new(report.Fault)
		if err := json.Unmarshal(raw, job.Fault); err != nil {
			return report.Report{}, fmt.Errorf("kept %s: %w", faultKept, err)
		}
	}
	in, formed, err := c.intake()
	if err != nil {
		return report.Report{}, err
	}
	if formed {
		h, err := c.handset()
		if err != nil {
			return report.Report{}, err
		}
		f := in.Finding(h)
		job.Ticket, job.Form = in.ReportTicket(), &f
	}
	return report.Build(job, tool)
}

// outside returns what makes a text fit to leave the computer with this case.
func (c *Case) outside() func(string) string {
	serial := ""
	if c.file.Unit != nil {
		serial = c.file.Unit.Serial
	}
	return report.Outside(c.dir, serial)
}
