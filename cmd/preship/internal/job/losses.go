package job

import (
	"slices"
	"strings"

	"preship/backup"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// Some data cannot be saved by a computer and is erased with the rest. The owner has to
// explicitly accept that loss: with --despite=backup.unsaveable, or by typing the
// confirmation under the list of it. An emulated handset holds no owner's data and
// needs neither. The report names the loss and how it was accepted.

// settlement has each loss of the backup accepted by the owner, or refuses the reset.
type settlement struct{ *common }

// acceptedHow returns how the owner accepts what cannot be saved. It is empty if they do
// not.
func (s *settlement) acceptedHow() message.Sentence {
	switch {
	case contains(s.opts.Despite, check.BackupUnsaveable):
		return message.AsIs("--despite=" + check.BackupUnsaveable)
	case len(s.opts.Confirm) == 0 && s.person.CanAsk():
		return message.Say("finding.accepted.typed")
	}
	return message.Sentence{}
}

// mustAccept refuses a job that would come to this question without a person to
// answer it. It runs before hours are spent on a copy, and again before the wipe.
func (s *settlement) mustAccept() error {
	f, _ := s.kept.Step(report.StepBackup).Findings.ByID(check.BackupUnsaveable)
	if s.emulated() || strings.TrimSpace(s.opts.WithoutBackup) != "" || f.Method == report.MethodAttested || !s.acceptedHow().Empty() {
		return nil
	}
	return Usage(message.Say("usage.unsaveable", "flag", "--despite="+check.BackupUnsaveable))
}

// unaccepted is what the owner has not accepted yet; ok is false for nothing.
func (s *settlement) unaccepted(ready report.Findings) (f report.Finding, ok bool) {
	if copied, _ := ready.ByID(check.ResetReadyBackup); copied.Status == report.StatusSkipped {
		return f, false // the whole backup was explicitly refused
	}
	f, ok = s.kept.Step(report.StepBackup).Findings.ByID(check.BackupUnsaveable)
	return f, ok && f.Method != report.MethodAttested
}

// listLosses lists what will be lost for good.
func (s *settlement) listLosses(ready report.Findings) {
	f, ok := s.unaccepted(ready)
	if !ok {
		return
	}
	if s.whole { // the outlook said what to do about it
		s.remindOfLosses(f)
		return
	}
	s.say(f.Sentence())
	if seen := f.Seen(); !seen.Empty() {
		s.say(seen)
	}
	s.say(message.Say("job.lost", "remedy", f.Advised()))
}

// remindOfLosses names each loss that the outlook listed and that no answer has accepted
// yet.
func (s *settlement) remindOfLosses(unsaveable report.Finding) {
	s.say(message.Say("job.will-be-lost"))
	s.say(unsaveable.Sentence())
	for _, f := range s.kept.Step(report.StepBackup).Findings {
		if f.ID != unsaveable.ID && f.Status == report.StatusWarn && f.Method != report.MethodAttested && s.foreseen[f.ID] == f.Summary {
			s.say(f.Sentence())
		}
	}
}

// acceptUnsaveable writes down that the owner gives up what cannot be saved, once
// the reset is confirmed and before anything is erased.
func (s *settlement) acceptUnsaveable(ready report.Findings) error {
	how := s.acceptedHow()
	if _, ok := s.unaccepted(ready); !ok || how.Empty() {
		return nil // mustAccept has refused where it had to be accepted
	}
	rec := s.kept.Step(report.StepBackup)
	for i, f := range rec.Findings {
		if f.ID == check.BackupUnsaveable {
			rec.Findings[i] = acceptedBy(f, how)
		}
	}
	return s.kept.SetStep(rec)
}

// acceptedBy returns a finding whose loss the owner has accepted, and how.
func acceptedBy(f report.Finding, how message.Sentence) report.Finding {
	f = accepted(f)
	f.See(message.Join(message.Semicolon, f.Seen(), message.Say("finding.accepted.how", "how", how)))
	return f
}

// accepted is a finding whose loss the owner has accepted.
func accepted(f report.Finding) report.Finding {
	f.Status, f.Method = report.StatusWarn, report.MethodAttested
	f.Tell(message.Say("finding.accepted", "finding", f.Sentence()))
	f.Advise(message.Sentence{})
	return f
}

// An acceptance is for the loss that was shown. When the backup is made again
// within a job, for example for a new photo, the acceptance covers the same loss or
// a part of it, and no other.

// acceptable says whether --despite can accept the loss that a finding of the
// backup names. It cannot accept the loss of the owner's own storage as a whole:
// only --without-backup, with a reason, covers that.
func acceptable(id string) bool {
	return ofBackup(id) && id != check.BackupStorageOwner
}

// checkLoss refuses an ID that begins like one of the backup and accepts nothing.
func checkLoss(id string) error {
	switch {
	case id == check.BackupStorageOwner:
		return Usage(message.Say("usage.despite.storage", "check", id))
	case !acceptable(id):
		return Usage(message.Say("usage.despite.no-backup-check", "check", id))
	}
	return nil
}

// settled holds the findings and losses of the backup that its owner was shown.
type settled struct {
	found  report.Findings
	losses backup.Losses
}

func (s *settlement) settledLosses() (was settled, err error) {
	was.found = slices.Clone(s.kept.Step(report.StepBackup).Findings)
	was.losses, err = s.losses()
	return was, err
}

// covers reports whether a loss is the one that was accepted, or part of it.
func (s settled) covers(f report.Finding, now backup.Losses) bool {
	was, ok := s.found.ByID(f.ID)
	if !ok || was.Method != report.MethodAttested || was.Status != report.StatusWarn {
		return false
	}
	if loss, counted := now.Of(f.ID); counted {
		before, _ := s.losses.Of(f.ID)
		return loss.Within(before)
	}
	return was.Summary == accepted(f).Summary && strings.HasPrefix(was.Observed, f.Observed)
}

// carryOver keeps in --despite the IDs that still cover the losses after the backup
// was made again. For the others it asks for a new acceptance.
func (s *settlement) carryOver(was settled) error {
	now, err := backup.ReadLosses(s.kept.Root())
	if err != nil {
		return err
	}
	named := s.opts.Despite
	s.opts.Despite = forgetLosses(named)
	for _, f := range s.kept.Step(report.StepBackup).Findings {
		before, _ := was.found.ByID(f.ID)
		switch {
		case was.covers(f, now):
			s.opts.Despite = append(s.opts.Despite, f.ID)
		case Stands(f) && (before.Method == report.MethodAttested || names(named, f.ID)):
			s.say(message.Say("job.more-lost", "check", f.ID, "finding", f.Sentence()))
		}
	}
	return nil
}
