package report

// Report builds the report of the case from its steps as they stand, see [Build].
func (c *Case) Report(tool Tool) (Report, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	job := Job{ID: c.id, Created: c.file.Created, Steps: c.file.Steps, Outside: c.outside()}
	in, formed, err := c.intake()
	if err != nil {
		return Report{}, err
	}
	if formed {
		h, err := c.handset()
		if err != nil {
			return Report{}, err
		}
		f := in.Finding(h)
		job.Ticket, job.Form = in.ReportTicket(), &f
	}
	return Build(job, tool)
}

// outside returns what makes a text fit to leave the computer with this case.
func (c *Case) outside() func(string) string {
	serial := ""
	if c.file.Unit != nil {
		serial = c.file.Unit.Serial
	}
	return Outside(c.dir, serial)
}
