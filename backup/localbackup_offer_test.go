package backup_test

import (
	"strings"
	"testing"
)

// TestRunOffersTheLocalBackup: while there is time, and only where the handset can
// make one and has not.
func TestRunOffersTheLocalBackup(t *testing.T) {
	t.Parallel()
	const folder = "dir - - 2026-03-01T10:00:00Z /sdcard/MIUI/Gallery\n"
	for _, tt := range []struct {
		name string
		tree string
		want int
	}{
		{"can make one", folder, 1},
		{"cannot", "", 0},
		{"has one", folder + "text - - 2026-03-01T10:00:00Z /sdcard/MIUI/backup/AllBackup/20260301_120000/descript.xml \"x\"\n", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := fullRig(t, "redmi-note-10", func(p string) string { return android13(p) + tt.tree })
			var said []string
			r.options.Say = func(text string) {
				if r.shells("xargs -0 sha256sum") > 0 {
					t.Error("told when the copying had begun")
				}
				said = append(said, text)
			}
			r.mustRun()
			if len(said) != tt.want || tt.want > 0 && (!strings.Contains(said[0], "3 apps") || !strings.Contains(said[0], "Back up and restore")) {
				t.Errorf("said %q", said)
			}
		})
	}
}
