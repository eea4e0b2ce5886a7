package advice

import (
	"strings"
	"testing"

	"preship/adb"
)

// Every state has advice, except the one that is ready.
func TestEveryStateHasAdvice(t *testing.T) {
	t.Parallel()
	for state, g := range states {
		if (g.First == "") != (state == adb.StateDevice) {
			t.Errorf("%q: First is %q", state, g.First)
		}
		for _, text := range append([]string{g.First}, g.Then...) {
			if strings.HasSuffix(text, ".") || strings.Contains(text, "\n") {
				t.Errorf("%q: %q is not one sentence without its stop", state, text)
			}
		}
	}
	if g := For("never heard of"); g.First == "" {
		t.Error("an unknown state looks ready")
	}
	if lines := noPermissions("windows"); len(lines) == 0 || strings.Contains(lines[0], "udev") {
		t.Errorf("no permissions on Windows: %q", lines)
	}
}
