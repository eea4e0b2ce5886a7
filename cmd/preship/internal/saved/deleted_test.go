package saved

import (
	"testing"
	"time"

	"preship/report/casedir"
)

func TestDeletedWords(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 11, n, 12, 0, 0, 0, time.UTC) }
	tests := []struct {
		name string
		kept casedir.Retention
		want string
	}{
		{
			"ended in the middle",
			casedir.Retention{HandedBack: day(1), Deleting: new(day(2))},
			"deleting the saved data began on 2026-11-02, after it was handed back on 2026-11-01, and did not end: the rest is not complete",
		},
		{
			"all of it",
			casedir.Retention{HandedBack: day(1), Deleting: new(day(2)), Deleted: new(day(3))},
			"the saved data was deleted on 2026-11-03 by preship cases purge, after it was handed back on 2026-11-01",
		},
	}
	for _, tt := range tests {
		if got := Words(&tt.kept).String(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
