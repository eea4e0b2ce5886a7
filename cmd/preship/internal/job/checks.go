package job

import (
	"slices"

	"preship/adb/reset"
	"preship/backup"
	"preship/verify"
)

// BackupChecks are the IDs of the findings of a backup, which has no table of them.
var BackupChecks = []string{
	backup.FindingComplete, backup.FindingProved, backup.FindingUnreadable, backup.FindingListing,
	backup.FindingStorage, backup.FindingOwnStorage, backup.FindingKept,
	backup.FindingContacts, backup.FindingMessages, backup.FindingCalls, backup.FindingCalendar, backup.FindingApps,
	backup.FindingSettings, backup.FindingUnsaveable, backup.FindingEncrypted, backup.FindingLocal, backup.FindingKey,
}

// CheckIDs are the IDs of all checks there are.
func CheckIDs() []string {
	var ids []string
	for _, c := range verify.Checks {
		ids = append(ids, c.ID)
	}
	for _, c := range reset.Checks {
		ids = append(ids, c.ID)
	}
	return append(ids, BackupChecks...)
}

// DespiteIDs are the IDs of the checks that --despite takes.
func DespiteIDs() []string {
	return slices.DeleteFunc(CheckIDs(), func(id string) bool { return checkDespite([]string{id}) != nil })
}
