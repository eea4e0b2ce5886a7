package job

import (
	"slices"
	"strconv"
	"strings"

	"preship/adb/handset/locks"
	"preship/backup"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// Stands reports whether a finding is in the way of the job: a failed check always
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

// WorthReading reports whether a person must read a finding: it is in the way,
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
	meter.PhaseArchiving: "progress.archiving",
	meter.PhaseFetching:  "progress.fetching",
	meter.PhaseWriting:   "progress.writing",
}

// --despite takes the ID of a check. A loss of the backup that is counted can be accepted
// by ID=COUNT, which accepts no larger loss, or by ID=PATH, which accepts that name only.

// splitDespite returns the ID of a --despite, and the count or path behind it.
func splitDespite(given string) (id, what string, narrowed bool) { return strings.Cut(given, "=") }

func contains(despite []string, id string) bool { return slices.Contains(despite, id) }

// checkDespite refuses IDs that name no check, or one that --despite does not cover.
func checkDespite(all []string) error {
	for _, given := range all {
		id, what, narrowed := splitDespite(given)
		if locks.Firm(id) {
			return Usage(message.Say("usage.despite.firm", "check", id))
		}
		if narrowed {
			if err := checkNarrowed(id, what); err != nil {
				return err
			}
		}
		if strings.HasPrefix(id, "backup.") {
			if err := checkLoss(id); err != nil {
				return err
			}
			continue
		}
		if _, known := check.ByID(id); !known || strings.HasPrefix(id, "reset.") && id != check.ResetReadyUnchanged {
			return Usage(message.Say("usage.despite.no-check", "check", id))
		}
	}
	return nil
}

// checkNarrowed refuses a count or a path that cannot be compared with a loss.
func checkNarrowed(id, what string) error {
	_, counted := backup.Losses{}.Of(id)
	n, err := strconv.Atoi(what)
	if number := err == nil && n > 0; !counted || !number && !strings.HasPrefix(what, "/") {
		return Usage(message.Say("usage.despite.narrowed", "check", id, "value", what))
	}
	return nil
}

// acceptance is what --despite accepts of the losses of a backup.
type acceptance struct {
	despite []string
	losses  backup.Losses
}

func (s *settlement) accepting(losses backup.Losses) acceptance {
	return acceptance{s.opts.Despite, losses}
}

// covers reports whether a flag accepts the loss that a finding names.
func (a acceptance) covers(f report.Finding) bool {
	if !acceptable(f.ID) {
		return false
	}
	if contains(a.despite, f.ID) {
		return true
	}
	loss, counted := a.losses.Of(f.ID)
	if !counted || len(loss) == 0 {
		return false
	}
	named := manifest.PathSet{}
	for _, given := range a.despite {
		id, what, narrowed := splitDespite(given)
		if !narrowed || id != f.ID {
			continue
		}
		if n, err := strconv.Atoi(what); err == nil && len(loss) <= n {
			return true
		}
		named.Add(what)
	}
	return loss.Within(backup.Loss(named))
}

// forgetLosses returns the --despite that stay when a backup is made again: those that
// are of no loss, that accept what no backup has, and those that name a path.
func forgetLosses(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(given string) bool {
		id, what, _ := splitDespite(given)
		return ofBackup(id) && id != check.BackupUnsaveable && !strings.HasPrefix(what, "/")
	})
}

// names reports whether a --despite is about a check, whatever of it it accepts.
func names(despite []string, check string) bool {
	return slices.ContainsFunc(despite, func(given string) bool {
		id, _, _ := splitDespite(given)
		return id == check
	})
}
