package job

import (
	"slices"
	"strings"

	"preship/adb/reset"
	"preship/report"
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
// files that the sealed report masks.
func (j *Job) Reasons() []report.Reason {
	reasons := slices.Clone(j.end.Report.Reasons)
	for i, why := range reasons {
		if f, ok := j.kept.Step(why.Step).Findings.ByID(why.Check); ok {
			reasons[i].What, reasons[i].Next = f.Summary, f.Remedy
		}
	}
	return reasons
}

// Why returns a reason in words. Of a reset that was not ready it leaves out the
// names of the checks, since those tell themselves what they found.
func Why(why report.Reason) string {
	if why.Check == "" && strings.Contains(why.What, reset.ErrNotReady.Error()) {
		return "step reset was not begun, because of what follows"
	}
	return why.What
}
