package report

import (
	"slices"
	"strings"
	"testing"
	"time"

	"preship/report/message"
)

// Each object's findings are under its step, and no longer in the object.
func TestOwnFindings(t *testing.T) {
	t.Parallel()
	fs := func(id string) Findings { return Findings{{ID: id}} }
	r := &Report{
		Handset: &Handset{Findings: fs("identify")}, Backup: &Backup{Findings: fs("backup")}, Accounts: &Accounts{Findings: fs("accounts")},
		Reset: &Reset{Findings: fs("reset")}, Clean: &Clean{Findings: fs("verify")},
	}
	for _, step := range []string{StepIdentify, StepBackup, StepAccounts, StepReset, StepVerify} {
		if got := r.ownFindings(step); len(got) != 1 || got[0].ID != step {
			t.Errorf("%s: %v, want its own", step, got)
		}
		if got := r.ownFindings(step); len(got) != 0 {
			t.Errorf("%s: %v are still in the object", step, got)
		}
		if got := (&Report{}).ownFindings(step); got != nil {
			t.Errorf("%s: %v of an object that is not there", step, got)
		}
	}
	if got := r.ownFindings(StepReport); got != nil {
		t.Errorf("report: %v, want nil", got)
	}
}

func TestEvidenceIsNeverNull(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]Finding{
		`"evidence":[]`:              {ID: "identity.kind"},
		`"evidence":["0001-id.txt"]`: {ID: "identity.kind", Evidence: []string{"0001-id.txt"}},
	} {
		if got := string(mustMarshal(t, f)); !strings.Contains(got, want) {
			t.Errorf("%s lacks %s", got, want)
		}
	}
}

func TestLastOfEach(t *testing.T) {
	t.Parallel()
	got := lastOfEach(Findings{{ID: "a", Status: StatusFail}, {ID: "b"}, {ID: "a", Status: StatusPass}})
	if len(got) != 2 || got[0].ID != "a" || got[0].Status != StatusPass || got[1].ID != "b" {
		t.Errorf("%+v, want the last a, then b", got)
	}
}

func TestRungIsTheHighest(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name         string
		reset, clean Rung
		want         Rung
	}{
		{"none", RungNone, RungNone, RungNone},
		{"the reset alone", RungFormatAnswered, RungNone, RungFormatAnswered},
		{"the look after it", RungFormatAnswered, RungObservedClean, RungObservedClean},
		{"the look saw less", RungFormatAnswered, RungAttested, RungFormatAnswered},
	} {
		r := &Report{Reset: &Reset{Rung: tt.reset, TriggeredAt: &at}, Clean: &Clean{Rung: tt.clean}}
		if got := r.rung(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := (&Report{}).rung(); got != RungNone {
		t.Errorf("no reset: %q", got)
	}
	// The claim of a sanitization needs a reset that was triggered or seen.
	for _, tt := range []struct {
		name string
		r    *Report
		want bool
	}{
		{"no reset", &Report{}, false},
		{"not triggered, not seen", &Report{Reset: &Reset{}}, false},
		{"triggered", &Report{Reset: &Reset{TriggeredAt: &at}}, true},
		{"seen", &Report{Reset: &Reset{Rung: RungObservedClean}}, true},
	} {
		if got := tt.r.sanitization(); (got != nil) != tt.want {
			t.Errorf("%s: %+v, want one: %t", tt.name, got, tt.want)
		}
	}
}

func TestDisplayName(t *testing.T) {
	t.Parallel()
	name := func(s string) *string { return &s }
	for _, tt := range []struct {
		h    *Handset
		want string
		id   message.ID
	}{
		{&Handset{MarketName: name("Redmi Note 10"), Model: name("M2101K7AG")}, "Redmi Note 10", "text.as-is"},
		{&Handset{MarketName: name(""), Model: name("M2101K7AG"), Codename: name("sunny")}, "M2101K7AG", "text.as-is"},
		{&Handset{Codename: name("sunny"), Serial: "c9a0a2a6"}, "sunny", "text.as-is"},
		{&Handset{Serial: "c9a0a2a6"}, "", "page.handset.serial"},
		{nil, "", "page.handset.unnamed"},
	} {
		got := tt.h.DisplayName()
		if got.ID() != tt.id || tt.want != "" && got.String() != tt.want {
			t.Errorf("%+v: %q (%s), want %q (%s)", tt.h, got, got.ID(), tt.want, tt.id)
		}
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	known := Unit{Serial: "a", IMEI: []string{"1"}, SN: "s"}
	other := Unit{Serial: "b", IMEI: []string{"2"}, SN: "t"}
	for _, tt := range []struct {
		name string
		u, o Unit
		want Unit
	}{
		{"all known", known, Unit{}, known},
		{"nothing known", Unit{}, other, other},
		{"the serial is the newer one", known, other, Unit{Serial: "b", IMEI: []string{"1"}, SN: "s"}},
		{"no S/N", Unit{Serial: "a", IMEI: []string{"1"}}, other, Unit{Serial: "b", IMEI: []string{"1"}, SN: "t"}},
	} {
		got := tt.u.Merge(tt.o)
		if got.Serial != tt.want.Serial || !slices.Equal(got.IMEI, tt.want.IMEI) || got.SN != tt.want.SN {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
	filled := Unit{}.Merge(other)
	if filled.IMEI[0] = "9"; other.IMEI[0] != "2" {
		t.Error("Merge shares the numbers of its argument")
	}
}

// Every map is looked through, and a good key stays.
func TestTidyMaps(t *testing.T) {
	t.Parallel()
	type named struct {
		Items map[string]int
		Codes map[int]string
		None  map[string]int
	}
	v := named{Items: map[string]int{"good": 1, "b\x1bad": 2}, Codes: map[int]string{1: "x"}}
	Tidy(&v)
	if len(v.Items) != 2 || v.Items["good"] != 1 {
		t.Errorf("%v, want the good key and a clean one", v.Items)
	}
	if _, raw := v.Items["b\x1bad"]; raw {
		t.Error("a key keeps its control character")
	}
	if v.None != nil {
		t.Error("a nil map was made")
	}
}

// A handset that was not identified leaves the job open, in whatever state the step is.
func TestNotIdentified(t *testing.T) {
	t.Parallel()
	why := unfinishedSteps(&Report{Steps: []StepRecord{{Name: StepIdentify, State: StepDone}}})
	if len(why) != 1 || why[0].Message.ID() != "verdict.handset-unknown" {
		t.Errorf("%+v, want that the handset is unknown", why)
	}
	if why := unfinishedSteps(&Report{Steps: []StepRecord{{Name: StepBackup, State: StepDone}}}); len(why) != 0 {
		t.Errorf("%+v of another step", why)
	}
}

func TestLimitKeepsBothForms(t *testing.T) {
	t.Parallel()
	var c Clean
	c.Limit(message.AsIs("one"), message.AsIs("two"))
	c.Limit(message.AsIs("three"))
	if len(c.NotProved) != 1 || c.NotProved[0] != "three" || len(c.NotProvedMessages) != 1 {
		t.Errorf("%q and %d sentences, want the last call's", c.NotProved, len(c.NotProvedMessages))
	}
	c.NotProved = append(c.NotProved, "of an earlier version")
	if got := c.Limits(); len(got) != 2 || got[0].ID() == "" || got[1].ID() != "" || got[1].String() != "of an earlier version" {
		t.Errorf("%v, want the sentence, then the text that has none", got)
	}
}
