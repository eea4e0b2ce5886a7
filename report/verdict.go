package report

import (
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

// Resume is the next thing to do about a step that did not come to its end: the
// [Reason.Next] of such, in the words of the catalogue.
const Resume = "run preship prepare again with --case and this folder: it goes on where it stopped"

// reasonOf makes a reason that is no check's.
func reasonOf(step string, what Sentence, next string) Reason {
	return Reason{Step: step, What: what.String(), Next: next, Message: (*Message)(nil).with(&what, nil)}
}

// because adds an error's text, if there is one.
func because(what Sentence, err string) Sentence {
	if err == "" {
		return what
	}
	return Say("%s: %s", what, Chain(err))
}

// maxChain is how many links of an error are looked up one by one.
const maxChain = 8

// Chain is the text of an error as sentences: the whole, or each link of it,
// "a: b: c", is a row of the catalogue, and stays as it is where it is not.
func Chain(err string) Sentence {
	if _, row := messageKeys[err]; row {
		return Say(err)
	}
	var links []Sentence
	for _, link := range strings.SplitN(err, ": ", maxChain) {
		if _, row := messageKeys[link]; row {
			links = append(links, Say(link))
		} else {
			links = append(links, Say("%s", link)) // shown as it is
		}
	}
	return Join(": ", links...)
}

func failedSteps(r *Report) (why []Reason) {
	for _, s := range r.Steps {
		if s.State == StepFailed {
			why = append(why, reasonOf(s.Name, because(Say("step %s failed", Say(s.Name)), s.Error), Resume))
		}
	}
	return why
}

func refusedSteps(r *Report) (why []Reason) {
	for _, s := range r.Steps {
		if s.State == StepRefused {
			r := reasonOf(s.Name, because(Say("step %s", Say(s.Name)), s.Error), Resume)
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
				why = append(why, reasonOf(s.Name, Say("nobody knows which handset this is"), Resume))
			}
		case StepFailed:
		case StepNotRun:
			why = append(why, reasonOf(s.Name, Say("step %s was not run", Say(s.Name)), Resume))
		default:
			why = append(why, reasonOf(s.Name, because(Say("step %s was interrupted", Say(s.Name)), s.Error), Resume))
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
				why = append(why, Reason{Step: s.Name, Check: f.ID, What: f.Summary, Next: f.Remedy, Message: f.Message})
			}
		}
	}
	for _, row := range asked {
		s := r.step(row.step)
		if s.State == StepDone && !slices.ContainsFunc(s.Findings, func(f Finding) bool { return strings.HasPrefix(f.ID, row.prefix) }) {
			r := reasonOf(row.step, Say("step %s answered none of these checks: %s", Say(row.step), Say(row.why)), Resume)
			r.Check = row.prefix + "*"
			why = append(why, r)
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
	return []Reason{reasonOf(
		StepVerify, Say("%s; this does not prove %s", Say(r.Rung.Title()), Say(r.Rung.NotProved())),
		"set the handset up without any account, turn USB debugging on and run preship verify",
	)}
}
