package testdata

import (
	"testing"

	"preship/report/packed/packedtest"
)

// The pack holds the files.
func TestPacked(t *testing.T) {
	t.Parallel()
	packedtest.Check(t, files(), HandsetDir+"/*.txtar", "handsets.zip.zst", "PRESHIP_UPDATE_HANDSETS")
}
