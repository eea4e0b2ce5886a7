package testdata

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// The pack holds the files.
func TestPacked(t *testing.T) {
	t.Parallel()
	here := os.DirFS(".")
	names, err := fs.Glob(here, HandsetDir+"/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	same := len(files().File) == len(names)
	for _, name := range names {
		want, err := fs.ReadFile(here, name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Handsets.ReadFile(name)
		same = same && err == nil && bytes.Equal(got, want)
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(want); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	switch {
	case same:
	case os.Getenv("PRESHIP_UPDATE_HANDSETS") != "1":
		t.Error("handsets.zip.zst does not hold the profiles of handsets; PRESHIP_UPDATE_HANDSETS=1 writes it anew")
	default:
		e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("handsets.zip.zst", e.EncodeAll(out.Bytes(), nil), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
