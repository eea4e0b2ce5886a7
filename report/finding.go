package report

import (
	"encoding/json"
	"slices"
	"time"

	"preship/report/message"
	"preship/report/pattern"
)

// Status is the outcome of a check.
type Status string

const (
	StatusPass    Status = "pass"
	StatusWarn    Status = "warn"    // looked, and the owner should know; does not stop the job
	StatusFail    Status = "fail"    // looked, and it is wrong
	StatusUnknown Status = "unknown" // could not be seen; never counts as pass
	StatusSkipped Status = "skipped" // does not apply, or explicitly declined
)

// OrUnknown returns the status, and [StatusUnknown] for any other word.
func (s Status) OrUnknown() Status {
	if knownStatus(s) {
		return s
	}
	return StatusUnknown
}

// Method says how a finding came about.
type Method string

const (
	MethodObserved Method = "observed" // the handset itself answered
	MethodInferred Method = "inferred" // follows from something observed
	MethodAttested Method = "attested" // a person confirmed it
)

// PictureName matches the names of pictures that a case keeps.
var PictureName = pattern.New(`^evidence/condition-[0-9]{2}\.(?:jpg|png)$`)

// EvidenceName matches the names of answers that a case keeps, which findings refer to.
var EvidenceName = pattern.New(`^evidence/([0-9]{4,9})-[a-z0-9][a-z0-9.-]{0,63}\.txt$`)

// Finding is the answer to one check.
type Finding struct {
	ID       string    `json:"id"` // stable, such as "account.mi.signed-out"
	Status   Status    `json:"status"`
	Method   Method    `json:"method"`
	Summary  string    `json:"summary"`  // one sentence for a person
	Observed string    `json:"observed"` // the observation, with personal data masked
	Evidence []string  `json:"evidence"` // refs returned by [Case.Record]
	Remedy   string    `json:"remedy"`   // the next thing to do; "" when nothing is
	At       time.Time `json:"at"`
	// Message and RemedyMessage are what Summary and Remedy were made from; nil: an
	// earlier version wrote them. Set them with Tell and Advise.
	Message       *message.Sentence `json:"message,omitempty"`
	RemedyMessage *message.Sentence `json:"remedy_message,omitempty"`
	// ObservedMessage is what Observed was made from; nil: it is what the handset or a
	// person said, or an earlier version wrote it. Set it with See.
	ObservedMessage *message.Sentence `json:"observed_message,omitempty"`
}

// MarshalJSON writes evidence as [] rather than null: no evidence is a known
// fact, and scripts index it without a nil check.
func (f Finding) MarshalJSON() ([]byte, error) { return json.Marshal(f.plain()) }

// plainFinding is a finding as it is written, without a method that writes it.
type plainFinding Finding

func (f Finding) plain() plainFinding {
	if f.Evidence == nil {
		f.Evidence = []string{}
	}
	return plainFinding(f)
}

// Findings is a list of findings that is never null in JSON.
type Findings []Finding

// MarshalJSON writes a nil list as []. It writes the findings itself: what a method returns
// is read and written once more at each level.
func (fs Findings) MarshalJSON() ([]byte, error) {
	list := make([]plainFinding, len(fs))
	for i, f := range fs {
		list[i] = f.plain()
	}
	return json.Marshal(list)
}

// ByID returns the last finding with that ID, and whether there is one.
// The last one counts because a check that was asked again replaces its answer.
func (fs Findings) ByID(id string) (Finding, bool) {
	for _, f := range slices.Backward(fs) {
		if f.ID == id {
			return f, true
		}
	}
	return Finding{}, false
}

// Tell sets what the finding says.
func (f *Finding) Tell(s message.Sentence) { f.Summary, f.Message = s.String(), as(s) }

// Advise sets the next thing to do; the empty sentence is nothing.
func (f *Finding) Advise(s message.Sentence) { f.Remedy, f.RemedyMessage = s.String(), as(s) }

// See sets the observation.
func (f *Finding) See(s message.Sentence) { f.Observed, f.ObservedMessage = s.String(), as(s) }

// Seen returns the observation; empty if there is nothing to show. Words of the handset
// or of a person are the same in every language.
func (f Finding) Seen() message.Sentence {
	if f.Observed == "" {
		return message.Sentence{}
	}
	if s := message.Signed(f.Observed, f.ObservedMessage); s.ID() != "" {
		return s
	}
	return message.AsIs(f.Observed)
}

// Sentence returns the sentence of the finding, as part of another sentence.
//
//go:noinline
func (f Finding) Sentence() message.Sentence { return message.Signed(f.Summary, f.Message) }

// Advised returns the finding's remedy, to be put into another sentence.
func (f Finding) Advised() message.Sentence { return message.Signed(f.Remedy, f.RemedyMessage) }

// as returns the sentence as a finding keeps it: nil if it is empty.
func as(s message.Sentence) *message.Sentence {
	if s.Empty() {
		return nil
	}
	return &s
}

// Verdict is the one word a reader needs.
type Verdict string

const (
	VerdictReady      Verdict = "READY"      // may be posted
	VerdictNotReady   Verdict = "NOT READY"  // every step ran, something is missing or unproved
	VerdictFailed     Verdict = "FAILED"     // a step could not do its work
	VerdictIncomplete Verdict = "INCOMPLETE" // a step did not run to its end
)
