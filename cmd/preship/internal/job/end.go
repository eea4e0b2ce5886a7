package job

import (
	"errors"
	"slices"

	"preship/adb/reset"
	"preship/report"
	"preship/report/message"
	"preship/report/policy"
)

// End is how a job ended, as far as it got.
type End struct {
	Begun      bool  // the whole job began its first step
	Err        error // all that went wrong, also in a job that came to its end
	Unreported bool  // the report could not be made whole; Err says why
	Sealed     bool  // Report lies in the case, sealed, whatever came after it
	Report     report.Report
	Ruling     *policy.Ruling // of the policy on Report; nil if there is no policy
}

// End returns how the job ended.
func (j *Job) End() End { return j.end }

// Reasons returns the reasons of the verdict for the owner, who needs the names of
// files that the sealed report masks. Of a reset that was not ready it leaves out the
// names of the checks, since each of those is a reason itself.
func (j *Job) Reasons() []report.Reason {
	reasons := slices.Clone(j.end.Report.Reasons)
	for i := range reasons {
		why := &reasons[i]
		rec := j.kept.Step(why.Step)
		if f, ok := rec.Findings.ByID(why.Check); ok {
			why.What, why.Message, why.Next, why.NextMessage = f.Summary, f.Message, f.Remedy, f.RemedyMessage
		} else if why.Check == "" && notReady(rec) {
			s := message.Say("job.not-ready")
			why.What, why.Message = s.String(), &s
		}
	}
	return reasons
}

// notReady reports whether a step is a reset that a precondition stood against.
func notReady(rec report.StepRecord) bool {
	return rec.Name == report.StepReset && rec.State == report.StepRefused && errors.Is(reset.Stands(rec.Findings), reset.ErrNotReady)
}

// Why returns a reason as a sentence.
func Why(why report.Reason) message.Sentence { return message.Signed(why.What, why.Message) }

// Next returns what to do about a reason; empty if that is not known.
func Next(why report.Reason) message.Sentence { return message.Signed(why.Next, why.NextMessage) }
