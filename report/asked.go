package report

import "preship/report/message"

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
