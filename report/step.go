package report

import (
	"encoding/json"
	"time"

	"preship/report/message"
)

// The steps of a job, in order.
const (
	StepIdentify = "identify"
	StepBackup   = "backup"
	StepAccounts = "accounts"
	StepReset    = "reset"
	StepVerify   = "verify"
	StepReport   = "report"
)

// Steps names the steps in the order they run.
var Steps = []string{StepIdentify, StepBackup, StepAccounts, StepReset, StepVerify, StepReport}

// StepState is how far a step got.
type StepState string

const (
	StepNotRun      StepState = "not-run"
	StepRunning     StepState = "running" // also what a killed process leaves behind
	StepDone        StepState = "done"
	StepFailed      StepState = "failed" // it could not do its work
	StepInterrupted StepState = "interrupted"
	StepRefused     StepState = "refused" // a precondition did not hold; nothing was changed
)

// StepRecord is what the case remembers of one step.
type StepRecord struct {
	Name     string    `json:"name"`
	State    StepState `json:"state"`
	Started  time.Time `json:"started,omitzero"`
	Finished time.Time `json:"finished,omitzero"`
	Error    string    `json:"error,omitempty"`
	// ErrorMessage is what Error was made from; nil: an earlier version wrote it. Set
	// both with Fail.
	ErrorMessage *message.Sentence `json:"error_message,omitempty"`
	Findings     Findings          `json:"findings"`
	// Data is the step's own object: [Handset], [Backup], [Accounts], [Reset]
	// or [Clean], by step name. Empty when the step did not get that far.
	Data json.RawMessage `json:"data,omitempty"`
}

// Fail sets the error that ended the step, see [message.Of]; the empty sentence is no
// error.
func (r *StepRecord) Fail(why message.Sentence) { r.Error, r.ErrorMessage = why.String(), as(why) }

// Failed returns the error that ended the step, as a sentence.
func (r *StepRecord) Failed() message.Sentence {
	return message.Signed(r.Error, r.ErrorMessage)
}

// dropError removes personal data from the error.
func (r *StepRecord) dropError(outside func(string) string) {
	dropText(&r.Error, &r.ErrorMessage, outside)
}

// RecordOf returns the record of a step. One that is not there has state [StepNotRun].
func RecordOf(steps []StepRecord, name string) StepRecord {
	for _, s := range steps {
		if s.Name == name {
			return s
		}
	}
	return StepRecord{Name: name, State: StepNotRun}
}
