package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"preship/adb/reset"
	"preship/cmd/preship/internal/console"
	"preship/report"
	"preship/report/seal"
)

func newReportCmd(e *env, g *globals) *cobra.Command {
	var opts jobOptions
	cmd := &cobra.Command{
		Use:   "report",
		Short: "seal the report of a case, as far as the job got",
		RunE:  func(cmd *cobra.Command, _ []string) error { return runReport(cmd.Context(), e, g, opts) },
	}
	cmd.Flags().StringVar(&opts.dir, "case", "", "the case to report on")
	g.addOutputs(cmd.Flags())
	cmd.AddCommand(newReportVerifyCmd(e, g), newReportShowCmd(e, g), newReportCountersignCmd(e, g), newReportSchemaCmd(e))
	return cmd
}

func runReport(ctx context.Context, e *env, g *globals, opts jobOptions) error {
	if opts.dir == "" {
		return usagef("say which job to report on: --case DIR")
	}
	j := newJob(e, g, opts)
	if err := j.openCase(); err != nil {
		return err
	}
	defer j.close()
	if err := j.canFinish(ctx); err != nil {
		return err
	}
	if err := j.runStep(ctx, stepNamed(report.StepReport)); err != nil {
		return err
	}
	if g.json {
		if err := e.PrintJSON(j.sealed); err != nil {
			return err
		}
	} else {
		j.tellVerdict()
	}
	e.tellRuling(j.ruling)
	return outcome(codeWithPolicy(j.sealed.Verdict, j.ruling))
}

func (j *job) report(ctx context.Context) (any, report.Findings, error) {
	signer, err := j.sealer(ctx)
	if err != nil {
		return nil, nil, err
	}
	j.sealed, err = report.Build(j.kept, j.tool(ctx))
	if err != nil {
		return nil, nil, err
	}
	if j.globals.lang != "" {
		j.sealed.Language = j.globals.lang
	}
	if err := seal.Seal(j.kept, j.sealed, signer, seal.Pages{HTML: report.HTML, PDF: report.PDF, Label: report.Label}); err != nil {
		return nil, nil, err
	}
	j.written = true
	j.ruling = j.globals.rule(j.sealed, j.env.Now())
	return nil, nil, j.globals.writeOutputs(j.sealed, j.ruling)
}

// sealer is who signs the report: the key that was tried before the first step.
func (j *job) sealer(ctx context.Context) (seal.Signer, error) {
	if err := j.loadKey(ctx); err != nil {
		return seal.Signer{}, err
	}
	j.tellKey()
	return j.key.Signer, nil
}

func (j *job) tool(ctx context.Context) report.Tool {
	v := buildVersion()
	t := report.Tool{Name: "preship", Version: v.Version, Commit: v.Commit, OS: v.OS}
	if j.client == nil {
		return t
	}
	if n, err := j.client.Version(ctx); err == nil {
		t.ADB = fmt.Sprintf("server %d", n)
	}
	return t
}

// tellVerdict ends a job for its owner, who needs the names of files that the
// sealed report masks: what checks found is told as the case has it.
func (j *job) tellVerdict() {
	r := j.sealed
	r.Reasons = slices.Clone(r.Reasons)
	for i, why := range r.Reasons {
		if f, ok := j.kept.Step(why.Step).Findings.ByID(why.Check); ok {
			r.Reasons[i].What, r.Reasons[i].Next = f.Summary, f.Remedy
		}
	}
	j.env.tellOutcome(r, j.kept.Dir())
	if j.inPlace() == nil {
		j.env.tellWhere(j.kept.Dir())
	}
}

// tellVerdict ends a job for a person: the verdict, why, and where the report is.
func (e *env) tellVerdict(r report.Report, dir string) {
	e.tellOutcome(r, dir)
	e.tellWhere(dir)
}

func (e *env) tellWhere(dir string) { e.Say("report: %s", filepath.Join(dir, "report.html")) }

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
	e.Say("")
	e.Say("%s", console.Safe(e.Paint("1;"+colour, console.Escape(word))))
	e.tellReasons(r.Reasons, dir)
}

// tellReasons tells each reason once, and the next thing to do once for all the
// reasons in a row that have the same.
func (e *env) tellReasons(reasons []report.Reason, dir string) {
	told := map[string]bool{}
	for i, why := range reasons {
		if !told[why.What] {
			e.Say("  %s", withoutIDs(why))
		}
		told[why.What] = true
		switch {
		case why.Next == "", i+1 < len(reasons) && reasons[i+1].Next == why.Next:
		case why.Resumes():
			e.Say("    next: %s goes on where it stopped", goOn(dir))
		default:
			e.Say("    next: %s", why.Next)
		}
	}
}

// withoutIDs is a reason in words: of a reset that was not ready it leaves out the
// names of the checks, since those tell themselves what they found.
func withoutIDs(why report.Reason) string {
	if why.Check == "" && strings.Contains(why.What, reset.ErrNotReady.Error()) {
		return "step reset was not begun, because of what follows"
	}
	return why.What
}

// goOn is the command that goes on with the job of a case.
func goOn(dir string) string {
	if strings.ContainsAny(dir, " '\"$&;()") {
		dir = "'" + strings.ReplaceAll(dir, "'", `'\''`) + "'"
	}
	return "preship prepare --case " + dir
}
