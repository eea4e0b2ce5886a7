package check

const (
	BackupComplete     = "backup.complete"
	BackupProved       = "backup.proved"
	BackupUnreadable   = "backup.unreadable"
	BackupListing      = "backup.listing"
	BackupStorage      = "backup.storage"
	BackupStorageOwner = "backup.storage.owner"
	BackupKept         = "backup.kept"
	BackupContacts     = "backup.contacts"
	BackupMessages     = "backup.messages"
	BackupCalls        = "backup.calls"
	BackupCalendar     = "backup.calendar"
	BackupApps         = "backup.apps"
	BackupSettings     = "backup.settings"
	BackupUnsaveable   = "backup.unsaveable"
	BackupEncrypted    = "backup.encrypted"
	BackupKey          = "backup.key"
	BackupLocalBackup  = "backup.local-backup"
	BackupLeftOut      = "backup.left-out"
)

// backup are the checks of the saved data.
var backup = []Row{
	{
		ID: BackupComplete, Title: "check.backup.complete",
		Required: true, Why: "wiping what was not proved saved cannot be undone",
		Remedy: "backup.unfinished.remedy",
	},
	{
		ID: BackupProved, Title: "check.backup.proved",
		Required: true, Why: "wiping what was not proved saved cannot be undone",
		Remedy: "backup.proved.missing.remedy",
	},
	{
		ID: BackupUnreadable, Title: "check.backup.unreadable",
		Required: true, Why: "wiping what was not proved saved cannot be undone",
		Remedy: "backup.unreadable.remedy",
	},
	{
		ID: BackupListing, Title: "check.backup.listing",
		Required: true, Why: "wiping what was not proved saved cannot be undone",
		Remedy: "backup.listing.doubts.remedy",
	},
	{
		ID: BackupStorage, Title: "check.backup.storage",
		Required: true, Why: "wiping what was not proved saved cannot be undone",
		Remedy: "backup.storage.lost.remedy",
	},
	{
		ID: BackupStorageOwner, Title: "check.backup.storage.owner",
		Required: true, Why: "wiping what was not proved saved cannot be undone",
		Remedy: "backup.storage.owner.remedy",
	},
	{
		ID: BackupKept, Title: "check.backup.kept",
		Required: true, Why: "wiping what was not proved saved cannot be undone",
		Remedy: "backup.kept.remedy",
	},
	{
		ID: BackupContacts, Title: "check.backup.contacts",
		Required: true, Why: "wiping what was not proved saved cannot be undone",
	},
	{
		ID: BackupMessages, Title: "check.backup.messages",
		Required: true, Why: "wiping what was not proved saved cannot be undone",
	},
	{
		ID: BackupCalls, Title: "check.backup.calls",
		Required: true, Why: "wiping what was not proved saved cannot be undone",
		Remedy: "backup.calls.remedy",
	},
	{
		ID: BackupCalendar, Title: "check.backup.calendar",
		Required: true, Why: "wiping what was not proved saved cannot be undone",
	},
	{
		ID: BackupApps, Title: "check.backup.apps",
		Required: true, Why: "wiping what was not proved saved cannot be undone",
		Remedy: "backup.apps.remedy",
	},
	{
		ID: BackupSettings, Title: "check.backup.settings",
		Required: true, Why: "wiping what was not proved saved cannot be undone",
		Remedy: "backup.settings.remedy",
	},
	{
		ID: BackupUnsaveable, Title: "check.backup.unsaveable",
		Required: true, Why: "wiping what was not proved saved cannot be undone",
		Remedy: "backup.unsaveable.remedy",
	},
	{
		ID: BackupEncrypted, Title: "check.backup.encrypted",
		Required: true, Why: "wiping what was not proved saved cannot be undone",
	},
	{
		ID: BackupKey, Title: "check.backup.key",
		Required: true, Why: "wiping what was not proved saved cannot be undone",
	},
	{
		ID: BackupLeftOut, Title: "check.backup.left-out",
		Required: true, Why: "wiping what was not proved saved cannot be undone",
		Remedy: "backup.left-out.remedy",
	},
	{
		ID: BackupLocalBackup, Title: "check.backup.local-backup",
		Required: true, Why: "wiping what was not proved saved cannot be undone",
		Remedy: "backup.local-backup.remedy",
	},
}
