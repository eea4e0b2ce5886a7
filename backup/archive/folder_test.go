package archive_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/backup/archive"
	"preship/backup/archive/storetest"
	"preship/report/safefile/safefiletest"
)

func TestMain(m *testing.M) { os.Exit(safefiletest.InMemory(m).Run()) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func folder(t testing.TB) archive.Store {
	t.Helper()
	f, err := archive.OpenFolder(filepath.Join(t.TempDir(), "made", "here"))
	must(t, err)
	t.Cleanup(func() { must(t, f.Close()) })
	return f
}

func TestFolder(t *testing.T) {
	t.Parallel()
	storetest.Run(t, folder)
}

func TestFolderCannotLock(t *testing.T) {
	t.Parallel()
	if err := folder(t).Put(t.Context(), "PS-1/key.age", strings.NewReader("x"), time.Now().AddDate(1, 0, 0)); !errors.Is(err, archive.ErrCannotLock) {
		t.Errorf("error %v, want %v", err, archive.ErrCannotLock)
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	id := "PS-20261122-7K3Q9D"
	here, err := os.Getwd()
	must(t, err)
	for text, want := range map[string]archive.Address{
		"s3://bucket":               {Bucket: "bucket"},
		"s3://bucket/":              {Bucket: "bucket"},
		"s3://bucket/a/b/":          {Bucket: "bucket", Prefix: "a/b"},
		"s3://bucket/a/" + id:       {Bucket: "bucket", Prefix: "a", Case: id},
		"s3://bucket/" + id:         {Bucket: "bucket", Case: id},
		"share":                     {Folder: filepath.Join(here, "share")},
		filepath.Join("share", id):  {Folder: filepath.Join(here, "share"), Case: id},
		"s3://":                     {},
		"s3://x":                    {},
		"s3://key:secret@bucket/a":  {},
		"s3://bucket/../other":      {},
		"s3://bucket/a?versionId=1": {},
		"s3://bucket/" + strings.Repeat("a/", 200): {},
		"https://bucket.example/a":                 {},
		"file://server/share":                      {},
		"file:///a?b":                              {},
		"":                                         {},
	} {
		got, err := archive.ParseAddress(text)
		if want == (archive.Address{}) {
			if !errors.Is(err, archive.ErrAddress) || strings.Contains(err.Error(), "secret@") {
				t.Errorf("%q: %+v, %v, want %v", text, got, err, archive.ErrAddress)
			}
			continue
		}
		if err != nil || got != want {
			t.Errorf("%q: %+v, %v, want %+v", text, got, err, want)
		}
		again, err := archive.ParseAddress(got.String())
		if got.Case = ""; err != nil || again != got {
			t.Errorf("%q: %q comes back as %+v, %v", text, got.String(), again, err)
		}
	}
}
