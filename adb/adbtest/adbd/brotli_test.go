package adbd

import (
	"bytes"
	"io"
	"testing"

	"github.com/andybalholm/brotli"
)

func TestStoredBrotli(t *testing.T) {
	t.Parallel()
	for _, sizes := range [][]int{{}, {0}, {1}, {2, 0, 3}, {maxStored - 1}, {maxStored}, {maxStored + 1}, {3*maxStored + 7, 1}} {
		var packed, want bytes.Buffer
		enc := &storedBrotli{w: &packed}
		for i, size := range sizes {
			p := bytes.Repeat([]byte{byte(i), 'x', 0, 0xff}, size/4+1)[:size]
			want.Write(p)
			if n, err := enc.Write(p); n != size || err != nil {
				t.Fatal(n, err)
			}
		}
		if err := enc.Close(); err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(brotli.NewReader(&packed))
		if err != nil || !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%v: %d bytes, %v; want %d", sizes, len(got), err, want.Len())
		}
	}
}
