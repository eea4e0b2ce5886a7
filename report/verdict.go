package report

import (
	"slices"
	"strings"

	"preship/report/check"
	"preship/report/message"
)

// rules are asked in order: the first that finds anything gives the verdict, and
// all of them add their reasons. If no rule finds anything, it is READY.
var rules = []struct {
	verdict Verdict
	why     string // why this outranks the ones below
	reasons func(*Report) []Reason
}{
	{VerdictFailed, "an error happened that the next steps depend on", failedSteps},
	{VerdictNotReady, "preship refused to continue, and no later step could run", refusedSteps},
	{VerdictIncomplete, "a check that was not asked has no answer", unfinishedSteps},
	{VerdictNotReady, "a check failed, or could not be made", openChecks},
	{VerdictNotReady, "the reset itself is not proved", openRung},
}

// decide sets the verdict and the reasons.
func (r *Report) decide() {
	r.Verdict, r.Reasons = VerdictReady, []Reason{}
	for _, rule := range rules {
		found := rule.reasons(r)
		if len(found) > 0 && r.Verdict == VerdictReady {
			r.Verdict = rule.verdict
		}
		r.Reasons = append(r.Reasons, found...)
	}
}

// Judged returns the verdict that follows from the steps, the findings and the rung of
// the report. A step that the report leaves out was not run.
func (r *Report) Judged() Verdict {
	again := *r
	again.Steps = nil
	for _, name := range Steps {
		if name != StepReport {
			again.Steps = append(again.Steps, RecordOf(r.Steps, name))
		}
	}
	again.decide()
	return again.Verdict
}

// resume is the next thing to do about a step that did not come to its end.
const resume message.ID = "verdict.resume"

// Resumes reports whether the next thing to do is to run the job again.
func (r Reason) Resumes() bool { return r.NextMessage != nil && r.NextMessage.ID() == resume }

// reasonOf makes a reason that is no check's.
func reasonOf(step string, what, next message.Sentence) Reason {
	return Reason{Step: step, What: what.String(), Next: next.String(), Message: as(what), NextMessage: as(next)}
}

// because adds the error that ended the step, if there is one.
func because(what message.Sentence, s StepRecord) message.Sentence {
	return message.Join(message.Colon, what, s.Failed())
}

func failedSteps(r *Report) (why []Reason) {
	for _, s := range r.Steps {
		if s.State == StepFailed {
			why = append(why, reasonOf(s.Name, because(message.Say("verdict.step.failed", "step", StepTitle(s.Name)), s), message.Say(resume)))
		}
	}
	return why
}

func refusedSteps(r *Report) (why []Reason) {
	for _, s := range r.Steps {
		if s.State == StepRefused {
			r := reasonOf(s.Name, because(message.Say("verdict.step", "step", StepTitle(s.Name)), s), message.Say(resume))
			if slices.ContainsFunc(s.Findings, func(f Finding) bool {
				return f.Status == StatusFail || f.Status == StatusUnknown && check.Required(f.ID)
			}) {
				r.Next, r.NextMessage = "", nil // the checks that stopped it say what to do
			}
			why = append(why, r)
		}
	}
	return why
}

func unfinishedSteps(r *Report) (why []Reason) {
	for _, s := range r.Steps {
		switch s.State {
		case StepRefused:
			return why // what comes after it was not run because of it
		case StepDone:
			if s.Name == StepIdentify && r.Handset == nil {
				why = append(why, reasonOf(s.Name, message.Say("verdict.handset-unknown"), message.Say(resume)))
			}
		case StepFailed:
		case StepNotRun:
			why = append(why, reasonOf(s.Name, message.Say("verdict.step.not-run", "step", StepTitle(s.Name)), message.Say(resume)))
		default:
			why = append(why, reasonOf(s.Name, because(message.Say("verdict.step.interrupted", "step", StepTitle(s.Name)), s), message.Say(resume)))
		}
	}
	return why
}

// Needs reports whether unknown is too little for this check. On rungs below
// the highest the handset could not be checked inside after the reset; then the
// rung is judged, not the questions that could not be asked.
func (r *Report) Needs(id string) bool {
	if strings.HasPrefix(id, "clean.") && r.Rung != RungObservedClean {
		return false
	}
	return check.Required(id)
}

func openChecks(r *Report) (why []Reason) {
	for _, s := range r.Steps {
		for _, f := range s.Findings {
			if f.Status == StatusFail || !knownStatus(f.Status) || f.Status == StatusUnknown && r.Needs(f.ID) {
				why = append(why, Reason{Step: s.Name, Check: f.ID, What: f.Summary, Next: f.Remedy, Message: f.Message, NextMessage: f.RemedyMessage})
			}
		}
	}
	for _, row := range mustAnswer {
		s := r.Step(row.step)
		if s.State == StepDone && !slices.ContainsFunc(s.Findings, func(f Finding) bool { return strings.HasPrefix(f.ID, row.prefix) }) {
			r := reasonOf(row.step, message.Say("verdict.step.not-asked", "step", StepTitle(row.step), "why", message.Say(row.why)), message.Say(resume))
			r.Check = row.prefix + "*"
			why = append(why, r)
		}
	}
	return why
}

// mustAnswer are the checks of which a finished step must have answered at least one.
var mustAnswer = []struct {
	step, prefix string
	why          message.ID
}{
	{StepBackup, "backup.", "verdict.not-asked.backup"},
	{StepAccounts, "account.", "verdict.not-asked.accounts"},
	{StepAccounts, "lock.", "verdict.not-asked.locks"},
}

// knownStatus keeps a misspelt status from counting as pass.
func knownStatus(s Status) bool {
	switch s {
	case StatusPass, StatusWarn, StatusFail, StatusUnknown, StatusSkipped:
		return true
	}
	return false
}

func openRung(r *Report) []Reason {
	if r.Rung.Enough() || r.Step(StepReset).State != StepDone || r.Step(StepVerify).State != StepDone {
		return nil // proved, or reported as unfinished already
	}
	return []Reason{reasonOf(
		StepVerify, message.Say("verdict.rung", "rung", r.Rung.Title(), "open", r.Rung.NotProved()),
		message.Say("clean.rung.remedy"),
	)}
}
