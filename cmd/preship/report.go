package main

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report"
)

func newReportCmd(e *env, g *globals) *cobra.Command {
	var opts jobOptions
	cmd := &cobra.Command{
		Use:   "report",
		Short: "seal the report of a case, as far as the job got",
		RunE:  func(cmd *cobra.Command, _ []string) error { return runReport(cmd.Context(), e, g, opts) },
	}
	cmd.Flags().StringVar(&opts.Dir, "case", "", "the case to report on")
	g.addOutputs(cmd.Flags())
	cmd.AddCommand(newReportVerifyCmd(e, g), newReportShowCmd(e, g), newReportCountersignCmd(e, g), newReportSchemaCmd(e))
	return cmd
}

func runReport(ctx context.Context, e *env, g *globals, opts jobOptions) error {
	j := job.New(host(e, g), e.Person(g.noInput), opts.of(e, g))
	defer j.Close()
	if err := j.Report(ctx); err != nil {
		return err
	}
	end := j.End()
	if g.json {
		if err := e.PrintJSON(end.Report); err != nil {
			return err
		}
	} else {
		e.tellEnd(j)
	}
	e.Ruling(end.Ruling)
	return outcome(codeWithPolicy(end.Report.Verdict, end.Ruling))
}

// tellEnd ends a job for its owner: the verdict, why, and where the report is.
func (e *env) tellEnd(j *job.Job) {
	r, dir := j.End().Report, j.Case().Dir()
	r.Reasons = j.Reasons()
	e.tellOutcome(r, dir)
	if j.InPlace() == nil {
		e.tellWhere(dir)
	}
}

// tellVerdict ends a job for a person: the verdict, why, and where the report is.
func (e *env) tellVerdict(r report.Report, dir string) {
	e.tellOutcome(r, dir)
	e.tellWhere(dir)
}

func (e *env) tellWhere(dir string) { e.Sayf("report: %s", filepath.Join(dir, "report.html")) }

// tellOutcome is the verdict, and why.
func (e *env) tellOutcome(r report.Report, dir string) {
	colour := "31"
	if r.Verdict == report.VerdictReady {
		colour = "32"
	}
	word := string(r.Verdict)
	if r.Emulated {
		word += " (EMULATED, not a real handset)"
	}
	e.Sayf("")
	e.Sayf("%s", console.Safe(e.Paint("1;"+colour, console.Escape(word))))
	e.tellReasons(r.Reasons, dir)
}

// tellReasons tells each reason once, and the next thing to do once for all the
// reasons in a row that have the same.
func (e *env) tellReasons(reasons []report.Reason, dir string) {
	told := map[string]bool{}
	for i, why := range reasons {
		if !told[why.What] {
			e.Sayf("  %s", job.Why(why))
		}
		told[why.What] = true
		switch {
		case why.Next == "", i+1 < len(reasons) && reasons[i+1].Next == why.Next:
		case why.Resumes():
			e.Sayf("    next: %s goes on where it stopped", goOn(dir))
		default:
			e.Sayf("    next: %s", why.Next)
		}
	}
}

// goOn is the command that goes on with the job of a case.
func goOn(dir string) string {
	if strings.ContainsAny(dir, " '\"$&;()") {
		dir = "'" + strings.ReplaceAll(dir, "'", `'\''`) + "'"
	}
	return "preship prepare --case " + dir
}
