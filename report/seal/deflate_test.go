package seal

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

// Files of every size around the border come out of the ZIP as they went in, in whatever
// pieces they were written, and a large one is smaller there.
func TestDeflated(t *testing.T) {
	t.Parallel()
	sizes := []int{0, 1, notWorthIt - 1, notWorthIt, notWorthIt + 1, 0, 100_000, 3, 200_000, notWorthIt}
	text := strings.Repeat("an answer of the handset\n", 10_000)
	var file bytes.Buffer
	out := newDeflated(&file)
	for i, size := range sizes {
		w, err := out.CreateHeader(&zip.FileHeader{Name: fmt.Sprint(i), Method: zip.Deflate})
		if err != nil {
			t.Fatal(err)
		}
		for left := text[i : i+size]; left != ""; {
			n := min(len(left), 1+i*100)
			if _, err := io.WriteString(w, left[:n]); err != nil {
				t.Fatal(err)
			}
			left = left[n:]
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	in, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for i, size := range sizes {
		f, err := in.File[i].Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(f)
		if err != nil || string(b) != text[i:i+size] {
			t.Errorf("file %d of %d bytes came out as %d: %v", i, size, len(b), err)
		}
		if size > 10*notWorthIt && in.File[i].CompressedSize64 > uint64(size/10) {
			t.Errorf("%d bytes take %d", size, in.File[i].CompressedSize64)
		}
	}
}
