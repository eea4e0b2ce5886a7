package casedir

import "preship/report"

// Report builds the report of the case from its steps as they stand, see [Build].
func (c *Case) Report(tool report.Tool) (report.Report, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	job := report.Job{ID: c.id, Created: c.file.Created, Steps: c.file.Steps, Outside: c.outside()}
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
