package report

import "preship/report/message"

// The messages of the words of a report that a person reads.
var (
	verdictWords = map[Verdict]message.ID{
		VerdictReady: "verdict.word.ready", VerdictNotReady: "verdict.word.not-ready",
		VerdictFailed: "verdict.word.failed", VerdictIncomplete: "verdict.word.incomplete",
	}
	statusWords = map[Status]message.ID{
		StatusPass: "status.pass", StatusWarn: "status.warn", StatusFail: "status.fail",
		StatusUnknown: "status.unknown", StatusSkipped: "status.skipped",
	}
	stateWords = map[StepState]message.ID{
		StepNotRun: "step.state.not-run", StepRunning: "step.state.running", StepDone: "step.state.done", StepFailed: "step.state.failed",
		StepInterrupted: "step.state.interrupted", StepRefused: "step.state.refused",
	}
	methodWords = map[Method]message.ID{
		MethodObserved: "status.method.observed", MethodInferred: "status.method.inferred", MethodAttested: "status.method.attested",
	}
)

// Word returns the verdict for people. A verdict of another version is shown unchanged.
func (v Verdict) Word() message.Sentence { return wordOf(verdictWords, v) }

// Word returns the status for people. One that is not known is "unknown".
func (s Status) Word() message.Sentence { return wordOf(statusWords, s.OrUnknown()) }

// Word returns the state for people. A state of another version is shown unchanged.
func (s StepState) Word() message.Sentence { return wordOf(stateWords, s) }

// Word returns the method for people. A method of another version is shown unchanged.
func (m Method) Word() message.Sentence { return wordOf(methodWords, m) }

func wordOf[W ~string](words map[W]message.ID, word W) message.Sentence {
	if id, ok := words[word]; ok {
		return message.Say(id)
	}
	return message.AsIs(string(word))
}
