package reset

import (
	"testing"

	"preship/adb/handset"
	"preship/report/message"
)

// The identity in the case is enough to recognize the handset in recovery; values that
// were unknown stay unknown.
func TestKnownComesBack(t *testing.T) {
	id := sunny()
	back := Know(id).Identity()
	for what, pair := range map[string][2]handset.Fact{
		"serial": {id.Serial, back.Serial}, "processor number": {id.CPUID, back.CPUID}, "model of the recovery": {id.ModDevice, back.ModDevice},
		"codename": {id.Codename, back.Codename}, "build": {id.Build, back.Build},
	} {
		if pair[0].Value != pair[1].Value || !pair[1].Known() {
			t.Errorf("%s became %+v, want %q", what, pair[1], pair[0].Value)
		}
	}
	if back.Vendor != id.Vendor {
		t.Errorf("vendor became %v", back.Vendor)
	}
	if other := Know(handset.Identity{Vendor: handset.Vendors[len(handset.Vendors)-1]}).Identity(); other.Vendor != handset.Vendors[len(handset.Vendors)-1] {
		t.Errorf("the last vendor of the table became %v", other.Vendor)
	}
	nothing := Know(handset.Identity{}).Identity()
	for what, f := range map[string]handset.Fact{"serial": nothing.Serial, "processor number": nothing.CPUID, "codename": nothing.Codename} {
		if f.Known() || f.Unknown.Empty() {
			t.Errorf("%s became %+v, want unknown with a reason", what, f)
		}
	}
	if nothing.Vendor != nil {
		t.Errorf("vendor became %v, want none", nothing.Vendor)
	}
}

// An answer of the recovery is this handset's only if each line of it agrees. What either
// side does not know is no agreement.
func TestCompare(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		lines, want []string
		is          match
	}{
		{[]string{"sunny"}, []string{"mojito_global", "sunny"}, same},
		{[]string{"sunny", "mojito_global"}, []string{"mojito_global", "sunny"}, same},
		{[]string{"unknown", "sunny"}, []string{"sunny"}, same},
		{[]string{"sunny", "alioth"}, []string{"sunny"}, differs},
		{[]string{"alioth", "sunny"}, []string{"sunny"}, differs},
		{[]string{"sunny2"}, []string{"sunny"}, differs},
		{[]string{"Unknown", "UNKNOWN"}, []string{"sunny"}, cannotTell},
		{nil, []string{"sunny"}, cannotTell},
		{[]string{"sunny"}, nil, cannotTell},
		{nil, nil, cannotTell},
	} {
		if got := compare(tt.lines, tt.want); got != tt.is {
			t.Errorf("%q for %q: got %v, want %v", tt.lines, tt.want, got, tt.is)
		}
	}
}

// A finding tells apart a recovery that does not answer, and one whose answer has nothing
// to compare with.
func TestComparedSays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		is    match
		lines []string
		want  message.ID
	}{
		{cannotTell, nil, "guide.unit.silent"},
		{cannotTell, []string{"unknown"}, "guide.unit.alone"},
		{same, []string{"sunny"}, "guide.unit.same"},
		{differs, []string{"alioth"}, "guide.unit.differs"},
	} {
		if got := compared(questions[1], tt.is, tt.lines); got.ID() != tt.want {
			t.Errorf("%q: got %v, want %v", tt.lines, got.ID(), tt.want)
		}
	}
}
