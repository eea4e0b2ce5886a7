package verify

import (
	"testing"

	"preship/report"
	"preship/report/check"
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

func TestCleanRowsNameTheirLimits(t *testing.T) {
	t.Parallel()
	for _, row := range cleanRows {
		if c, ok := check.ByID(row.id); !ok || c.NotProved == "" && row.id != check.CleanUsers {
			t.Errorf("%s does not say what it does not prove", row.id)
		}
	}
}
