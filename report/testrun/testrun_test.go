package testrun

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"preship/report"
	"preship/report/casetest"
	"preship/report/policy"
)

func TestJUnit(t *testing.T) {
	t.Parallel()
	evil := "]]><x a=\"\x1b[2J\">&\u202e"
	for _, tt := range []struct {
		name                     string
		change                   casetest.Change
		tests, failures, skipped int
	}{
		{"all well", nil, 8, 0, 0},
		{"a check failed", func(s map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			s[report.StepAccounts].Findings[0].Status, s[report.StepAccounts].Findings[0].Observed = report.StatusFail, evil
		}, 8, 1, 0},
		{"unknown and needed", func(s map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			s[report.StepBackup].Findings[1].Status = report.StatusUnknown
		}, 8, 1, 0},
		{"unknown and not needed", func(s map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			s[report.StepAccounts].Findings[1].ID, s[report.StepAccounts].Findings[1].Status = "account.others", report.StatusUnknown
		}, 8, 0, 1},
		{"a step failed", func(s map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			s[report.StepReset].State, s[report.StepReset].Error = report.StepFailed, evil
		}, 9, 1, 0},
		{"nothing done", func(s map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			clear(s)
		}, 5, 0, 5},
	} {
		r := casetest.Report(t, tt.change)
		var out bytes.Buffer
		if err := JUnit(&out, Run{&r, nil}); err != nil {
			t.Fatal(err)
		}
		var got junitSuites
		if err := xml.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatalf("%s: %v\n%s", tt.name, err, out.String())
		}
		if got.Tests != tt.tests || got.Failures != tt.failures || got.Skipped != tt.skipped || len(got.Suites) != 5 {
			t.Errorf("%s: %d tests, %d failures, %d skipped in %d suites; want %d, %d, %d in 5",
				tt.name, got.Tests, got.Failures, got.Skipped, len(got.Suites), tt.tests, tt.failures, tt.skipped)
		}
		if strings.ContainsAny(out.String(), "\x1b\u202e") {
			t.Errorf("%s: it holds what drives a terminal", tt.name)
		}
		out.Reset()
		if err := CTRF(&out, Run{&r, nil}); err != nil {
			t.Fatal(err)
		}
		var ctrf struct {
			ReportFormat string
			Results      struct {
				Summary struct{ Tests, Passed, Failed, Skipped int }
				Tests   []ctrfTest
			}
		}
		if err := json.Unmarshal(out.Bytes(), &ctrf); err != nil {
			t.Fatal(err)
		}
		s := ctrf.Results.Summary
		if ctrf.ReportFormat != "CTRF" || s.Tests != tt.tests || s.Failed != tt.failures || s.Skipped != tt.skipped ||
			s.Passed != tt.tests-tt.failures-tt.skipped || len(ctrf.Results.Tests) != tt.tests {
			t.Errorf("%s: CTRF says %+v", tt.name, ctrf)
		}
	}
}

func TestPolicyInTestReports(t *testing.T) {
	t.Parallel()
	r := casetest.Report(t, nil)
	ruling := mustPolicy(t, `,"name":"desk","checks":[{"id":"lock.*","require":"pass","method":"observed"},{"id":"account.*","require":"pass"}]`).Judge(&r, r.Finished)
	var out bytes.Buffer
	if err := JUnit(&out, Run{&r, &ruling}); err != nil {
		t.Fatal(err)
	}
	var got junitSuites
	if err := xml.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	last := got.Suites[len(got.Suites)-1]
	if last.Name != "policy" || last.Tests != 3 || last.Failures != 1 || got.Failures != 1 || got.Tests != 11 {
		t.Errorf("suite %s of %d tests with %d failures, in all %d and %d; want policy, 3, 1, 11 and 1",
			last.Name, last.Tests, last.Failures, got.Tests, got.Failures)
	}
	if name := last.Cases[1].Name; name != "lock.* lock.find-device.off" || last.Cases[1].Failure == nil {
		t.Errorf("case %s, failure %v", name, last.Cases[1].Failure)
	}
	out.Reset()
	if err := CTRF(&out, Run{&r, &ruling}); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); !strings.Contains(s, `"failed": 1`) || !strings.Contains(s, `"step": "policy"`) {
		t.Errorf("the policy is not in %s", s)
	}
}

func mustPolicy(t *testing.T, fields string) policy.Policy {
	t.Helper()
	p, err := policy.Parse([]byte(`{"schema":"`+policy.Schema+`"`+fields+`}`), []string{"account.mi.signed-out", "lock.find-device.off"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Several jobs share one file: each suite and test names its case, and the sums are of all.
func TestSeveralRuns(t *testing.T) {
	t.Parallel()
	a := casetest.Report(t, nil)
	b := casetest.Report(t, func(s map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
		s[report.StepAccounts].Findings[0].Status = report.StatusFail
	})
	a.ID, b.ID = "PS-A", "PS-B"
	var out bytes.Buffer
	if err := JUnit(&out, Run{Report: &a}, Run{Report: &b}); err != nil {
		t.Fatal(err)
	}
	var got junitSuites
	if err := xml.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 16 || got.Failures != 1 || len(got.Suites) != 10 || got.Suites[0].Name != "PS-A identify" || got.Suites[5].Name != "PS-B identify" {
		t.Errorf("%d tests, %d failures in %d suites; the first is %q", got.Tests, got.Failures, len(got.Suites), got.Suites[0].Name)
	}
	out.Reset()
	if err := CTRF(&out, Run{Report: &a}, Run{Report: &b}); err != nil {
		t.Fatal(err)
	}
	var ctrf struct {
		Results struct {
			Summary struct{ Tests, Failed int }
			Tests   []ctrfTest
			Extra   map[string]string
		}
	}
	if err := json.Unmarshal(out.Bytes(), &ctrf); err != nil {
		t.Fatal(err)
	}
	r := ctrf.Results
	if r.Summary.Tests != 16 || r.Summary.Failed != 1 || r.Tests[0].Extra["case"] != "PS-A" || r.Tests[15].Extra["case"] != "PS-B" || r.Extra["PS-B"] == "" {
		t.Errorf("%+v", r)
	}
}

// The checks of the fault report are beside those of the steps.
func TestFaultInTestReports(t *testing.T) {
	t.Parallel()
	r := report.Report{Fault: &report.Fault{Findings: report.Findings{
		{ID: "fault.touch", Status: report.StatusWarn, Summary: "no touch screen"}, {ID: "fault.thermal", Status: report.StatusUnknown, Summary: "not shown"},
	}}}
	var got []string
	for _, o := range (Run{Report: &r}).outcomes() {
		got = append(got, o.step+" "+o.name+" "+o.result+" "+o.message)
	}
	if want := "fault fault.touch passed warn: no touch screen; fault fault.thermal skipped unknown: not shown"; strings.Join(got, "; ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
