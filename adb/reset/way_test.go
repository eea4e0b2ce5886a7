package reset

import (
	"slices"
	"strings"
	"testing"

	"preship/adb/handset"
	"preship/report/message"
)

// A handset of another maker with this vendor's system has the pages of the system
// but not the recovery of the vendor.
func TestNoRecoveryOfAnotherMakers(t *testing.T) {
	t.Parallel()
	id := sunny()
	if way, _ := Choose(id); way.Name != "recovery" {
		t.Fatalf("chose %s for the vendor's own handset, want recovery", way.Name)
	}
	id.OtherMaker = message.AsIs("ro.product.manufacturer=nubia")
	way, passedOver := Choose(id)
	var said []string
	for _, why := range passedOver {
		said = append(said, why.String())
	}
	if way.Name != "settings" || !slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, "another maker") }) {
		t.Errorf("chose %s (%q), want settings, because of another maker", way.Name, said)
	}
	if fits, _ := wayTo(t, "recovery").Applies(id); fits {
		t.Error("recovery fits when it is asked for by name")
	}
}

// The recovery must be able to show that it is this handset's: one number that both know is
// enough, and without any there is another way.
func TestRecoveryNeedsANumber(t *testing.T) {
	t.Parallel()
	unknown := handset.Fact{Unknown: message.English("permission denied")}
	for _, tt := range []struct {
		name   string
		change func(*handset.Identity)
		fits   bool
	}{
		{"all", func(*handset.Identity) {}, true},
		{"only the model of the recovery", func(id *handset.Identity) { id.Codename, id.CPUID = unknown, unknown }, true},
		{"only the codename", func(id *handset.Identity) { id.ModDevice, id.CPUID = unknown, unknown }, true},
		{"only the processor number", func(id *handset.Identity) { id.ModDevice, id.Codename = unknown, unknown }, true},
		{"only the build", func(id *handset.Identity) { id.ModDevice, id.Codename, id.CPUID = unknown, unknown, unknown }, false},
		{"another vendor", func(id *handset.Identity) { id.Vendor = handset.Vendors[len(handset.Vendors)-1] }, false},
		{"no vendor", func(id *handset.Identity) { id.Vendor = nil }, false},
	} {
		id := sunny()
		tt.change(&id)
		if fits, why := wayTo(t, "recovery").Applies(id); fits != tt.fits || why.Empty() {
			t.Errorf("%s: fits %t (%s), want %t", tt.name, fits, why, tt.fits)
		}
	}
}

// Each way but the last has another after it, and says why it passed one over.
func TestNext(t *testing.T) {
	t.Parallel()
	id := sunny()
	id.Vendor = nil
	next, passedOver := wayTo(t, "recovery").Next(id)
	if next != wayTo(t, "by-hand") || len(passedOver) != 2 {
		t.Errorf("after recovery comes %+v, passed over %v; want by-hand after two others", next, passedOver)
	}
	if next, passedOver := next.Next(id); next != nil || passedOver != nil {
		t.Errorf("after the last way comes %+v, passed over %v", next, passedOver)
	}
}
