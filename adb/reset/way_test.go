package reset

import (
	"slices"
	"strings"
	"testing"

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
