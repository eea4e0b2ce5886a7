package backup

import (
	"testing"

	"preship/backup/plan"
)

// A backup that ended while the handset was listed says so in words, not by an ID.
func TestKeptFindingOfAnUnfinishedListing(t *testing.T) {
	t.Parallel()
	f := (&job{plan: plan.New()}).kept()
	if f.Summary != "The handset was not listed completely." || f.Message == nil {
		t.Errorf("says %q with message %v", f.Summary, f.Message)
	}
}
