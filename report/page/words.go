package page

import (
	"preship/report"
	"preship/report/message"
)

// The messages of the words that report.json has where one of few is meant.
var (
	bootloaderWords = map[string]message.ID{report.BootloaderLocked: "page.bootloader.locked", report.BootloaderUnlocked: "page.bootloader.unlocked"}
	encryptionWords = map[string]message.ID{report.EncryptionFile: "page.encryption.file", report.EncryptionBlock: "page.encryption.block", report.EncryptionNone: "page.encryption.off"}
	wayWords        = map[string]message.ID{
		"recovery": "page.way.recovery", "settings": "page.way.settings", "bench": "page.way.bench", "by-hand": "page.way.by-hand",
	}
	simWords = map[string]message.ID{"absent": "page.sim.absent", "loaded": "page.sim.loaded", "ready": "page.sim.ready"}
	// stateWords are adb's words for the states that a handset can return in.
	stateWords = map[string]message.ID{
		"device": "devices.state.device", "unauthorized": "devices.state.unauthorized", "authorizing": "devices.state.authorizing",
		"connecting": "devices.state.connecting", "offline": "devices.state.offline", "no permissions": "devices.state.no-permissions",
		"recovery": "devices.state.recovery", "sideload": "devices.state.sideload", "rescue": "devices.state.rescue",
		"bootloader": "devices.state.bootloader", "host": "devices.state.host", "detached": "devices.state.detached", "unknown": "devices.state.unknown",
	}
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
