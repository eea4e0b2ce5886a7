package backup_test

import (
	"testing"

	"preship/adb/adbtest"
	"preship/backup/manifest"
)

// A handset whose SHA-256 of a file differs from the copy's is asked again: the
// file is read three times before it stays unproved.
func TestRunReadsAgainAfterAWrongHash(t *testing.T) {
	t.Parallel()
	for wrong, want := range map[int]manifest.Status{1: manifest.StatusProved, 2: manifest.StatusProved, 3: manifest.StatusSaved} {
		r := newRig(t, someFiles, adbtest.Trouble{Kind: adbtest.TroubleWrongHash, Path: photo, Times: wrong})
		b := r.mustRun()
		entries, _ := r.manifest()
		if e := entries[photo]; e.Status != want || (b.Files.Proved == b.Files.Listed) != (want == manifest.StatusProved) {
			t.Errorf("wrong %d times: %s (%s), %d of %d proved; want %s", wrong, e.Status, e.Reason, b.Files.Proved, b.Files.Listed, want)
		}
	}
}
