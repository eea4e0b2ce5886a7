package backup_test

import (
	"maps"
	"testing"
	"time"

	"preship/adb/adbtest"
	"preship/backup"
	"preship/backup/manifest"
	"preship/backup/selection"
	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
)

// standing returns the findings that stop a reset, by ID.
func standing(all report.Findings) map[string]report.Status {
	found := map[string]report.Status{}
	for _, f := range all {
		if f.Status == report.StatusFail || f.Status == report.StatusUnknown {
			found[f.ID] = f.Status
		}
	}
	return found
}

// foreseeing makes a complete backup of a profile, and asserts that Look saw beforehand
// what the backup then lacks, and nothing else. Looking saves nothing.
func (r *rig) foreseeing() {
	r.t.Helper()
	foreseen, err := backup.Look(r.t.Context(), r.device, asker{r.device}, nil, selection.Selection{}, false)
	if err != nil {
		r.t.Fatal(err)
	}
	b := r.mustRun()
	if got, want := standing(foreseen.Findings), standing(b.Findings); !maps.Equal(got, want) {
		r.t.Errorf("foreseen %v, then lacking %v", got, want)
	}
	for _, f := range foreseen.Findings {
		if then, _ := b.Findings.ByID(f.ID); then.Summary != f.Summary {
			r.t.Errorf("%s: foreseen %q, then %q", f.ID, f.Summary, then.Summary)
		}
	}
	if foreseen.Bytes < b.Bytes.Saved || foreseen.Files < b.Files.Saved || foreseen.Left != foreseen.Bytes {
		r.t.Errorf("foreseen %d bytes in %d files, then %+v in %+v", foreseen.Bytes, foreseen.Files, b.Bytes, b.Files)
	}
	c, err := casedir.Open(r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	defer c.Close()
	again, err := backup.Look(r.t.Context(), r.device, asker{r.device}, c, selection.Selection{}, false)
	if err != nil || again.Left != 0 {
		r.t.Errorf("after the backup %d bytes are left to copy, %v", again.Left, err)
	}
}

// TestLookRefused: a storage and a kind that are refused whole are foreseen as such.
func TestLookRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles, adbtest.Trouble{Kind: adbtest.TroubleDeny, Path: "/storage/emulated/0"})
	p, err := backup.Look(t.Context(), r.device, asker{r.device}, nil, selection.Selection{}, false)
	if err != nil {
		t.Fatal(err)
	}
	f, _ := p.Findings.ByID(check.BackupStorageOwner)
	if f.Status != report.StatusFail || f.Remedy == "" {
		t.Errorf("the owner's storage is refused, and the preview has %+v", p.Findings)
	}
	if loss, _ := p.Losses.Of(check.BackupStorage); len(loss) != 1 {
		t.Errorf("the losses are %v", p.Losses)
	}
}

func TestPaceTime(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pace backup.Pace
		n    int64
		want time.Duration
	}{
		{backup.Pace{}, 1 << 30, 0},
		{backup.Pace{Bytes: 8 << 20, Took: time.Second}, 80 << 20, 10 * time.Second},
		{backup.Pace{Bytes: 8 << 20, Took: time.Second}, 0, 0},
	} {
		if got := tt.pace.Time(tt.n); got != tt.want {
			t.Errorf("%d bytes at %+v take %s, want %s", tt.n, tt.pace, got, tt.want)
		}
	}
}

// TestLookEncrypted: the space that encryption takes counts: as much as the files of the
// backup then have on the disk.
func TestLookEncrypted(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	r.options.Encrypt.To, _ = ageKey(t)
	plain, err := backup.Look(t.Context(), r.device, asker{r.device}, nil, selection.Selection{}, false)
	if err != nil {
		t.Fatal(err)
	}
	foreseen, err := backup.Look(t.Context(), r.device, asker{r.device}, nil, selection.Selection{}, true)
	if err != nil {
		t.Fatal(err)
	}
	r.mustRun()
	entries, _ := r.manifest()
	var onDisk, files int64
	for _, e := range entries {
		if e.Type == manifest.TypeFile {
			onDisk, files = onDisk+e.DiskSize(), files+1
		}
	}
	if difference := foreseen.Left - onDisk; difference < -64*files || difference > 64*files || onDisk <= plain.Left {
		t.Errorf("%d bytes foreseen, %d without encryption; then %d in %d files", foreseen.Left, plain.Left, onDisk, files)
	}
	c, err := casedir.Open(r.dir) // the case says that it is encrypted
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if again, err := backup.Look(t.Context(), r.device, asker{r.device}, c, selection.Selection{}, false); err != nil || again.Left != 0 {
		t.Errorf("after the backup %d bytes are left, %v", again.Left, err)
	}
}
