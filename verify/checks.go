package verify

import (
	"fmt"
	"slices"
	"time"

	"preship/adb/handset"
	"preship/report"
)

// Check is one question and what its answer is worth.
type Check struct {
	ID    string
	Title string
	// Required: a handset may not be posted while the answer is fail or unknown.
	// Of a check that is not required only a fail counts against the handset.
	Required  bool
	Remedy    string // the next thing to do where it does not pass
	NotProved string // what a pass leaves open, "" is nothing worth telling
}

// Checks is every question this package asks, in the order it asks them.
var Checks = slices.Concat(identityChecks, lockChecks(), []Check{unlinked}, cleanChecks(), []Check{online})

// CheckByID returns the row of an ID.
func CheckByID(id string) (Check, bool) {
	i := slices.IndexFunc(Checks, func(c Check) bool { return c.ID == id })
	if i < 0 {
		return Check{}, false
	}
	return Checks[i], true
}

// findings collects the answers of one step, all of the same moment.
type findings struct {
	at   time.Time
	list []report.Finding
}

func newFindings() *findings {
	return &findings{at: time.Now().UTC().Truncate(time.Second)}
}

// add answers a check with a sentence that has nothing to fill in.
func (fs *findings) add(id string, status report.Status, summary, observed string, refs ...string) *report.Finding {
	return fs.tell(id, status, report.Say(summary), observed, refs...)
}

// tell answers a check. The remedy is the table's unless it passed.
func (fs *findings) tell(id string, status report.Status, summary report.Sentence, observed string, refs ...string) *report.Finding {
	c, ok := CheckByID(id)
	if !ok {
		panic(fmt.Sprintf("verify: no check %q", id)) // IDs come from the table
	}
	f := report.Finding{
		ID: id, Status: status, Method: report.MethodObserved,
		Observed: observed, At: fs.at,
		Evidence: slices.DeleteFunc(slices.Compact(slices.Clone(refs)), func(r string) bool { return r == "" }),
	}
	f.Tell(summary)
	if status != report.StatusPass && status != report.StatusSkipped {
		f.Advise(report.Say(c.Remedy))
	}
	fs.list = append(fs.list, f)
	return &fs.list[len(fs.list)-1]
}

// lockChecks makes the rows of the lock table into checks.
func lockChecks() []Check {
	checks := make([]Check, len(handset.Locks))
	for i, l := range handset.Locks {
		checks[i] = Check{
			ID: l.ID, Title: l.Title, Required: l.Weight == handset.Holds, Remedy: l.Removal(handset.Identity{}),
			NotProved: "what the maker's or the account's server remembers",
		}
		if l.NotProved != "" {
			checks[i].NotProved = l.NotProved
		}
	}
	return checks
}
