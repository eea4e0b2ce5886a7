// Package packedtest keeps the packs of the program equal to their files.
package packedtest

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// Check fails if a pack does not hold exactly the files of the working folder that match
// pattern. With the environment variable set to 1 it writes the pack into file instead.
func Check(t *testing.T, pack *zip.Reader, pattern, file, variable string) {
	t.Helper()
	here := os.DirFS(".")
	names, err := fs.Glob(here, pattern)
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	same := len(pack.File) == len(names)
	for _, name := range names {
		want, err := fs.ReadFile(here, name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := fs.ReadFile(pack, name)
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
	case os.Getenv(variable) != "1":
		t.Errorf("%s does not hold the files %s; %s=1 writes it anew", file, pattern, variable)
	default:
		e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, e.EncodeAll(out.Bytes(), nil), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
