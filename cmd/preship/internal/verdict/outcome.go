package verdict

import (
	"os"
	"path/filepath"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
)

// End says how a job ended: the verdict, the reasons, and where the report is.
func End(c *console.Console, j *job.Job) {
	r, dir := j.End().Report, j.Case().Dir()
	r.Reasons = j.Reasons()
	if j.End().Stopped {
		r.Reasons = nil // the outlook said them, with what to do
	}
	r.Reasons = causes(r.Reasons)
	for i, why := range r.Reasons {
		if why.Message != nil && why.Message.ID() == "verdict.step.interrupted" {
			r.Reasons[i].Next, r.Reasons[i].NextMessage = "", nil // the hint for the error says how to resume
		}
	}
	outcome(c, r, dir)
	if j.InPlace() == nil {
		where(c, dir, r.ID)
	}
}

// causes returns reasons without those that follow from the one before: after a step that
// ended early, that something was not reached or not run. The last thing to do stays.
func causes(all []report.Reason) []report.Reason {
	var left []report.Reason
	for _, why := range all {
		last := len(left) - 1
		if last < 0 || !job.Follows(why.Message) {
			left = append(left, why)
		} else if why.Next != "" {
			left[last].Next, left[last].NextMessage = why.Next, why.NextMessage
		}
	}
	return left
}

// Report says what a report ends with: the verdict, the reasons, and where its page is.
func Report(c *console.Console, r report.Report, dir string) {
	outcome(c, r, dir)
	where(c, dir, r.ID)
}

func where(c *console.Console, dir, id string) {
	c.Say(message.Say("outcome.report", "path", filepath.Join(dir, "report.html")))
	parcel := filepath.Join(dir, casedir.ParcelName(id))
	if _, err := os.Stat(parcel); err == nil {
		c.Say(message.Say("outcome.parcel", "path", parcel))
	}
}

// outcome says the verdict, and why.
func outcome(c *console.Console, r report.Report, dir string) {
	colour := "31"
	if r.Verdict == report.VerdictReady {
		colour = "32"
	}
	c.Sayf("")
	c.Sayf("%s", console.Safe(c.Paint("1;"+colour, c.Words(word(r.Verdict, r.Emulated)))))
	reasons(c, r.Reasons, dir)
}

// word is the verdict, and whether it is about an emulated handset.
func word(v report.Verdict, emulated bool) message.Sentence {
	if emulated {
		return message.Say("outcome.emulated", "verdict", v.Word())
	}
	return v.Word()
}

// reasons says each reason once, and the next thing to do once for all the reasons in
// a row that share it.
func reasons(c *console.Console, all []report.Reason, dir string) {
	said := map[string]bool{}
	for i, why := range all {
		if !said[why.What] {
			c.Sayf("  %s", job.Why(why))
		}
		said[why.What] = true
		switch {
		case why.Next == "", i+1 < len(all) && all[i+1].Next == why.Next:
		case why.Resumes():
			c.Sayf("    %s", message.Say("outcome.next.resume", "command", Resume(dir)))
		default:
			c.Sayf("    %s", message.Say("outcome.next", "next", why.Advised()))
			c.SayCommand("    ", dir, why.Advised())
		}
	}
}

// Resume returns the command that resumes the job of a case.
func Resume(dir string) string { return "preship prepare --case " + console.Quote(dir) }
