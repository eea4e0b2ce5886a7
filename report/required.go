package report

import (
	"strings"

	"preship/report/message"
)

// required says of which checks unknown counts against a handset, by the
// beginning of their ID; the longest beginning decides. A fail counts of every
// check, required or not.
var required = []struct {
	prefix string
	needed bool
	why    string
}{
	{"backup.", true, "wiping what was not proved saved cannot be undone"},
	{"account.", true, "a signed-in account locks the handset after the reset"},
	{"account.others", false, "accounts of other apps lock nothing"},
	{"account.mi.unlinked", false, "nobody but its owner can see the account's web page"},
	{"lock.", true, "a lock nobody saw is found by the repairer"},
	{"lock.second-space.", false, "its accounts are asked about by account.*"},
	{"lock.work-profile.", false, "what manages it is asked about by lock.owner"},
	{"lock.screen", false, "the reset takes a screen lock with it"},
	{"lock.oem-unlock", false, "tells about the factory reset protection, is no lock itself"},
	{"reset.", true, "the reset is what everything else is for"},
	{"reset.answer", false, "without an answer the rung is lower, and judged"},
	{"reset.key-forgotten", false, "without it the rung is lower, and judged"},
	{"clean.", true, "what is left on the handset is read by whoever gets it"},
	{"clean.apps", false, "an app alone is no trace: a ROM brings its own"},
	{"clean.contacts", false, "without accounts and files there is no source for them"},
	{"clean.messages", false, "without accounts and files there is no source for them"},
	{"clean.find-device", false, "no account, nothing to find the device for"},
	{"clean.boot-", false, "supports the others, shows nothing of the data"},
	{"identity.imei", true, "a phone with another IMEI than its papers is refused"},
	{"identity.imei.luhn", false, "follows from the IMEI, which is asked about itself"},
	{"identity.imei.pair", false, "follows from the IMEI, which is asked about itself"},
	{"identity.imei.sources", false, "one source is enough"},
	{CheckIntake, true, "a claim for another handset is refused, and it is only asked where there is a form"},
	{"identity.system", true, "on another system than the maker's, what is said of bootloader, root and region proves nothing"},
	{"identity.sn.box", true, "it is only asked when the owner gave the number"},
}

// asked are the checks of which at least one must have been asked: a step that
// answered nothing has not found everything in order.
var asked = []struct {
	step, prefix string
	why          message.ID
}{
	{StepBackup, "backup.", "verdict.not-asked.backup"},
	{StepAccounts, "account.", "verdict.not-asked.accounts"},
	{StepAccounts, "lock.", "verdict.not-asked.locks"},
}

// Required says whether a handset may not be posted while the answer to this
// check is unknown.
func Required(id string) bool {
	needed, length := false, -1
	for _, row := range required {
		if strings.HasPrefix(id, row.prefix) && len(row.prefix) > length {
			needed, length = row.needed, len(row.prefix)
		}
	}
	return needed
}
