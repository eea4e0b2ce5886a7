package backup_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest"
	"preship/backup"
	"preship/backup/manifest"
)

// changes asks for the changes since the backup in the rig's case.
func (r *rig) changes() (backup.Change, error) {
	r.t.Helper()
	c := r.openCase()
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return backup.Changes(ctx, r.device, asker{r.device}, c)
}

func (r *rig) sh(line string) {
	r.t.Helper()
	res, err := r.device.Shell(context.Background(), line, nil)
	if err != nil || res.Exit != 0 {
		r.t.Fatalf("%s: %+v, %v", line, res, err)
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	if _, err := r.changes(); !errors.Is(err, manifest.ErrNoBackup) {
		t.Errorf("before a backup: error %v, want %v", err, manifest.ErrNoBackup)
	}
	r.mustRun()
	if got, err := r.changes(); err != nil || got.Count() != 0 || !got.Named().Empty() {
		t.Fatalf("right after the backup: %+v, %v, want none", got, err)
	}

	r.sh("echo photo > '/sdcard/DCIM/Camera/new\n.jpg'")
	r.sh("echo more >> /sdcard/Download/plain.txt")
	r.sh("rm /sdcard/Music/f.mp3; mkdir /sdcard/empty")
	pulled := r.handset.Sent()
	got, err := r.changes()
	if err != nil || got.New != 1 || got.Changed != 1 {
		t.Errorf("%+v, %v, want one new and one changed", got, err)
	}
	if want := []string{"/storage/emulated/0/DCIM/Camera/new\\n.jpg", "/storage/emulated/0/Download/plain.txt"}; len(got.Names) != 2 ||
		!slices.Contains(got.Names, want[0]) || !slices.Contains(got.Names, want[1]) {
		t.Errorf("names %q, want %q", got.Names, want)
	}
	for _, s := range r.handset.Sent()[len(pulled):] {
		if strings.HasPrefix(s.Line, "xargs") {
			t.Errorf("hashed for a relisting: %q", s.Line)
		}
	}

	r.mustRun()
	if got, err := r.changes(); err != nil || got.Count() != 0 {
		t.Errorf("after another backup: %+v, %v, want none", got, err)
	}
}

// TestChangesLeavesTheUnreadable: files that the backup could not read are no change.
func TestChangesLeavesTheUnreadable(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles,
		adbtest.Trouble{Kind: adbtest.TroubleDeny, Path: "/storage/emulated/0/DCIM/Camera/a.jpg"},
		adbtest.Trouble{Kind: adbtest.TroubleDeny, Path: "/storage/emulated/0/Music"})
	r.mustRun()
	if got, err := r.changes(); err != nil || got.Count() != 0 {
		t.Errorf("%+v, %v, want none", got, err)
	}
}

func TestChangesNamesAFew(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	r.mustRun()
	r.sh("for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do echo x > /sdcard/DCIM/$i.jpg; done")
	got, err := r.changes()
	if err != nil || got.New != 15 || len(got.Names) != 12 || !strings.HasSuffix(got.Named().String(), ", and 3 more") {
		t.Errorf("%+v (%s), %v, want 15 new, 12 of them named", got, got.Named(), err)
	}
}

// TestChangesOfAppsAlone: files that apps write by themselves are counted as idle, and
// named after all others.
func TestChangesOfAppsAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	r.mustRun()
	r.sh("mkdir -p /sdcard/some.app/logs; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do echo x > /sdcard/some.app/logs/$i; done")
	got, err := r.changes()
	if err != nil || got.Owners() != 0 || got.Idle != 14 || len(got.Names) != 12 {
		t.Errorf("%+v, %v, want 14 of apps alone, 12 of them named", got, err)
	}
	r.sh("echo x > /sdcard/zebra.jpg")
	got, err = r.changes()
	if err != nil || got.Owners() != 1 || got.Names[0] != "/storage/emulated/0/zebra.jpg" || !strings.HasSuffix(got.Named().String(), ", and 3 more") {
		t.Errorf("%+v (%s), %v, want the photo named first", got, got.Named(), err)
	}
}

// TestChangesBesideABadRow: a row that comes after the backup is found even if the handset
// throws at another row of the table.
func TestChangesBesideABadRow(t *testing.T) {
	t.Parallel()
	r := troubledRig(t, strings.Clone, "row uri=com.android.calendar/events id=2\nrow uri=com.android.contacts/raw_contacts id=3\n")
	r.remember(r.mustRun())
	if c, err := r.changes(); err != nil || len(c.Rows)+len(c.Hidden) > 0 {
		t.Errorf("right after the backup: %+v, %v, want no change", c, err)
	}
	r.sh("content insert --uri content://com.android.calendar/events --bind _id:i:77 --bind calendar_id:i:1 --bind title:s:new --bind dtstart:l:1774000000000")
	r.sh(addContact)
	c, err := r.changes()
	if err != nil || len(c.Rows) != 2 || c.Rows[0].String() != "1 contact" || c.Rows[1].String() != "1 calendar entry" {
		t.Errorf("%+v, %v; want the new contact and the new event", c.Rows, err)
	}
}
