package check

const (
	ResetReadyConsent   = "reset.ready.consent"
	ResetReadyUnit      = "reset.ready.unit"
	ResetReadyBackup    = "reset.ready.backup"
	ResetReadyLocks     = "reset.ready.locks"
	ResetReadyBattery   = "reset.ready.battery"
	ResetReadyUnchanged = "reset.ready.unchanged"
	ResetReadyInside    = "reset.ready.inside"
	ResetPages          = "reset.pages"
	ResetAndroidID      = "reset.android-id"
	ResetUnit           = "reset.unit"
	ResetAnswer         = "reset.answer"
	ResetLeft           = "reset.left"
	ResetReturned       = "reset.returned"
	ResetKeyForgotten   = "reset.key-forgotten"
	ResetAttested       = "reset.attested"
)

// reset are the checks before and during the factory reset.
var reset = []Row{
	{
		ID: ResetReadyConsent, Title: "check.reset.ready.consent",
		Required: true, Why: "nobody but the owner decides that the data is erased",
		Remedy:    "reset.ready.consent.remedy",
		NotProved: "reset.ready.consent.not-proved",
	},
	{
		ID: ResetReadyUnit, Title: "check.reset.ready.unit",
		Required: true, Why: "the reset is what everything else is for",
		Remedy:    "reset.ready.unit.remedy",
		NotProved: "reset.ready.unit.not-proved",
	},
	{
		ID: ResetReadyBackup, Title: "check.reset.ready.backup",
		Required: true, Why: "the reset is what everything else is for",
		Remedy:    "reset.ready.backup.remedy",
		NotProved: "reset.ready.backup.not-proved",
	},
	{
		ID: ResetReadyLocks, Title: "check.reset.ready.locks",
		Required: true, Why: "the reset is what everything else is for",
		Remedy:    "reset.ready.locks.remedy",
		NotProved: "reset.ready.locks.not-proved",
	},
	{
		ID: ResetReadyBattery, Title: "check.reset.ready.battery",
		Required: true, Why: "the reset is what everything else is for",
		Remedy: "reset.ready.battery.remedy",
	},
	{
		ID: ResetReadyUnchanged, Title: "check.reset.ready.unchanged",
		Required: true, Why: "the reset is what everything else is for",
		Remedy:    "reset.ready.unchanged.remedy",
		NotProved: "reset.ready.unchanged.not-proved",
	},
	{
		ID: ResetReadyInside, Title: "check.reset.ready.inside",
		Required: true, Why: "the reset is what everything else is for",
		Remedy: "reset.ready.inside.remedy",
	},
	{
		ID: ResetPages, Title: "check.reset.pages",
		Required: true, Why: "the reset is what everything else is for",
		Remedy:    "reset.pages.remedy",
		NotProved: "reset.pages.not-proved",
	},
	{
		ID: ResetAndroidID, Title: "check.reset.android-id",
		Required: true, Why: "the reset is what everything else is for",
		Remedy:    "reset.android-id.remedy",
		NotProved: "reset.android-id.not-proved",
	},
	{
		ID: ResetUnit, Title: "check.reset.unit",
		Required: true, Why: "the reset is what everything else is for",
		Remedy:    "reset.unit.remedy",
		NotProved: "reset.unit.not-proved",
	},
	{
		ID: ResetAnswer, Title: "check.reset.answer",
		Why:       "without an answer the rung is lower, and the rung is judged",
		Remedy:    "reset.answer.remedy",
		NotProved: "reset.answer.not-proved",
	},
	{
		ID: ResetLeft, Title: "check.reset.left",
		Required: true, Why: "the reset is what everything else is for",
		Remedy:    "reset.left.remedy",
		NotProved: "reset.left.not-proved",
	},
	{
		ID: ResetReturned, Title: "check.reset.returned",
		Required: true, Why: "the reset is what everything else is for",
		Remedy:    "reset.returned.remedy",
		NotProved: "reset.left.not-proved",
	},
	{
		ID: ResetKeyForgotten, Title: "check.reset.key-forgotten",
		Why:       "without it the rung is lower, and the rung is judged",
		Remedy:    "reset.key-forgotten.remedy",
		NotProved: "reset.key-forgotten.not-proved",
	},
	{
		ID: ResetAttested, Title: "check.reset.attested",
		Required: true, Why: "the reset is what everything else is for",
		NotProved: "reset.attested.not-proved",
	},
}
