package report

import (
	"time"

	"preship/report/message"
)

// DefaultLanguage is what report.json and the findings are always written in.
const DefaultLanguage = "en"

// Languages are those the pages can be written in. A text of a handset stays as it
// is, and a text without a message stays English, marked as such.
var Languages = message.Languages()

// Schema names the version of report.json.
const Schema = "urn:preship:report:v1"

// Report is report.json: everything a reader needs to decide about a handset,
// without the customer's name, without account names.
type Report struct {
	Schema       string        `json:"schema"`
	ID           string        `json:"id"` // of the case
	Verdict      Verdict       `json:"verdict"`
	Emulated     bool          `json:"emulated"` // not a real handset
	Reasons      []Reason      `json:"reasons"`  // why it is not READY; empty when it is
	Tool         Tool          `json:"tool"`
	Language     string        `json:"language"` // of the pages; the texts in the report are English
	Ticket       *Ticket       `json:"ticket"`   // nil: the intake form is not filled in
	Started      time.Time     `json:"started"`
	Finished     time.Time     `json:"finished"` // when the last step that ran ended
	Handset      *Handset      `json:"handset"`  // nil: never identified
	Backup       *Backup       `json:"backup"`
	Accounts     *Accounts     `json:"accounts"`
	Fault        *Fault        `json:"fault,omitempty"` // nil: nothing is known about it
	Reset        *Reset        `json:"reset"`
	Clean        *Clean        `json:"clean"`
	Rung         Rung          `json:"rung"` // highest rung of the ladder after the reset
	Sanitization *Sanitization `json:"sanitization"`
	Steps        []StepRecord  `json:"steps"` // all of them, with their findings; those not reached are not-run
	Signer       string        `json:"signer"`
	Supersedes   *string       `json:"supersedes"` // SHA-256 of the report.json of this case this one replaces
}

// Tool is what made the report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Commit  string `json:"commit"`
	OS      string `json:"os"`
	ADB     string `json:"adb"` // the adb server's version; "" if no server was asked
}

// Ticket is what of the intake form is no one's private affair.
type Ticket struct {
	ID       string  `json:"id"`
	RMA      string  `json:"rma"`
	ShipBy   string  `json:"ship_by"` // YYYY-MM-DD
	ShipWhy  string  `json:"ship_by_source"`
	Warranty string  `json:"warranty"` // who is asked first, see package intake
	Photos   []Photo `json:"photos"`
}

// Photo shows the condition of the handset. It is evidence like any other: part
// of the seal. It is personal: it may be withheld, and is deleted with the form.
type Photo struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
}

// Reason is one thing that is between the handset and READY.
type Reason struct {
	Step  string `json:"step"`
	Check string `json:"check"` // "" when it is the step itself
	What  string `json:"what"`
	Next  string `json:"next"` // what to do about it; "" when nothing is known
	// Message and NextMessage are what What and Next were made from, as in [Finding].
	Message     *message.Sentence `json:"message,omitempty"`
	NextMessage *message.Sentence `json:"next_message,omitempty"`
}

// Sanitization is the wiping, in the words of NIST SP 800-88r2. That document
// has no recipe a phone could comply with, so nothing here claims compliance.
type Sanitization struct {
	Framework     string     `json:"framework"`
	Method        string     `json:"method"`
	Technique     string     `json:"technique"`
	Way           string     `json:"way"` // how it was triggered
	TriggeredAt   *time.Time `json:"triggered_at"`
	PlatformClaim string     `json:"platform_claim"`
	// PlatformClaimMessage is what PlatformClaim was made from; nil: an earlier version
	// wrote it.
	PlatformClaimMessage *message.Sentence `json:"platform_claim_message,omitempty"`
	Verification         string            `json:"verification"`
	Limits               []string          `json:"limits"`     // claims that are not proved
	Validation           *string           `json:"validation"` // always null: accepting the outcome is for the organisation
}

// Emulated handsets and emulators have no owner; see [Report.Emulated].
func (h *Handset) emulated() bool { return h != nil && h.Kind != KindDevice }

// Step returns the report's record of a step.
func (r *Report) Step(name string) StepRecord { return RecordOf(r.Steps, name) }

// Only leaves out of the report every step but one.
func (r Report) Only(step string) Report {
	r.Steps = []StepRecord{r.Step(step)}
	return r
}

// Sentence returns the reason, as part of another sentence.
func (r Reason) Sentence() message.Sentence { return message.Signed(r.What, r.Message) }

// Advised returns what to do about the reason. It is empty if nothing is known.
func (r Reason) Advised() message.Sentence { return message.Signed(r.Next, r.NextMessage) }

// Claim returns what the platform claims of the wiping.
func (s *Sanitization) Claim() message.Sentence {
	return message.Signed(s.PlatformClaim, s.PlatformClaimMessage)
}

// StepTitle returns the name of a step in words. A name of another version is shown as
// it is.
func StepTitle(name string) message.Sentence {
	if id, ok := stepTitles[name]; ok {
		return message.Say(id)
	}
	return message.AsIs(name)
}

var stepTitles = map[string]message.ID{
	StepIdentify: "step.identify", StepBackup: "step.backup", StepAccounts: "step.accounts", StepReset: "step.reset", StepVerify: "step.verify", StepReport: "step.report",
}
