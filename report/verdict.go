package report

import (
	"fmt"
	"slices"
	"strings"
)

// rules are asked in order: the first that finds anything gives the verdict, and
// everything all of them find is told as reasons. When none does, it is READY.
var rules = []struct {
	verdict Verdict
	why     string // why this outranks the ones below
	reasons func(*Report) []Reason
}{
	{VerdictFailed, "something went wrong that the next steps built upon", failedSteps},
	{VerdictNotReady, "preship would not go on, and nothing after that could run", refusedSteps},
	{VerdictIncomplete, "what was not asked cannot be judged", unfinishedSteps},
	{VerdictNotReady, "a check failed, or nobody could look", openChecks},
	{VerdictNotReady, "the reset itself is not proved", openRung},
}

// judge sets the verdict and the reasons.
func (r *Report) judge() {
	r.Verdict, r.Reasons = VerdictReady, []Reason{}
	for _, rule := range rules {
		found := rule.reasons(r)
		if len(found) > 0 && r.Verdict == VerdictReady {
			r.Verdict = rule.verdict
		}
		r.Reasons = append(r.Reasons, found...)
	}
}

const resume = "run preship prepare again with --case and this folder: it goes on where it stopped"

func failedSteps(r *Report) (why []Reason) {
	for _, s := range r.Steps {
		if s.State == StepFailed {
			what := fmt.Sprintf("step %s failed", s.Name)
			if s.Error != "" {
				what += ": " + s.Error
			}
			why = append(why, Reason{Step: s.Name, What: what, Next: resume})
		}
	}
	return why
}

func refusedSteps(r *Report) (why []Reason) {
	for _, s := range r.Steps {
		if s.State == StepRefused {
			r := Reason{Step: s.Name, What: fmt.Sprintf("step %s: %s", s.Name, s.Error), Next: resume}
			if slices.ContainsFunc(s.Findings, func(f Finding) bool { return f.Status == StatusFail }) {
				r.Next = "" // the checks that stopped it say what to do
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
				why = append(why, Reason{Step: s.Name, What: "nobody knows which handset this is", Next: resume})
			}
		case StepFailed:
		case StepNotRun:
			why = append(why, Reason{Step: s.Name, What: fmt.Sprintf("step %s was not run", s.Name), Next: resume})
		default:
			what := fmt.Sprintf("step %s was interrupted", s.Name)
			if s.Error != "" {
				what += ": " + s.Error
			}
			why = append(why, Reason{Step: s.Name, What: what, Next: resume})
		}
	}
	return why
}

// isNeeded says whether unknown is too little for this check. On rungs below
// the highest nobody could look inside the handset after the reset; then the
// rung is what is judged, not the questions that could not be asked.
func (r *Report) isNeeded(id string) bool {
	if strings.HasPrefix(id, "clean.") && r.Rung != RungObservedClean {
		return false
	}
	return Required(id)
}

func openChecks(r *Report) (why []Reason) {
	for _, s := range r.Steps {
		for _, f := range s.Findings {
			if f.Status == StatusFail || !knownStatus(f.Status) || f.Status == StatusUnknown && r.isNeeded(f.ID) {
				why = append(why, Reason{Step: s.Name, Check: f.ID, What: f.Summary, Next: f.Remedy})
			}
		}
	}
	for _, row := range asked {
		s := r.step(row.step)
		if s.State == StepDone && !slices.ContainsFunc(s.Findings, func(f Finding) bool { return strings.HasPrefix(f.ID, row.prefix) }) {
			why = append(why, Reason{
				Step: row.step, Check: row.prefix + "*",
				What: fmt.Sprintf("step %s answered none of these checks: %s", row.step, row.why), Next: resume,
			})
		}
	}
	return why
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
	if r.Rung.Enough() || r.step(StepReset).State != StepDone || r.step(StepVerify).State != StepDone {
		return nil // proved, or told as unfinished already
	}
	return []Reason{{
		Step: StepVerify,
		What: fmt.Sprintf("%s; this does not prove %s", r.Rung.Title(), r.Rung.NotProved()),
		Next: "set the handset up without any account, turn USB debugging on and run preship verify",
	}}
}
