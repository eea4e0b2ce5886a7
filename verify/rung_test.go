package verify

import (
	"testing"

	"preship/report"
)

func TestRung(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for _, tt := range []struct {
		name   string
		reset  report.Rung
		clean  *report.Clean
		want   report.Rung
		status report.Status
	}{
		{"nothing", report.RungNone, nil, report.RungNone, report.StatusUnknown},
		{"a person said so", report.RungAttested, nil, report.RungAttested, report.StatusUnknown},
		{"came back", report.RungCameBackUnauthorized, nil, report.RungCameBackUnauthorized, report.StatusUnknown},
		{"formatted", report.RungFormatAnswered, nil, report.RungFormatAnswered, report.StatusPass},
		{"formatted and seen clean", report.RungFormatAnswered, &report.Clean{Rung: report.RungObservedClean, SameUnit: &yes}, report.RungObservedClean, report.StatusPass},
		{"seen clean alone", report.RungNone, &report.Clean{Rung: report.RungObservedClean}, report.RungObservedClean, report.StatusPass},
		{"formatted, not quite clean", report.RungFormatAnswered, &report.Clean{AndroidIDChanged: &yes}, report.RungFormatAnswered, report.StatusPass},
		{"formatted, another unit", report.RungFormatAnswered, &report.Clean{SameUnit: &no}, report.RungNone, report.StatusFail},
		{"formatted, the same Android ID", report.RungFormatAnswered, &report.Clean{AndroidIDChanged: &no}, report.RungNone, report.StatusFail},
	} {
		got, fs := Rung(report.Reset{Rung: tt.reset}, tt.clean)
		every(t, fs)
		if got.Rung != tt.want || statusOf(t, fs, CheckRung) != tt.status {
			t.Errorf("%s: rung %q, %s %q; want %q, %q", tt.name, got.Rung, CheckRung, statusOf(t, fs, CheckRung), tt.want, tt.status)
		}
		if len(got.NotProved) == 0 {
			t.Errorf("%s: does not say what it does not prove", tt.name)
		}
	}
}

func TestChecksTable(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range Checks {
		if seen[c.ID] || c.ID == "" || c.Title == "" {
			t.Errorf("check %q is there twice or has no title", c.ID)
		}
		seen[c.ID] = true
	}
	for _, row := range cleanRows {
		if row.NotProved == "" && row.ID != "clean.users" {
			t.Errorf("%s does not say what it does not prove", row.ID)
		}
	}
}

// The verdict asks package report which checks are needed; both tables have to
// say the same.
func TestRequiredAsInReport(t *testing.T) {
	t.Parallel()
	for _, c := range Checks {
		if c.Required != report.Required(c.ID) {
			t.Errorf("%s: required %t here, %t in report", c.ID, c.Required, report.Required(c.ID))
		}
	}
}
