package toybox

import (
	"testing"
	"testing/synctest"
	"time"
)

// Sleeping takes as long as it says, by whatever clock there is.
func TestSleep(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		if code := applets["sleep"].start(t.Context(), &Process{Args: []string{"sleep", "61.5"}}); code != 0 {
			t.Errorf("exit %d", code)
		}
		if got := time.Since(start); got != 61500*time.Millisecond {
			t.Errorf("slept %v", got)
		}
	})
}
