package adbd

import "testing"

func TestScannedPorts(t *testing.T) {
	t.Parallel()
	for port, want := range map[int]bool{5554: false, 5555: true, 5585: true, 5586: false} {
		if got := scanned(port); got != want {
			t.Errorf("port %d: scanned %t, want %t", port, got, want)
		}
	}
}
