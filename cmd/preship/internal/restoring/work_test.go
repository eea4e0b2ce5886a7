package restoring

import "testing"

// A server that has no model of the handset leaves no empty brackets behind.
func TestRestoringTo(t *testing.T) {
	t.Parallel()
	for model, want := range map[string]string{"": "Restoring to 0123.", "M2101K7BNY": "Restoring to 0123 (M2101K7BNY)."} {
		if got := restoringTo("0123", model).String(); got != want {
			t.Errorf("model %q: %q, want %q", model, got, want)
		}
	}
}
