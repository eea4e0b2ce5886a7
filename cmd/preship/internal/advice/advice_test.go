package advice

import (
	"strings"
	"testing"

	"preship/adb"
)

// Every state has advice, except the one that is ready.
func TestEveryStateHasAdvice(t *testing.T) {
	t.Parallel()
	for state := range states {
		if g := For(state); g.First.Empty() != (state == adb.StateDevice) {
			t.Errorf("%q: First is %q", state, g.First)
		}
	}
	if g := For("never heard of"); g.First.Empty() {
		t.Error("an unknown state looks ready")
	}
	if lines := noPermissions("windows"); len(lines) == 0 || strings.Contains(string(lines[0]), "udev") {
		t.Errorf("no permissions on Windows: %q", lines)
	}
}
