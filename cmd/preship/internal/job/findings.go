package job

import (
	"preship/report"
	"preship/report/check"
)

// Stands reports whether a finding stands in the way of the job: a failed check always
// does, an unknown one does if the check is required.
func Stands(f report.Finding) bool {
	switch f.Status {
	case report.StatusPass, report.StatusWarn, report.StatusSkipped:
		return false
	case report.StatusUnknown:
		return check.Required(f.ID)
	}
	return true
}

// WorthReading reports whether a person has to read a finding: it stands in the way,
// or they should know of it.
func WorthReading(f report.Finding) bool {
	return Stands(f) || f.Status == report.StatusWarn || f.Status == report.StatusSkipped && f.Remedy != ""
}
