package page

import (
	"slices"
	"testing"

	"preship/report"
	"preship/report/message"
)

// TestToMind: what only the owner can see and did not answer stands first, also beside
// reasons that stop the posting.
func TestToMind(t *testing.T) {
	t.Parallel()
	unlinked := report.Finding{ID: "account.mi.unlinked", Status: report.StatusUnknown}
	unlinked.Advise(message.Say("account.mi.unlinked.remedy", "how", "sign in", "check", "account.mi.unlinked"))
	warned := report.Finding{ID: "identity.kind", Status: report.StatusWarn}
	unknown := report.Finding{ID: "identity.meid", Status: report.StatusUnknown}
	stops := report.Finding{ID: "lock.debt.none", Status: report.StatusUnknown}
	stops.Advise(message.Say("finding.look-and-attest", "look", "look", "check", "lock.debt.none"))
	for _, tt := range []struct {
		name    string
		reasons []report.Reason
		want    []string
	}{
		{"nothing stops it", nil, []string{"account.mi.unlinked", "identity.kind"}},
		{"something stops it", []report.Reason{{What: "locked"}}, []string{"account.mi.unlinked"}},
	} {
		r := &report.Report{Reasons: tt.reasons, Steps: []report.StepRecord{
			{Name: report.StepIdentify, Findings: report.Findings{warned, unknown}},
			{Name: report.StepAccounts, Findings: report.Findings{stops, unlinked}},
		}}
		var got []string
		for _, f := range toMind(r) {
			got = append(got, f.ID)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
