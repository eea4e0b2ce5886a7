package testrun

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"time"

	"preship/report"
	"preship/report/policy"
)

// outcome is a check, or a step that has none, in the words of test reports.
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
			o := outcome{s.Name, f.ID, "passed", f.Summary, f.Observed}
			switch {
			case f.Status == report.StatusFail, f.Status.OrUnknown() != f.Status, f.Status == report.StatusUnknown && r.Needs(f.ID):
				o.result = "failed"
			case f.Status == report.StatusUnknown, f.Status == report.StatusSkipped:
				o.result = "skipped"
			}
			if f.Status != report.StatusPass {
				o.message = string(f.Status) + ": " + o.message
			}
			all = append(all, o)
		}
	}
	return all
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

// JUnit writes the report as JUnit XML, one suite a step: what build
// servers show, and one for the policy where there is a ruling. There is no
// standard of it; this is the subset all of them read.
func JUnit(w io.Writer, r *report.Report, ruling *policy.Ruling) error {
	all := append(outcomesOf(r), rulesOf(ruling)...)
	out := junitSuites{
		Name: "preship " + r.ID, Tests: len(all), Failures: count(all, "failed"), Skipped: count(all, "skipped"),
	}
	for _, s := range r.Steps {
		suite := junitSuite{Name: s.Name, Time: s.Finished.Sub(s.Started).Seconds()}
		if !s.Started.IsZero() {
			suite.Timestamp = s.Started.UTC().Format("2006-01-02T15:04:05")
		}
		suite.Properties = []junitProperty{{"verdict", string(r.Verdict)}, {"state", string(s.State)}}
		suite.add(all)
		out.Suites = append(out.Suites, suite)
	}
	if ruling != nil {
		suite := junitSuite{Name: stepPolicy, Properties: []junitProperty{{"policy", ruling.Policy}, {"verdict", string(r.Verdict)}}}
		suite.add(all)
		out.Suites = append(out.Suites, suite)
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

// CTRF writes the report in the Common Test Report Format, with the rules
// of the policy where there is a ruling.
func CTRF(w io.Writer, r *report.Report, ruling *policy.Ruling) error {
	all := append(outcomesOf(r), rulesOf(ruling)...)
	tests := make([]ctrfTest, 0, len(all))
	for _, o := range all {
		tests = append(tests, ctrfTest{Name: o.name, Status: o.result, Message: o.message, Extra: map[string]string{"step": o.step}})
	}
	b, err := json.MarshalIndent(map[string]any{
		"reportFormat": "CTRF", "specVersion": "0.0.0", "generatedBy": r.Tool.Name,
		"timestamp": r.Finished.UTC().Format(time.RFC3339),
		"results": map[string]any{
			"tool": map[string]string{"name": r.Tool.Name, "version": r.Tool.Version},
			"summary": map[string]int64{
				"tests": int64(len(all)), "passed": int64(count(all, "passed")), "failed": int64(count(all, "failed")),
				"skipped": int64(count(all, "skipped")), "pending": 0, "other": 0,
				"start": r.Started.UnixMilli(), "stop": r.Finished.UnixMilli(),
			},
			"tests": tests,
			"extra": map[string]string{"case": r.ID, "verdict": string(r.Verdict)},
		},
	}, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return err
}
