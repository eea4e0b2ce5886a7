package testrun

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"slices"
	"time"

	"preship/report"
	"preship/report/policy"
)

// Run is the report of one job, and the ruling of a policy on it; nil if there is no
// policy.
type Run struct {
	Report *report.Report
	Ruling *policy.Ruling
}

// outcomes returns the tests of a run.
func (r Run) outcomes() []outcome { return append(outcomesOf(r.Report), rulesOf(r.Ruling)...) }

// outcome is a check, or a step without checks, in the words of test reports.
type outcome struct {
	step, name string
	result     string // passed, failed, skipped
	message    string
	detail     string
}

// outcomesOf returns the report as a test run: one test a check, and one for each step
// that did not end well. Unknown is failed if the handset may not be posted without the answer.
func outcomesOf(r *report.Report) (all []outcome) {
	for _, s := range r.Steps {
		switch s.State {
		case report.StepDone:
		case report.StepNotRun:
			all = append(all, outcome{s.Name, "step." + s.Name, "skipped", "not run", ""})
		default:
			all = append(all, outcome{s.Name, "step." + s.Name, "failed", string(s.State), s.Error})
		}
		for _, f := range s.Findings {
			all = append(all, outcomeOf(r, s.Name, f))
		}
	}
	if r.Fault != nil {
		for _, f := range r.Fault.Findings {
			all = append(all, outcomeOf(r, stepFault, f))
		}
	}
	return all
}

// stepFault stands for the fault report where runs have the name of a step.
const stepFault = "fault"

func outcomeOf(r *report.Report, step string, f report.Finding) outcome {
	o := outcome{step, f.ID, "passed", f.Summary, f.Observed}
	switch {
	case f.Status == report.StatusFail, f.Status.OrUnknown() != f.Status, f.Status == report.StatusUnknown && r.Needs(f.ID):
		o.result = "failed"
	case f.Status == report.StatusUnknown, f.Status == report.StatusSkipped:
		o.result = "skipped"
	}
	if f.Status != report.StatusPass {
		o.message = string(f.Status) + ": " + o.message
	}
	return o
}

// rulesOf returns the rules of a policy as tests. A nil ruling has no tests.
func rulesOf(r *policy.Ruling) (all []outcome) {
	if r == nil {
		return nil
	}
	for _, one := range r.Rules {
		o := outcome{stepPolicy, one.Rule, "passed", one.What, ""}
		if one.Check != "" && one.Check != one.Rule {
			o.name += " " + one.Check
		}
		if !one.Met {
			o.result, o.message = "failed", "not met: "+one.What
		}
		all = append(all, o)
	}
	return all
}

// stepPolicy stands where the others have the name of a step.
const stepPolicy = "policy"

func count(all []outcome, result string) (n int) {
	for _, o := range all {
		if o.result == result {
			n++
		}
	}
	return n
}

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       float64         `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr,omitempty"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    float64       `xml:"time,attr"`
	Failure *junitMessage `xml:"failure"`
	Skipped *junitMessage `xml:"skipped"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes runs as JUnit XML: one suite a step, and one for the policy if there is a
// ruling. With several runs the case is before the name of each suite. JUnit XML has
// no standard; this is the subset that all build servers read.
func JUnit(w io.Writer, runs ...Run) error {
	out := junitSuites{Name: "preship"}
	for _, run := range runs {
		all, before := run.outcomes(), ""
		out.Tests += len(all)
		out.Failures += count(all, "failed")
		out.Skipped += count(all, "skipped")
		if len(runs) > 1 {
			before = run.Report.ID + " "
		} else {
			out.Name += " " + run.Report.ID
		}
		for _, suite := range run.suites() {
			suite.add(all)
			suite.Name = before + suite.Name
			out.Suites = append(out.Suites, suite)
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(out); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// suites returns the suites of a run, without their tests.
func (r Run) suites() (all []junitSuite) {
	unit := []junitProperty{{"case", r.Report.ID}, {"verdict", string(r.Report.Verdict)}}
	if h := r.Report.Handset; h != nil && h.Serial != "" {
		unit = append(unit, junitProperty{"serial", h.Serial})
	}
	for _, s := range r.Report.Steps {
		suite := junitSuite{Name: s.Name, Time: max(0, s.Finished.Sub(s.Started).Seconds())} // the clock may have been set back
		if !s.Started.IsZero() {
			suite.Timestamp = s.Started.UTC().Format("2006-01-02T15:04:05")
		}
		suite.Properties = append(slices.Clone(unit), junitProperty{"state", string(s.State)})
		all = append(all, suite)
	}
	if r.Ruling != nil {
		all = append(all, junitSuite{Name: stepPolicy, Properties: append(unit, junitProperty{"policy", r.Ruling.Policy})})
	}
	return all
}

// add puts the outcomes of the suite's step into it.
func (s *junitSuite) add(all []outcome) {
	var own []outcome
	for _, o := range all {
		if o.step != s.Name {
			continue
		}
		own = append(own, o)
		c := junitCase{Class: "preship." + s.Name, Name: o.name}
		switch o.result {
		case "failed":
			c.Failure = &junitMessage{o.message, o.detail}
		case "skipped":
			c.Skipped = &junitMessage{Message: o.message}
		default:
			c.Out = o.message
		}
		s.Cases = append(s.Cases, c)
	}
	s.Tests, s.Failures, s.Skipped = len(own), count(own, "failed"), count(own, "skipped")
}

type ctrfTest struct {
	Name     string            `json:"name"`
	Status   string            `json:"status"`
	Duration int64             `json:"duration"` // milliseconds
	Message  string            `json:"message,omitempty"`
	Extra    map[string]string `json:"extra"`
}

// CTRF writes runs in the Common Test Report Format, with the rules of the policy if
// there is a ruling. Each test names its case. runs must not be empty.
func CTRF(w io.Writer, runs ...Run) error {
	var tests []ctrfTest
	var all []outcome
	first := runs[0].Report
	start, stop := first.Started, first.Finished
	extra := map[string]string{}
	for _, run := range runs {
		r := run.Report
		for _, o := range run.outcomes() {
			all = append(all, o)
			tests = append(tests, ctrfTest{Name: o.name, Status: o.result, Message: o.message, Extra: map[string]string{"step": o.step, "case": r.ID}})
		}
		if r.Started.Before(start) {
			start = r.Started
		}
		if r.Finished.After(stop) {
			stop = r.Finished
		}
		if len(runs) == 1 {
			extra["case"], extra["verdict"] = r.ID, string(r.Verdict)
		} else {
			extra[r.ID] = string(r.Verdict)
		}
	}
	b, err := json.MarshalIndent(map[string]any{
		"reportFormat": "CTRF", "specVersion": "0.0.0", "generatedBy": first.Tool.Name,
		"timestamp": stop.UTC().Format(time.RFC3339),
		"results": map[string]any{
			"tool": map[string]string{"name": first.Tool.Name, "version": first.Tool.Version},
			"summary": map[string]int64{
				"tests": int64(len(all)), "passed": int64(count(all, "passed")), "failed": int64(count(all, "failed")),
				"skipped": int64(count(all, "skipped")), "pending": 0, "other": 0,
				"start": start.UnixMilli(), "stop": stop.UnixMilli(),
			},
			"tests": tests,
			"extra": extra,
		},
	}, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return err
}
