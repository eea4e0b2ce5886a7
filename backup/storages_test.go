package backup_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest"
	"preship/adb/handset"
	"preship/adb/link"
	"preship/backup"
	"preship/backup/manifest"
	"preship/backup/restore"
	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
	"preship/report/message"
)

// dualApps is a profile with a user whose storage is not in the list of volumes.
const dualApps = "user: 999 4001010 running dual space\n"

const (
	ofDualApps    = `text - - 2026-03-01T10:00:00Z /storage/emulated/999/DCIM/of-the-clone.jpg "a photo"` + "\n"
	dualAppsPhoto = "/storage/emulated/999/DCIM/of-the-clone.jpg"
)

// mute is a reader that gets no answer to some rows.
type mute struct {
	asker
	row *handset.Command
	arg string // part of the line
}

func (m mute) Ask(ctx context.Context, line handset.Line) (handset.Answer, error) {
	if line.Command() == m.row && strings.Contains(line.String(), m.arg) {
		return handset.Answer{}, context.DeadlineExceeded
	}
	return m.asker.Ask(ctx, line)
}

// runWith makes a backup with another reader.
func (r *rig) runWith(reader handset.Reader) report.Backup {
	r.t.Helper()
	c, err := casedir.Create(r.dir, time.Now())
	if err != nil {
		r.t.Fatal(err)
	}
	defer c.Close()
	b, err := backup.Run(r.t.Context(), r.device, reader, c, r.options)
	if err != nil {
		r.t.Fatal(err)
	}
	return b
}

// TestRunFindsUnlistedStorages: a storage that the list of volumes leaves out is saved and
// proved, or named.
func TestRunFindsUnlistedStorages(t *testing.T) {
	t.Parallel()
	closed := adbtest.Trouble{Kind: adbtest.TroubleDeny, Path: "/storage/emulated/999"}
	for _, tt := range []struct {
		name, keys, tree string
		trouble          []adbtest.Trouble
		storage          report.Status
		saved, says      string
	}{
		{"dual apps", dualApps, ofDualApps, nil, report.StatusPass, dualAppsPhoto, ""},
		{"a folder of no user that is listed", "", ofDualApps, nil, report.StatusPass, dualAppsPhoto, ""},
		{"a card no volume is named for", "", `text - - 2026-03-01T10:00:00Z /storage/1A2B-3C4D/x.jpg "x"` + "\n", nil, report.StatusPass, "/storage/1A2B-3C4D/x.jpg", ""},
		{"a user without a storage", dualApps, "", nil, report.StatusPass, "", ""},
		{"a user whose storage is refused", dualApps, ofDualApps, []adbtest.Trouble{closed}, report.StatusFail, "", "/storage/emulated/999 (the files of user 999: cannot be listed: find: Permission denied)"},
		{"a user who is not running", "user: 10 413 stopped security space\n", "", nil, report.StatusFail, "", "/storage/emulated/10 (the files of user 10: not shown: its user is not running)"},
		{"a user who is not running, and an empty folder", "user: 10 413 stopped security space\n", "dir - - 2026-03-01T10:00:00Z /storage/emulated/10\n", nil, report.StatusFail, "", "/storage/emulated/10 (the files of user 10: shows no files: its user is not running)"},
		{"a card without a number", "volume: private mounted null\nvolume: emulated;0 mounted null\nvolume: public:179,65 mounted null\n", `text - - 2026-03-01T10:00:00Z /storage/ABCD-1234/x.jpg "x"` + "\n", nil, report.StatusUnknown, "/storage/ABCD-1234/x.jpg", "storage public:179,65 has no number that names its folder"},
		{"a user whose storage is shown to nobody", dualApps, ofDualApps + "dir 0700 root:root 2026-03-01T10:00:00Z /storage/emulated/999\n", nil, report.StatusFail, "", "/storage/emulated/999 (the files of user 999: cannot be listed: "},
		{"a user whom no list names, and whose storage is mounted and not shown", "", "dir - - 2026-03-01T10:00:00Z /mnt/user/11\n", nil, report.StatusFail, "", "/storage/emulated/11 (the files of user 11: not shown, though it is mounted for its user)"},
		{"a card that is shown in /mnt only", "", "dir 0755 root:root 2026-03-01T10:00:00Z /mnt/media_rw\n" + `text - - 2026-03-01T10:00:00Z /mnt/media_rw/1A2B-3C4D/x.jpg "x"` + "\n", nil, report.StatusPass, "/mnt/media_rw/1A2B-3C4D/x.jpg", ""},
		{"a mount of a vendor's own", "", `text - - 2026-03-01T10:00:00Z /mnt/extra/x.jpg "x"` + "\n", nil, report.StatusPass, "/mnt/extra/x.jpg", ""},
		{"an empty mount of a vendor's own", "", "dir - - 2026-03-01T10:00:00Z /mnt/extra\n", nil, report.StatusPass, "", ""},
		{"a mount of a vendor's own that is refused", "", "dir 0700 root:root 2026-03-01T10:00:00Z /mnt/extra\n", nil, report.StatusFail, "", "/mnt/extra (cannot be listed: find: Permission denied)"},
		{"a link to a storage that is looked at", "", "link - - 2026-03-01T10:00:00Z /storage/sdcard0 /storage/emulated/0\n", nil, report.StatusPass, "", ""},
		{"links that lead to each other", "", "link - - 2026-03-01T10:00:00Z /storage/la /storage/lb\nlink - - 2026-03-01T10:00:00Z /storage/lb /storage/la\n", nil, report.StatusUnknown, "", "/storage/la is a link without a target"},
		{"a link to a mount of a vendor's own", "", "link - - 2026-03-01T10:00:00Z /storage/sdcard1 /mnt/extra\n" + `text - - 2026-03-01T10:00:00Z /mnt/extra/x.jpg "x"` + "\n", nil, report.StatusPass, "/mnt/extra/x.jpg", ""},
		{"a link to a folder that is no storage", "", "link - - 2026-03-01T10:00:00Z /storage/sdcard1 /data/extra\n", nil, report.StatusUnknown, "", `/storage/sdcard1 is a link to "/data/extra", which was not listed`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRigWith(t, tt.keys, someFiles+tt.tree, tt.trouble...)
			b := r.mustRun()
			f := finding(t, b, check.BackupStorage)
			if f.Status != tt.storage || !strings.Contains(f.Summary, tt.says) {
				t.Errorf("%s is %s: %s; want %s with %q", f.ID, f.Status, f.Summary, tt.storage, tt.says)
			}
			wantStatus(t, b, check.BackupStorageOwner, report.StatusPass)
			wantStatus(t, b, check.BackupUnreadable, report.StatusPass)
			entries, _ := r.manifest()
			if e := entries[tt.saved]; tt.saved != "" && e.Status != manifest.StatusProved {
				t.Errorf("%s is %+v, want it proved", tt.saved, e)
			}
			if c, err := r.changes(); err != nil || c.Count() != 0 {
				t.Errorf("changes right after: %+v, %v; want none", c, err)
			}
		})
	}
}

