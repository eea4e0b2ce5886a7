package backup_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"preship/backup"
	"preship/backup/manifest"
)

// TestRunSyncsWhatCounts: every copy, every item and the place of a copy that replaces
// another one are put on the disk.
func TestRunSyncsWhatCounts(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var synced []string
	note := func(hosts []string) {
		mu.Lock()
		defer mu.Unlock()
		synced = append(synced, hosts...)
	}
	r := newRig(t, someFiles)
	r.options = backup.Syncing(r.options, note)
	r.mustRun()
	entries, m := r.manifest()
	want := []string{}
	for _, e := range entries {
		if e.Status == manifest.StatusProved {
			want = append(want, e.InCase())
		}
	}
	for _, it := range m.Items {
		want = append(want, it.File)
	}
	if len(want) < 13 {
		t.Fatalf("%d files and items, want 12 files and an item", len(want))
	}
	for _, host := range want {
		if !slices.Contains(synced, host) {
			t.Errorf("%s was not put on the disk", host)
		}
	}
	synced = nil
	r = r.later(newerPhoto)
	r.options = backup.Syncing(r.options, note)
	r.mustRun()
	aside, placed := slices.Index(synced, "backup/unproved"+photo), slices.Index(synced, "backup"+photo)
	if aside < 0 || placed < aside {
		t.Errorf("the new version was put on the disk as %q; want it proved first, then in its place", synced)
	}
}

// TestRunEndsAMove: an earlier run was killed after it moved a proved copy to its place. The
// journal on the disk says where the copy is, also where nothing else is saved.
func TestRunEndsAMove(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	r.mustRun()
	lines := r.journal()
	i := slices.IndexFunc(lines, func(l map[string]any) bool { return l["path"] == photo })
	if i < 0 {
		t.Fatalf("the journal has no line for %s", photo)
	}
	staged := lines[i]
	staged["staged"] = true
	b, err := json.Marshal(staged)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(r.journalName(), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(append(b, '\n')); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if b := r.mustRun(); b.Files.Proved != 12 {
		t.Errorf("files %+v, want 12 proved", b.Files)
	}
	for _, l := range r.journal() {
		if l["path"] == photo {
			staged = l
		}
	}
	if staged["staged"] == true {
		t.Error("the last line of the moved copy says that it is still apart")
	}
}

func (r *rig) journalName() string {
	return filepath.Join(r.dir, filepath.FromSlash(manifest.JournalName))
}

// journal returns the lines of the journal.
func (r *rig) journal() (lines []map[string]any) {
	r.t.Helper()
	b, err := os.ReadFile(r.journalName())
	if err != nil {
		r.t.Fatal(err)
	}
	for text := range strings.Lines(string(b)) {
		var l map[string]any
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			r.t.Fatal(err)
		}
		lines = append(lines, l)
	}
	return lines
}
