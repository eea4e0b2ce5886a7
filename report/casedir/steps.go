package casedir

import (
	"slices"

	"preship/report"
)

// Step returns the record of a step; one never set has state [StepNotRun].
func (c *Case) Step(name string) report.StepRecord {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.file.step(name)
}

// SetStep writes the record to disk before it returns. The record of the same
// name is replaced.
func (c *Case) SetStep(r report.StepRecord) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.update(func(f *caseFile) {
		i := slices.IndexFunc(f.Steps, func(s report.StepRecord) bool { return s.Name == r.Name })
		if i < 0 {
			f.Steps = append(f.Steps, r)
			return
		}
		f.Steps[i] = r
	})
}

func (f *caseFile) step(name string) report.StepRecord {
	for _, s := range f.Steps {
		if s.Name == name {
			return s
		}
	}
	return report.StepRecord{Name: name, State: report.StepNotRun}
}