// TestRunDoubtsMissingAnswers: without the answer to a question about storages, the finding
// about storages is unknown.
func TestRunDoubtsMissingAnswers(t *testing.T) {
	t.Parallel()
	for _, m := range []mute{
		{row: handset.ListVolumes},
		{row: handset.ListUsers},
		{row: handset.ListFolder, arg: "/storage/emulated"},
		{row: handset.ListFolder, arg: "/storage -"},
	} {
		t.Run(m.row.Name+" "+m.arg, func(t *testing.T) {
			t.Parallel()
			r := newRigWith(t, dualApps, someFiles+ofDualApps)
			m.asker = asker{r.device}
			b := r.runWith(m)
			wantStatus(t, b, check.BackupStorage, report.StatusUnknown)
			if entries, _ := r.manifest(); entries[dualAppsPhoto].Status != manifest.StatusProved {
				t.Errorf("%s is %+v, want it proved all the same", dualAppsPhoto, entries[dualAppsPhoto])
			}
		})
	}
}

// TestRunWithUnreadableStorageFolder: if the shell may not list the folder of all users,
// the storages of the listed users and of dual apps are listed one by one.
func TestRunWithUnreadableStorageFolder(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles+ofDualApps+"dir 0711 root:root 2026-03-01T10:00:00Z /storage/emulated\n")
	b := r.mustRun()
	wantStatus(t, b, check.BackupStorage, report.StatusPass)
	if entries, _ := r.manifest(); entries[dualAppsPhoto].Status != manifest.StatusProved {
		t.Errorf("%s is %+v, want it proved", dualAppsPhoto, entries[dualAppsPhoto])
	}
}

// TestRunWithoutTheOwnersStorage: if no file of the owner's storage is saved, the finding
// has its own ID, other than that of single files and that of other users.
func TestRunWithoutTheOwnersStorage(t *testing.T) {
	t.Parallel()
	for name, tree := range map[string]string{"the folder": someFiles, "every file in it": `text 0600 root:root 2026-03-01T10:00:01Z /sdcard/a.jpg "a"` + "\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var trouble []adbtest.Trouble
			if name == "the folder" {
				trouble = append(trouble, adbtest.Trouble{Kind: adbtest.TroubleDeny, Path: "/storage/emulated/0"})
			} else {
				trouble = append(trouble, adbtest.Trouble{Kind: adbtest.TroubleDeny, Path: "/storage/emulated/0/a.jpg"})
			}
			r := newRigWith(t, dualApps, tree+ofDualApps, trouble...)
			b := r.mustRun()
			wantStatus(t, b, check.BackupStorageOwner, report.StatusFail)
			wantStatus(t, b, check.BackupStorage, report.StatusPass)
			wantStatus(t, b, check.BackupUnreadable, report.StatusPass)
			if _, m := r.manifest(); m.Roots[0].Skipped == "" {
				t.Errorf("the manifest does not say that it was refused: %+v", m.Roots[0])
			}
		})
	}
}

