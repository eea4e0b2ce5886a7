package verify

import (
	"fmt"
	"slices"
	"time"

	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// findings collects the answers of one step, all of the same moment.
type findings struct {
	at   time.Time
	list []report.Finding
}

func newFindings() *findings {
	return &findings{at: time.Now().UTC().Truncate(time.Second)}
}

// add answers a check with a sentence that has nothing to fill in.
func (fs *findings) add(id string, status report.Status, summary message.ID, observed message.Sentence, refs ...string) *report.Finding {
	return fs.see(id, status, message.Say(summary), observed, refs...)
}

// words is an observation in the words of the handset or of a person.
func words(text string) message.Sentence { return message.English(text) }

// see answers a check. The remedy is the table's unless it passed.
func (fs *findings) see(id string, status report.Status, summary, observed message.Sentence, refs ...string) *report.Finding {
	c, ok := check.ByID(id)
	if !ok {
		panic(fmt.Sprintf("verify: no check %q", id)) // IDs come from the table
	}
	f := report.Finding{
		ID: id, Status: status, Method: report.MethodObserved,
		Observed: observed.String(), At: fs.at,
		Evidence: slices.DeleteFunc(slices.Compact(slices.Clone(refs)), func(r string) bool { return r == "" }),
	}
	f.Tell(summary)
	if observed.ID() != "" {
		f.See(observed)
	}
	if status != report.StatusPass && status != report.StatusSkipped {
		f.Advise(remedyOf(c))
	}
	fs.list = append(fs.list, f)
	return &fs.list[len(fs.list)-1]
}

// remedyOf is what a check advises; the empty sentence is nothing.
func remedyOf(c check.Row) message.Sentence {
	if c.Remedy == "" {
		return message.Sentence{}
	}
	return message.Say(c.Remedy)
}
