package reset

import (
	"context"
	"errors"
	"testing"

	"preship/adb/handset/locks"
	"preship/report"
	"preship/report/check"
)

// A look at the locks that broke off is unknown, however many locks it had found
// open until then, and whatever the owner overrides.
func TestLockLookThatBrokeOff(t *testing.T) {
	broken := errors.New("device offline")
	for _, tt := range []struct {
		name  string
		found []report.Finding
	}{
		{"after every lock was open", []report.Finding{
			{ID: locks.MiAccount, Status: report.StatusPass}, {ID: locks.FindDevice, Status: report.StatusPass},
		}},
		{"after a lock that is overridden", []report.Finding{{ID: locks.MiAccount, Status: report.StatusFail}}},
		{"after a closed lock", []report.Finding{{ID: locks.FindDevice, Status: report.StatusFail}}},
		{"before any answer", nil},
	} {
		found := Preconditions{
			Locks:   func(context.Context) ([]report.Finding, error) { return tt.found, broken },
			Despite: []string{locks.MiAccount},
		}.locks(t.Context())
		if len(found) != 1 || found[0].ID != check.ResetReadyLocks || found[0].Status != report.StatusUnknown || found[0].Observed != broken.Error() {
			t.Errorf("%s: got %+v, want only %s unknown because of %q", tt.name, found, check.ResetReadyLocks, broken)
		}
		if err := Stands(found); !errors.Is(err, ErrNotReady) {
			t.Errorf("%s: error %v, want %v", tt.name, err, ErrNotReady)
		}
	}
}
