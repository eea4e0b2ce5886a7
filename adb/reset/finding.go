package reset

import (
	"preship/adb/handset/dump"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// finding answers a check with a sentence that has nothing to fill in.
func finding(id string, status report.Status, summary message.ID, observed message.Sentence) report.Finding {
	return told(id, status, message.Say(summary), observed)
}

// unseen is the observation of a finding that has nothing to show.
var unseen message.Sentence

// printed is an observation in the words of the handset or of a person.
func printed(text string, most int) message.Sentence {
	return message.English(dump.Printable([]byte(text), most))
}

// reason is an error as an observation.
func reason(err error, most int) message.Sentence {
	return message.Of(err).Map(func(s string) string { return dump.Printable([]byte(s), most) })
}

// told returns a finding with an observation; the caller sets the time. Its remedy
// is the table's unless it passed.
func told(id string, status report.Status, summary, observed message.Sentence) report.Finding {
	f := report.Finding{ID: id, Status: status, Method: report.MethodObserved, Observed: observed.String()}
	if observed.ID() != "" {
		f.See(observed)
	}
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
