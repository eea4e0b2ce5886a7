package fontpack

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// western returns the streams of the smaller font of the program.
func western(tb testing.TB) []byte {
	tb.Helper()
	b, err := os.ReadFile("../fonts/wqy-microhei-western.zst")
	if err != nil {
		tb.Fatal(err)
	}
	d, err := zstd.NewReader(nil)
	if err != nil {
		tb.Fatal(err)
	}
	defer d.Close()
	streams, err := d.DecodeAll(b, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return streams
}

func TestSplitUndoesJoin(t *testing.T) {
	t.Parallel()
	streams := western(t)
	ttf, err := Join(streams)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := Split(ttf); err != nil || !bytes.Equal(back, streams) {
		t.Errorf("other streams, error %v", err)
	}
	_, at := place(ttf, "glyf")
	ttf[at] ^= 1 // a bit of an outline, or of its padding
	if back, err := Split(ttf); err == nil && bytes.Equal(back, streams) {
		t.Error("the streams of another font are equal")
	}
}

func TestMalformed(t *testing.T) {
	t.Parallel()
	streams := western(t)
	ttf, err := Join(streams)
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(streams); n += len(streams) / 100 {
		if _, err := Join(streams[:n]); !errors.Is(err, ErrFont) {
			t.Errorf("the first %d bytes of the streams: error %v", n, err)
		}
	}
	at, size := place(ttf, "loca")
	for n := 0; n < at+size; n += len(ttf) / 20 {
		if _, err := Split(ttf[:n]); !errors.Is(err, ErrFont) {
			t.Errorf("the first %d bytes of the font: error %v", n, err)
		}
	}
	unpadded := bytes.Clone(ttf)
	binary.BigEndian.PutUint32(unpadded[at+4:], binary.BigEndian.Uint32(ttf[at+4:])+2)
	if _, err := Split(unpadded); !errors.Is(err, ErrFont) {
		t.Errorf("a glyph that is not padded: error %v", err)
	}
}

func FuzzJoin(f *testing.F) {
	f.Add(western(f))
	f.Add(make([]byte, 4*int(kinds)))
	f.Fuzz(func(t *testing.T, streams []byte) {
		if _, err := Join(streams); err != nil && !errors.Is(err, ErrFont) {
			t.Error(err)
		}
	})
}
