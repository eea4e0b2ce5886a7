package backup_test

import (
	"strings"
	"testing"

	"preship/backup"
	"preship/backup/disk"
	"preship/report"
	"preship/report/check"
)

// TestRunNamesForWindows: this system holds any name on an NTFS disk, and the Windows machine
// that the disk goes to does not.
func TestRunNamesForWindows(t *testing.T) {
	t.Parallel()
	const odd = `text - - 2026-03-01T10:00:20Z /sdcard/DCIM/at10:30?.txt "time"
text - - 2026-03-01T10:00:20Z /sdcard/DCIM/aux.txt "device"
text - - 2026-03-01T10:00:20Z /sdcard/DCIM/Same.txt "one"
text - - 2026-03-01T10:00:20Z /sdcard/DCIM/same.txt "two"
`
	r := newRig(t, someFiles+odd)
	ntfs := backup.OnFileSystem(r.options, disk.FileSystem{Windows: true})
	r.mustRun() // an earlier version kept the handset's names, and resumes with them
	r.options = ntfs
	if b := r.mustRun(); b.Files.Proved != 16 {
		t.Errorf("resumed: files %+v", b.Files)
	}
	r = r.later(someFiles + odd)
	r.dir += "-2"
	r.options = ntfs
	wantStatus(t, r.mustRun(), check.BackupComplete, report.StatusPass)
	entries, _ := r.manifest()
	seen := map[string]string{}
	for name, e := range entries {
		host := strings.ToLower(e.InCase())
		if strings.ContainsAny(host, `:?`) || strings.Contains(host, "/aux.") || seen[host] != "" {
			t.Errorf("%s is stored as %s, which Windows cannot open beside %q", name, e.InCase(), seen[host])
		}
		seen[host] = name
	}
}
