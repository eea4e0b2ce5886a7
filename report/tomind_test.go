package report

import (
	"reflect"
	"slices"
	"testing"

	"preship/report/message"
)

// TestToMind: what only the owner can see and did not answer stands first, also beside
// reasons that stop the posting.
func TestToMind(t *testing.T) {
	t.Parallel()
	unlinked := Finding{ID: "account.mi.unlinked", Status: StatusUnknown}
	unlinked.Advise(message.Say("account.mi.unlinked.remedy", "how", "sign in", "check", "account.mi.unlinked"))
	warned := Finding{ID: "identity.kind", Status: StatusWarn}
	unknown := Finding{ID: "identity.meid", Status: StatusUnknown}
	stops := Finding{ID: "lock.debt.none", Status: StatusUnknown}
	stops.Advise(message.Say("finding.look-and-attest", "look", "look", "check", "lock.debt.none"))
	for _, tt := range []struct {
		name    string
		reasons []Reason
		want    []string
	}{
		{"nothing stops it", nil, []string{"account.mi.unlinked", "identity.kind"}},
		{"something stops it", []Reason{{What: "locked"}}, []string{"account.mi.unlinked"}},
	} {
		r := &Report{Reasons: tt.reasons, Steps: []StepRecord{
			{Name: StepIdentify, Findings: Findings{warned, unknown}},
			{Name: StepReset, Findings: Findings{warned}}, // made by two steps, shown once
			{Name: StepAccounts, Findings: Findings{stops, unlinked}},
		}}
		var got []string
		for _, f := range r.ToMind() {
			got = append(got, f.ID)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Two reasons of one check differ if either says or advises something else, and advice is
// said once.
func TestDistinctReasons(t *testing.T) {
	t.Parallel()
	first := Reason{Check: "lock.debt.none", What: "locked", Next: "pay"}
	for _, change := range []func(*Reason){
		func(r *Reason) { r.Check = "lock.owner.none" }, func(r *Reason) { r.What = "unclear" }, func(r *Reason) { r.Next = "ask" },
	} {
		other := first
		change(&other)
		got := (&Report{Reasons: []Reason{first, other}}).DistinctReasons()
		want := []Reason{first, other}
		if first.Next == other.Next {
			want[0].Next = ""
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("reasons = %v, want %v", got, want)
		}
	}
}

// A check that two steps make is one reason on the page.
func TestReasonsAreSaidOnce(t *testing.T) {
	t.Parallel()
	again := func(step string) Reason {
		return Reason{Step: step, Check: "identity.system", What: "not its maker's", Next: "ask"}
	}
	other := Reason{Step: StepReset, Check: "reset.ready.locks", What: "locked", Next: "unlock"}
	got := (&Report{Reasons: []Reason{again(StepIdentify), again(StepAccounts), other}}).DistinctReasons()
	if want := []Reason{again(StepAccounts), other}; !reflect.DeepEqual(got, want) {
		t.Errorf("reasons = %v, want %v", got, want)
	}
}
