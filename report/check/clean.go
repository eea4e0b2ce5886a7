package check

const (
	CleanSameUnit    = "clean.same-unit"
	CleanRepairMode  = "clean.repair-mode"
	CleanAccounts    = "clean.accounts"
	CleanUsers       = "clean.users"
	CleanAndroidID   = "clean.android-id"
	CleanFiles       = "clean.files"
	CleanApps        = "clean.apps"
	CleanContacts    = "clean.contacts"
	CleanMessages    = "clean.messages"
	CleanFindDevice  = "clean.find-device"
	CleanBootCount   = "clean.boot-count"
	CleanBootReason  = "clean.boot-reason"
	CleanBootHistory = "clean.boot-history"
	CleanRung        = "clean.rung"
)

// clean are the checks of the handset after the reset.
var clean = []Row{
	{
		ID: CleanSameUnit, Title: "check.clean.same-unit",
		Required: true, Why: "whoever gets the handset can read what is left on it",
		Remedy:    "clean.same-unit.remedy",
		NotProved: "clean.same-unit.not-proved",
	},
	{
		ID: CleanRepairMode, Title: "check.clean.repair-mode",
		Required: true, Why: "whoever gets the handset can read what is left on it",
		Remedy:    "clean.repair-mode.remedy",
		NotProved: "lock.repair-mode.not-proved",
	},
	{
		ID: CleanAccounts, Title: "check.clean.accounts",
		Required: true, Why: "whoever gets the handset can read what is left on it",
		Remedy:    "clean.accounts.remedy",
		NotProved: "clean.accounts.not-proved",
	},
	{
		ID: CleanUsers, Title: "check.clean.users",
		Required: true, Why: "whoever gets the handset can read what is left on it",
		Remedy: "clean.users.remedy",
	},
	{
		ID: CleanAndroidID, Title: "check.clean.android-id",
		Required: true, Why: "whoever gets the handset can read what is left on it",
		Remedy:    "clean.android-id.remedy",
		NotProved: "clean.android-id.not-proved",
	},
	{
		ID: CleanFiles, Title: "check.clean.files",
		Required: true, Why: "whoever gets the handset can read what is left on it",
		Remedy:    "clean.remedy.look",
		NotProved: "clean.files.not-proved",
	},
	{
		ID: CleanApps, Title: "check.clean.apps",
		Why:       "an app alone is no trace: a ROM brings its own",
		Remedy:    "clean.apps.remedy",
		NotProved: "clean.apps.not-proved",
	},
	{
		ID: CleanContacts, Title: "check.clean.contacts",
		Why:       "without accounts and files they have no source",
		Remedy:    "clean.remedy.look",
		NotProved: "clean.contacts.not-proved",
	},
	{
		ID: CleanMessages, Title: "check.clean.messages",
		Why:       "without accounts and files they have no source",
		Remedy:    "clean.remedy.look",
		NotProved: "clean.messages.not-proved",
	},
	{
		ID: CleanFindDevice, Title: "check.clean.find-device",
		Why:       "without an account Find Device has nothing to find the handset for",
		Remedy:    "clean.find-device.remedy",
		NotProved: "clean.find-device.not-proved",
	},
	{
		ID: CleanBootCount, Title: "check.clean.boot-count",
		Why:       "it supports the others and shows nothing of the data",
		NotProved: "clean.boot-count.not-proved",
	},
	{
		ID: CleanBootReason, Title: "check.clean.boot-reason",
		Why:       "it supports the others and shows nothing of the data",
		NotProved: "clean.boot-reason.not-proved",
	},
	{
		ID: CleanBootHistory, Title: "check.clean.boot-history",
		Why:       "it supports the others and shows nothing of the data",
		NotProved: "clean.boot-history.not-proved",
	},
	{
		ID: CleanRung, Title: "check.clean.rung",
		Required: true, Why: "whoever gets the handset can read what is left on it",
		Remedy:    "clean.rung.remedy",
		NotProved: "clean.rung.not-proved",
	},
}
