package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
)

func TestJUnit(t *testing.T) {
	t.Parallel()
	evil := "]]><x a=\"\x1b[2J\">&\u202e"
	for _, tt := range []struct {
		name                     string
		change                   change
		tests, failures, skipped int
	}{
		{"all well", nil, 7, 0, 0},
		{"a check failed", func(s map[string]*StepRecord, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepAccounts].Findings[0].Status, s[StepAccounts].Findings[0].Observed = StatusFail, evil
		}, 7, 1, 0},
		{"unknown and needed", func(s map[string]*StepRecord, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepBackup].Findings[1].Status = StatusUnknown
		}, 7, 1, 0},
		{"unknown and not needed", func(s map[string]*StepRecord, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepAccounts].Findings[1].ID, s[StepAccounts].Findings[1].Status = "account.others", StatusUnknown
		}, 7, 0, 1},
		{"a step failed", func(s map[string]*StepRecord, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) {
			s[StepReset].State, s[StepReset].Error = StepFailed, evil
		}, 8, 1, 0},
		{"nothing done", func(s map[string]*StepRecord, _ *Handset, _ *Accounts, _ *Reset, _ *Clean) { clear(s) }, 5, 0, 5},
	} {
		r := sampleReport(t, tt.change)
		var out bytes.Buffer
		if err := WriteJUnit(&out, &r, nil); err != nil {
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
		if err := WriteCTRF(&out, &r, nil); err != nil {
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

func TestOnly(t *testing.T) {
	t.Parallel()
	r := sampleReport(t, nil)
	if got := r.Only(StepVerify); len(got.Steps) != 1 || got.Steps[0].Name != StepVerify || len(r.Steps) != 5 {
		t.Errorf("steps %+v", got.Steps)
	}
}
