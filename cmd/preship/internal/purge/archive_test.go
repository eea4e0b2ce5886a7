package purge

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/backup/archive"
	"preship/report/casedir"
	"preship/report/casetest"
	"preship/report/deletion"
	"preship/report/seal"
)

// locked is a store that keeps its objects until a time.
type locked struct {
	archive.Store
	until time.Time
}

func (l locked) Until(context.Context, archive.Version) (time.Time, error) { return l.until, nil }

// TestRunDeletesTheArchive: a case whose data is in the archive alone is refused while a
// lock holds, and is deleted there afterwards, its key first.
func TestRunDeletesTheArchive(t *testing.T) {
	t.Parallel()
	c := finishedCase(t, 2)
	dir := t.TempDir()
	for name, text := range map[string]string{"key.age": "key", "packs/00000.age": "pack", "list.json": "{}"} {
		file := filepath.Join(dir, c.ID(), name)
		must(t, os.MkdirAll(filepath.Dir(file), 0o700))
		must(t, os.WriteFile(file, []byte(text), 0o600))
	}
	must(t, c.SetArchive(casedir.Archive{Address: "file://" + filepath.ToSlash(dir), Written: casetest.Time}))
	must(t, c.FreeBackup(func() time.Time { return casetest.Time }, seal.Finished))
	must(t, c.HandBack(casetest.Time, seal.Finished))
	o := options(casetest.Time.Add(time.Hour))
	until := casetest.Time.Add(48 * time.Hour)
	o.Places = Archived(func(a archive.Address) (archive.Store, error) {
		s, err := archive.OpenFolder(a.Folder)
		return locked{s, until}, err
	}, o.Now)
	_, err := Run(t.Context(), c, o)
	if !errors.Is(err, archive.ErrRetained) || !strings.Contains(err.Error(), "2026-11-24") {
		t.Errorf("while the lock holds: %v, want %v and its date", err, archive.ErrRetained)
	}
	if r := mustRetention(t, c); r.Deleting != nil {
		t.Error("the deletion began")
	}
	until = time.Time{}
	res, err := Run(t.Context(), c, o)
	must(t, err)
	want := deletion.Place{Kind: deletion.Archive, Address: "file://" + filepath.ToSlash(dir) + "/" + c.ID(), Files: 3, Bytes: 9, Keys: 1}
	if len(res.Stated.Places) != 2 || res.Stated.Places[0] != want {
		t.Errorf("stated %+v, want first %+v", res.Stated.Places, want)
	}
	if _, err := os.Lstat(filepath.Join(dir, c.ID())); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the archive: %v, want it gone", err)
	}
	if err := purged(c, casetest.Time.Add(2*time.Hour)); !errors.Is(err, casedir.ErrNoData) {
		t.Errorf("again: %v, want %v", err, casedir.ErrNoData)
	}
}
