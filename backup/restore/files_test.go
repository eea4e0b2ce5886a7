package restore

import (
	"testing"

	"preship/adb"
)

// TestSameSize: a restore compares as much of a size as the handset gives.
func TestSameSize(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		there, saved int64
		exact, want  bool
	}{
		{5 << 30, 5 << 30, true, true},
		{1 << 30, 5 << 30, true, false},
		{1 << 30, 5 << 30, false, true},
		{1<<30 + 1, 5 << 30, false, false},
	} {
		if got := sameSize(adb.FileInfo{Size: tt.there, SizeExact: tt.exact}, tt.saved); got != tt.want {
			t.Errorf("there %d, saved %d, exact %v: %v, want %v", tt.there, tt.saved, tt.exact, got, tt.want)
		}
	}
}
