package s3

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"preship/backup/agefile"
	"preship/backup/archive"
)

const caseID = "PS-20261122-7K3Q9D"

// caseOf makes a case with some bytes of data, which do not compress.
func caseOf(t testing.TB, bytes int) *os.Root {
	t.Helper()
	dir := t.TempDir()
	data := make([]byte, bytes)
	_, err := rand.Read(data)
	must(t, err)
	for name, contents := range map[string][]byte{"backup/storage/emulated/0/film.mp4": data, "report.json": []byte("{}"), "case.json": []byte("{}")} {
		must(t, os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700))
		must(t, os.WriteFile(filepath.Join(dir, name), contents, 0o600))
	}
	root, err := os.OpenRoot(dir)
	must(t, err)
	t.Cleanup(func() { _ = root.Close() })
	return root
}

// TestArchive: uploads that are cut off in the middle of a part leave nothing that counts,
// the next run keeps the packs that are there, and all of it comes back and goes.
func TestArchive(t *testing.T) {
	t.Parallel()
	s := inBucket(t, false)
	root := caseOf(t, 3<<20)
	public, secret, err := agefile.NewKey()
	must(t, err)
	key, err := agefile.ParseKey(bytes.NewReader(secret), nil)
	must(t, err)
	o := archive.Options{Address: "s3://bucket/chain/cases", To: []string{public}, Now: time.Now(), PackBytes: 1 << 20}
	kept := 0
	for percent := 34; percent < 100; percent += 13 {
		ctx, cut := context.WithCancel(t.Context())
		o.Progress = func(done, all int64) {
			if done*100/all >= int64(percent) {
				cut()
			}
		}
		if _, err := archive.Write(ctx, s, root, caseID, o); err == nil {
			t.Fatalf("at %d percent: not cut off", percent)
		}
		cut()
		if _, err := archive.Open(t.Context(), s, caseID, key, ""); err == nil {
			t.Errorf("cut off at %d percent, it counts as an archive", percent)
		}
	}
	o.Progress = nil
	w, err := archive.Write(t.Context(), s, root, caseID, o)
	must(t, err)
	kept += w.Kept
	if kept == 0 || w.Packs != 4 {
		t.Errorf("%+v, want packs that stay", w)
	}
	for _, v := range versions(t, s, caseID+"/") {
		if !v.Latest {
			t.Errorf("left: %+v", v)
		}
	}
	r, err := archive.Open(t.Context(), s, caseID, key, w.Digest)
	must(t, err)
	to, err := os.OpenRoot(t.TempDir())
	must(t, err)
	defer to.Close()
	_, err = r.Fetch(t.Context(), to, archive.FetchOptions{})
	must(t, err)
	for _, name := range []string{"backup/storage/emulated/0/film.mp4", "report.json", "case.json"} {
		want, err := root.ReadFile(name)
		must(t, err)
		if got, err := to.ReadFile(name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s does not come back: %v", name, err)
		}
	}
	res, err := archive.Check(t.Context(), s, caseID, archive.CheckOptions{Sample: 1, Digest: w.Digest})
	if err != nil || len(res.Problems) > 0 {
		t.Errorf("check: %+v, %v", res, err)
	}
	if d, err := archive.Delete(t.Context(), s, caseID, time.Now()); err != nil || d.Keys != 1 {
		t.Errorf("%+v, %v", d, err)
	}
}

// BenchmarkArchive writes 1 GiB, and reads it back.
func BenchmarkArchive(b *testing.B) {
	s := inBucket(b, false)
	root := caseOf(b, 1<<30)
	public, _, err := agefile.NewKey()
	must(b, err)
	b.SetBytes(1 << 30)
	n := 0
	for b.Loop() {
		n++
		_, err := archive.Write(b.Context(), s, root, caseID, archive.Options{Address: fmt.Sprint("s3://bucket/", n), To: []string{public}, Now: time.Now()})
		must(b, err)
	}
}
