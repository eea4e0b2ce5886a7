package reset

import "preship/report"

// Check is one question a reset answers with a finding.
type Check struct {
	ID        string
	Title     string
	Remedy    string // the next thing to do where it does not pass
	NotProved string // what a pass leaves open
}

// The preconditions, asked by [Ready].
const (
	CheckReadyUnit    = "reset.ready.unit"
	CheckReadyBackup  = "reset.ready.backup"
	CheckReadyLocks   = "reset.ready.locks"
	CheckReadyBattery = "reset.ready.battery"
	// CheckReadyUnchanged: nothing is on the handset that the backup lacks.
	CheckReadyUnchanged = "reset.ready.unchanged"
	// CheckReadyInside: no SIM or SD card is in it. It stops nothing.
	CheckReadyInside = "reset.ready.inside"
)

// What a reset itself showed.
const (
	CheckUnit         = "reset.unit"
	CheckPages        = "reset.pages"
	CheckAndroidID    = "reset.android-id"
	CheckAnswer       = "reset.answer"
	CheckLeft         = "reset.left"
	CheckReturned     = "reset.returned"
	CheckKeyForgotten = "reset.key-forgotten"
	CheckAttested     = "reset.attested"
)

// Checks is the table of them all.
var Checks = []Check{
	{
		ID: CheckReadyUnit, Title: "the connected handset is the one of this case",
		Remedy:    "connect the handset this case was made for, or start a new case for this one",
		NotProved: "that nobody changes the cable to another handset afterwards; the reset asks again",
	},
	{
		ID: CheckReadyBackup, Title: "the backup is proved, on the disk it lies on",
		Remedy:    "run preship backup again, or refuse the backup by name with --without-backup=\"reason\"",
		NotProved: "that what was changed on the handset since the backup was saved",
	},
	{
		ID: CheckReadyLocks, Title: "nothing locks the handset any more",
		Remedy:    "remove the lock as preship accounts tells; what only you can see, say with --attest=CHECK-ID; or override it by name with --despite=CHECK-ID",
		NotProved: "what the vendor's server remembers",
	},
	{
		ID: CheckReadyBattery, Title: "the battery lasts through a reset",
		Remedy:    "charge the handset to 30 %",
		NotProved: "",
	},
	{
		ID: CheckReadyUnchanged, Title: "nothing is on the handset that the backup lacks",
		Remedy:    "run preship backup again on this case, which copies only what is new; or erase it by name with --despite=" + CheckReadyUnchanged,
		NotProved: "that nothing inside an app is new, and that no event was renamed: an app's own files cannot be looked at",
	},
	{
		ID: CheckReadyInside, Title: "no SIM or SD card is inside",
		Remedy:    "take SIM cards and SD card out before the handset is posted; the reset leaves an SD card as it is",
		NotProved: "",
	},
	{
		ID: CheckPages, Title: "the vendor's own reset was followed to its last question",
		Remedy:    "turn Find Device off in the handset's account settings, for which it must be online, or sign the account out",
		NotProved: "that the vendor's server has let go of the handset",
	},
	{
		ID: CheckAndroidID, Title: "the handset has another Android ID",
		Remedy:    "run preship verify",
		NotProved: "that the files are gone; preship verify looks",
	},
	{
		ID: CheckUnit, Title: "the recovery belongs to this handset",
		Remedy:    "nothing was wiped: choose Reboot in the recovery's menu, and connect the right handset",
		NotProved: "the single unit, where only the model could be compared",
	},
	{
		ID: CheckAnswer, Title: "the recovery said that the data is formatted",
		Remedy:    "look at the handset's screen: if it still holds the data, run preship reset again or reset it by hand",
		NotProved: "that accounts are unlinked on the vendor's server",
	},
	{
		ID: CheckLeft, Title: "the handset left the bus",
		Remedy:    "look at the handset's screen, and run preship reset again: it goes on where it stopped",
		NotProved: "that it was reset: a restart looks the same",
	},
	{
		ID: CheckReturned, Title: "the handset came back under the same serial",
		Remedy:    "a handset that was reset comes back only once it is set up and USB debugging is on; for a stronger proof do that, without an account, and run preship verify",
		NotProved: "that it was reset: a restart looks the same",
	},
	{
		ID: CheckKeyForgotten, Title: "the handset has forgotten this computer",
		Remedy:    "look at the handset's screen: if its data is still there it was not reset, so reset it again; else set it up without an account and run preship verify",
		NotProved: "that the data is gone: authorisations can also be revoked in the developer options",
	},
	{
		ID: CheckAttested, Title: "a person saw the handset reset",
		Remedy:    "",
		NotProved: "anything to somebody who does not believe that person",
	},
}

// check returns the row of an ID.
func check(id string) Check {
	for _, c := range Checks {
		if c.ID == id {
			return c
		}
	}
	panic("reset: no check " + id)
}

// finding answers a check with a sentence that has nothing to fill in.
func finding(id string, status report.Status, summary, observed string) report.Finding {
	return told(id, status, report.Say(summary), observed)
}

// told answers a check by what was observed; the caller sets the time. Its remedy
// is the table's unless it passed.
func told(id string, status report.Status, summary report.Sentence, observed string) report.Finding {
	f := report.Finding{ID: id, Status: status, Method: report.MethodObserved, Observed: observed}
	f.Tell(summary)
	if status != report.StatusPass {
		f.Advise(report.Say(check(id).Remedy))
	}
	return f
}

// accepted makes of a finding one that its owner has accepted by name.
func accepted(f report.Finding, summary report.Sentence) report.Finding {
	f.Status, f.Method = report.StatusWarn, report.MethodAttested
	f.Tell(summary)
	f.Advise(report.Say(""))
	return f
}
