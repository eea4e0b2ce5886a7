package job

import (
	"preship/backup/meter"
	"preship/report/message"
)

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
	meter.PhaseWriting:   "progress.writing",
}
