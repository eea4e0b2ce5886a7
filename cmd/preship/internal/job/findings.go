package job

import (
	"preship/report"
	"preship/report/check"
)

// Stands says whether a finding Stands in the way: what is wrong always does,
// what could not be seen does where the check is one that must be known.
func Stands(f report.Finding) bool {
	switch f.Status {
	case report.StatusPass, report.StatusWarn, report.StatusSkipped:
		return false
	case report.StatusUnknown:
		return check.Required(f.ID)
	}
	return true
}

// WorthReading says whether a person has to read a finding: it Stands in the way,
// or they should know of it.
func WorthReading(f report.Finding) bool {
	return Stands(f) || f.Status == report.StatusWarn || f.Status == report.StatusSkipped && f.Remedy != ""
}
