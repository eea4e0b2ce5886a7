package verify

import "preship/report"

// identityChecks are the questions of who the handset is. One that only finds
// something wrong, such as signs of root, has a finding only then.
var identityChecks = append([]Check{
	{ID: "identity.kind", Title: "the handset is a real one", NotProved: "that a handset which does not say so is no emulator"},
	{ID: "identity.serial", Title: "the handset's own serial number is known"},
	{
		ID: "identity.imei", Title: "the IMEI is known", Required: true,
		Remedy:    "read the IMEI off the handset with *#06# or off the box, and give it with --imei",
		NotProved: "that the number was never changed on the handset",
	},
	{ID: "identity.imei.luhn", Title: "the IMEI's check digit is right", Remedy: "compare the IMEI with the box and with *#06#"},
	{ID: "identity.imei.pair", Title: "both slots have the same IMEI"},
	{ID: "identity.imei.sources", Title: "the sources of the IMEI agree", Remedy: "compare the IMEI with the box and with *#06#"},
	{ID: "identity.imei.given", Title: "the IMEI a person read off is the handset's", Required: true, Remedy: "read it off again with *#06#"},
	{ID: "identity.imei.box", Title: "the IMEI on the box is the handset's", Required: true, Remedy: wrongPaper},
	{ID: "identity.imei.sticker", Title: "the IMEI on the sticker is the handset's", Required: true, Remedy: wrongPaper},
	{ID: "identity.imei.receipt", Title: "the IMEI on the receipt is the handset's", Required: true, Remedy: wrongPaper},
	{ID: "identity.sn.box", Title: "the serial number on the box is the handset's", Required: true, Remedy: wrongPaper},
	{
		ID: report.CheckIntake, Title: "the intake form is about this handset", Required: true,
		Remedy:    "compare the form with the handset and its box, correct it with preship intake, and seal the report again",
		NotProved: "that what else the form says is true",
	},
	{
		ID: "identity.bootloader", Title: "the bootloader is locked",
		Remedy:    "tell the service centre; do not lock it again over a changed system, which can make the handset unusable",
		NotProved: "that it was never unlocked",
	},
	{ID: "identity.encryption", Title: "the storage is encrypted", Remedy: "ask the service centre whether it can work on the handset while you wait, if there is private data on it"},
	{ID: "identity.root", Title: "there are no signs of root", Remedy: "tell the service centre; cover may be refused", NotProved: "that the handset is not rooted: signs can be hidden"},
	{ID: "identity.region-flashed", Title: "the OS belongs to the hardware's region", Remedy: "tell the service centre which OS the handset was sold with"},
	{ID: "identity.contradiction", Title: "what the handset says of itself agrees"},
	{
		ID: "identity.security-settings", Title: "USB debugging (Security settings) is on",
		Remedy: "switch it on in Developer options before signing out: it asks for the signed-in account, and copying contacts and messages needs it",
	},
	{
		ID: "identity.battery", Title: "the battery is well",
		Remedy:    "tell the service centre; a battery that is hot or swollen must not be posted",
		NotProved: "that it is not swollen: look at the back of the handset",
	},
	{ID: "identity.storage", Title: "the storage can be read"},
	{ID: "identity.sims", Title: "the SIM slots can be read"},
	{ID: "identity.users", Title: "the users can be listed"},
}, scalarChecks()...)

const wrongPaper = "find the papers of this handset, or the handset of these papers, before posting it"

func scalarChecks() []Check {
	checks := make([]Check, len(scalars))
	for i, s := range scalars {
		checks[i] = Check{ID: s.id, Title: s.title}
	}
	return checks
}
