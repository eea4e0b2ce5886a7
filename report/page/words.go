package page

import (
	"preship/report"
	"preship/report/message"
)

// The messages of the words that report.json has where one of few is meant.
var (
	verdictWords = map[string]message.ID{
		string(report.VerdictReady): "verdict.word.ready", string(report.VerdictNotReady): "verdict.word.not-ready",
		string(report.VerdictFailed): "verdict.word.failed", string(report.VerdictIncomplete): "verdict.word.incomplete",
	}
	statusWords = map[string]message.ID{
		string(report.StatusPass): "status.pass", string(report.StatusWarn): "status.warn", string(report.StatusFail): "status.fail",
		string(report.StatusUnknown): "status.unknown", string(report.StatusSkipped): "status.skipped",
	}
	stateWords = map[string]message.ID{
		string(report.StepNotRun): "step.state.not-run", string(report.StepDone): "step.state.done", string(report.StepFailed): "step.state.failed",
		string(report.StepInterrupted): "step.state.interrupted", string(report.StepRefused): "step.state.refused",
	}
	bootloaderWords = map[string]message.ID{report.BootloaderLocked: "page.bootloader.locked", report.BootloaderUnlocked: "page.bootloader.unlocked"}
	encryptionWords = map[string]message.ID{report.EncryptionFile: "page.encryption.file", report.EncryptionBlock: "page.encryption.block", report.EncryptionNone: "page.encryption.off"}
	wayWords        = map[string]message.ID{
		"recovery": "page.way.recovery", "settings": "page.way.settings", "bench": "page.way.bench", "by-hand": "page.way.by-hand",
	}
	simWords  = map[string]message.ID{"absent": "page.sim.absent", "loaded": "page.sim.loaded", "ready": "page.sim.ready"}
	itemWords = map[string]message.ID{
		"apps": "page.item.apps", "calendar": "page.item.calendar", "calls": "page.item.calls", "contacts": "page.item.contacts",
		"mms": "page.item.mms", "sms": "page.item.sms", "settings": "page.item.settings", "wifi": "page.item.wifi",
		"pictures": "page.item.pictures", "words": "page.item.words", "blocked": "page.item.blocked",
	}
)

// wordOf returns the message of a word. A word of another version, or a handset's own,
// is shown as it is.
func wordOf(words map[string]message.ID, word string) message.Sentence {
	if id, ok := words[word]; ok {
		return message.Say(id)
	}
	return message.AsIs(word)
}

func statusOf(s report.Status) message.Sentence { return wordOf(statusWords, string(s.OrUnknown())) }
