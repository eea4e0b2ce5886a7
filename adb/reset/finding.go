package reset

import (
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// finding answers a check with a sentence that has nothing to fill in.
func finding(id string, status report.Status, summary message.ID, observed string) report.Finding {
	return told(id, status, message.Say(summary), observed)
}

// told returns a finding with an observation; the caller sets the time. Its remedy
// is the table's unless it passed.
func told(id string, status report.Status, summary message.Sentence, observed string) report.Finding {
	f := report.Finding{ID: id, Status: status, Method: report.MethodObserved, Observed: observed}
	f.Tell(summary)
	if status != report.StatusPass {
		f.Advise(remedyOf(id))
	}
	return f
}

// accepted makes of a finding one that its owner has accepted by name.
func accepted(f report.Finding, summary message.Sentence) report.Finding {
	f.Status, f.Method = report.StatusWarn, report.MethodAttested
	f.Tell(summary)
	f.Advise(message.Sentence{})
	return f
}

// remedyOf is what a check advises; the empty sentence is nothing.
func remedyOf(id string) message.Sentence {
	row, ok := check.ByID(id)
	switch {
	case !ok:
		panic("reset: no check " + id) // IDs come from the table
	case row.Remedy == "":
		return message.Sentence{}
	}
	return message.Say(row.Remedy)
}
