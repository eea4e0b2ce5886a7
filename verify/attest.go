package verify

import (
	"slices"
	"strings"
	"time"

	"preship/adb/handset"
	"preship/adb/handset/locks"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// CheckUnlinked is whether the account's own web page still lists the handset.
// Nothing but its owner can see that.
const CheckUnlinked = check.AccountMiUnlinked

// Attestation is an owner's word on a check that could not be seen.
type Attestation struct {
	Check string    `json:"check"`
	At    time.Time `json:"at"`
}

// Attestable lists the checks that an owner's word may stand for: those of what
// locks the handset, which its owner can look at on its screen, and that it has no modem
// and so no IMEI (see [handset.Identity.WithoutModem]).
func Attestable() []string {
	ids := make([]string, 0, len(locks.All)+2)
	for _, l := range locks.All {
		ids = append(ids, l.ID)
	}
	return append(ids, CheckUnlinked, check.IdentityIMEI)
}

// Attest puts an owner's word in the place of an unknown answer: such a finding becomes
// a warning, attested. An observed answer does not change. It returns the checks whose
// attestation contradicts the observation. The word that a handset has no modem is not
// taken here: [Identity] takes it where nothing contradicts it.
func Attest(seen *report.Accounts, found []report.Finding, said []Attestation) (contradicted []string) {
	for _, a := range said {
		if !slices.Contains(Attestable(), a.Check) || a.Check == check.IdentityIMEI {
			continue
		}
		for i := range found {
			f := &found[i]
			switch {
			case f.ID != a.Check:
			case f.Status == report.StatusFail:
				contradicted = append(contradicted, f.ID)
			case f.Status == report.StatusUnknown:
				attest(f, a)
			}
		}
	}
	for i := range seen.Locks {
		l := &seen.Locks[i]
		if f, ok := report.Findings(found).ByID(l.ID); ok {
			l.Status, l.Method = f.Status, f.Method
		}
	}
	return contradicted
}

func attest(f *report.Finding, a Attestation) {
	before := strings.TrimSuffix(f.Summary, ".")
	if f.Observed != "" {
		before += "; " + f.Observed
	}
	f.Observed = before
	f.Status, f.Method = report.StatusWarn, report.MethodAttested
	f.Tell(message.Say("finding.attested", "words", message.Say(clearWords(f.ID))))
	f.Advise(message.Sentence{})
	f.At = a.At.UTC().Truncate(time.Second)
}

func clearWords(id string) message.ID {
	if l := locks.ByID(id); l != nil {
		return l.Clear
	}
	if id == check.IdentityIMEI {
		return noModemWords
	}
	return "account.mi.unlinked.clear"
}

// linked adds the finding that only the owner can see the maker's side, and how.
func (fs *findings) linked(id handset.Identity) {
	if id.Vendor == nil || id.Vendor.Unlink == "" {
		return
	}
	f := fs.add(CheckUnlinked, report.StatusUnknown, "account.mi.unlinked.unknown", message.Sentence{})
	f.Advise(message.Say("account.mi.unlinked.remedy", "how", message.Say(id.Vendor.Unlink), "check", CheckUnlinked))
}