// TestChangesInEveryStorage: a new file in the storage of another user is a change, and a
// storage that cannot be listed any more is an error.
func TestChangesInEveryStorage(t *testing.T) {
	t.Parallel()
	r := newRigWith(t, dualApps, someFiles+ofDualApps)
	r.mustRun()
	r.sh("echo new > /storage/emulated/999/DCIM/new.jpg")
	if c, err := r.changes(); err != nil || c.New != 1 || c.Named().String() != "/storage/emulated/999/DCIM/new.jpg" {
		t.Errorf("%+v, %v; want the new photo", c, err)
	}
	closed := newRigWith(t, dualApps, someFiles+ofDualApps, adbtest.Trouble{Kind: adbtest.TroubleDeny, Path: "/storage/emulated/999"})
	closed.dir = r.dir
	if c, err := closed.changes(); err == nil || !strings.Contains(err.Error(), "/storage/emulated/999: cannot be listed") {
		t.Errorf("%+v, %v; want an error that names the storage", c, err)
	}
	folder := newRigWith(t, dualApps, someFiles+ofDualApps, adbtest.Trouble{Kind: adbtest.TroubleDeny, Path: "/storage/emulated/0/DCIM/Camera"})
	folder.dir = r.dir
	if c, err := folder.changes(); err != nil || c.Owners() != 1 || !strings.Contains(c.Named().String(), "/DCIM/Camera") {
		t.Errorf("%+v, %v; want the folder that is closed now", c, err)
	}
}

// TestRestoreWithoutTheUser: the storage of a user that the handset does not have is named
// at the start, and all others are restored.
func TestRestoreWithoutTheUser(t *testing.T) {
	t.Parallel()
	r := newRigWith(t, dualApps, someFiles+ofDualApps)
	r.mustRun()
	var said []string
	res := r.restoreTo(newRig(t, ""), restore.Options{Say: func(s message.Sentence) { said = append(said, s.String()) }})
	if len(res.Problems) != 1 || !strings.Contains(res.Problems[0].What, "this handset has no user 999") || res.Proved != 12 {
		t.Errorf("restored %+v", res)
	}
	if len(said) == 0 || !strings.Contains(said[0], "its files stay in backup/storage/emulated/999") {
		t.Errorf("said %q", said)
	}
	twin := newRigWith(t, dualApps, "dir - - 2026-03-01T10:00:00Z /storage/emulated/999/DCIM\n")
	if res := r.restoreTo(twin, restore.Options{}); len(res.Problems) > 0 || res.Proved != 13 {
		t.Errorf("with the user %+v", res)
	}
}

// TestRunWaitsWhileItLooksForStorages: a run waits for a handset that is disconnected then.
func TestRunWaitsWhileItLooksForStorages(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"sm", "pm", "find /storage -maxdepth"} {
		r := newRigWith(t, dualApps, someFiles+ofDualApps, adbtest.Trouble{Kind: adbtest.TroubleCut, Service: "shell,v2,raw:" + word, After: 0, For: 50 * time.Millisecond, Times: 1})
		b, err := r.run(context.Background())
		if errors.Is(err, link.ErrLost) || err != nil || b.Files.Proved != 13 {
			t.Errorf("%s: %+v, %v", word, b.Files, err)
		}
		wantStatus(t, b, check.BackupStorage, report.StatusPass)
	}
}

// TestRunLooksWithoutAStatusOfTheShell: if find's names and errors come in one stream, no
// list of storages is known to be complete. A user without a storage is no error, and one
// with a storage is saved.
func TestRunLooksWithoutAStatusOfTheShell(t *testing.T) {
	t.Parallel()
	for name, tree := range map[string]string{"no storage": "", "a storage": ofDualApps} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRigOf(t, fmt.Appendf(nil, bare, "cmd stat_v2 ls_v2 sendrecv_v2", dualApps, someFiles+tree))
			b, err := r.run(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			wantStatus(t, b, check.BackupStorage, report.StatusUnknown)
			if entries, _ := r.manifest(); tree != "" && entries[dualAppsPhoto].Status == "" {
				t.Errorf("%s is not in the manifest", dualAppsPhoto)
			}
		})
	}
}
