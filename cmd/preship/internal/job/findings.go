package job

import (
	"slices"
	"strings"

	"preship/backup/meter"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
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

// CheckIDs are the IDs of all checks there are.
func CheckIDs() []string {
	var ids []string
	for _, row := range check.Rows {
		ids = append(ids, row.ID)
	}
	return ids
}

// ofBackup reports whether a check is one of the backup.
func ofBackup(id string) bool {
	_, known := check.ByID(id)
	return known && strings.HasPrefix(id, "backup.")
}

// DespiteIDs are the IDs of the checks that --despite takes.
func DespiteIDs() []string {
	return slices.DeleteFunc(CheckIDs(), func(id string) bool { return checkDespite([]string{id}) != nil })
}

// Phase returns the words for a phase of the progress.
func Phase(phase string) message.Sentence {
	if id, ok := phases[phase]; ok {
		return message.Say(id)
	}
	return message.AsIs(phase)
}

var phases = map[string]message.ID{
	meter.PhaseListing:   "progress.listing",
	meter.PhaseCopying:   "progress.copying",
	meter.PhaseReading:   "progress.reading",
	meter.PhaseReread:    "progress.reread",
	meter.PhaseWaiting:   "progress.waiting",
	meter.PhaseItems:     "progress.items",
	meter.PhaseRestoring: "progress.restoring",
	meter.PhaseBugreport: "progress.bugreport",
	meter.PhaseOpening:   "progress.opening",
	meter.PhaseWriting:   "progress.writing",
}
