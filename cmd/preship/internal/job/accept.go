package job

import (
	"slices"
	"strings"

	"preship/adb/reset"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// Some data cannot be saved by a computer and is erased with the rest. The owner has to
// accept that loss by name: with --despite=backup.unsaveable, or by typing the
// confirmation under the list of it. An emulated handset holds no owner's data and
// needs neither. The report names the loss and how it was accepted.

// acceptedHow is how the owner accepts what cannot be saved, "" when they do not.
func (j *Job) acceptedHow() string {
	switch {
	case slices.Contains(j.opts.Despite, check.BackupUnsaveable):
		return "--despite=" + check.BackupUnsaveable
	case len(j.opts.Confirm) == 0 && j.person.CanAsk():
		return "typed at the terminal, under the list of it"
	}
	return ""
}

// mustAccept refuses a job that would come to this question without a person to
// answer it. It runs before hours are spent on a copy, and again before the wipe.
func (j *Job) mustAccept() error {
	f, _ := j.kept.Step(report.StepBackup).Findings.ByID(check.BackupUnsaveable)
	if j.emulated() || strings.TrimSpace(j.opts.WithoutBackup) != "" || f.Method == report.MethodAttested || j.acceptedHow() != "" {
		return nil
	}
	return Usage(message.Say("usage.unsaveable", "flag", "--despite="+check.BackupUnsaveable))
}

// unaccepted is what the owner has not accepted yet; ok is false for nothing.
func (j *Job) unaccepted(ready report.Findings) (f report.Finding, ok bool) {
	if copied, _ := ready.ByID(reset.CheckReadyBackup); copied.Status == report.StatusSkipped {
		return f, false // the whole backup was refused by name
	}
	f, ok = j.kept.Step(report.StepBackup).Findings.ByID(check.BackupUnsaveable)
	return f, ok && f.Method != report.MethodAttested
}

// listLosses lists what will be lost for good.
func (j *Job) listLosses(ready report.Findings) {
	f, ok := j.unaccepted(ready)
	if !ok {
		return
	}
	j.say(f.Told())
	if seen := f.Seen(); !seen.Empty() {
		j.say(seen)
	}
	j.say(message.Say("job.lost", "remedy", f.Advised()))
}

// acceptUnsaveable writes down that the owner gives up what cannot be saved, once
// the reset is confirmed and before anything is erased.
func (j *Job) acceptUnsaveable(ready report.Findings) error {
	how := j.acceptedHow()
	if _, ok := j.unaccepted(ready); !ok || how == "" {
		return nil // mustAccept has refused where it had to be accepted
	}
	rec := j.kept.Step(report.StepBackup)
	for i, f := range rec.Findings {
		if f.ID == check.BackupUnsaveable {
			rec.Findings[i] = accepted(f)
			rec.Findings[i].Observed += "; accepted: " + how
		}
	}
	return j.kept.SetStep(rec)
}

// accepted is a finding whose loss the owner has accepted.
func accepted(f report.Finding) report.Finding {
	f.Status, f.Method = report.StatusWarn, report.MethodAttested
	f.Tell(message.Say("finding.accepted", "finding", f.Told()))
	f.Advise(message.Sentence{})
	return f
}
