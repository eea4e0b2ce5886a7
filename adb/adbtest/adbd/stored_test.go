package adbd

import (
	"bytes"
	"io"
	"testing"

	"preship/adb/internal/wire"
)

// Any reader of a form reads what is stored: nothing, less than a block, blocks, and more.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	for _, flag := range []uint32{wire.SyncFlagBrotli, wire.SyncFlagLZ4, wire.SyncFlagZstd} {
		for _, size := range []int{0, 1, 255, maxStored - 1, maxStored, maxStored + 1, 3*maxStored + 17} {
			want := make([]byte, size)
			for i := range want {
				want[i] = byte(i * i >> 3)
			}
			var packed bytes.Buffer
			enc, err := newEncoder(&packed, flag)
			if err != nil {
				t.Fatal(err)
			}
			// In pieces of odd sizes, as bufio hands them over.
			for part := want; len(part) > 0 && err == nil; {
				n := min(len(part), 40_001)
				_, err = enc.Write(part[:n])
				part = part[n:]
			}
			if err == nil {
				err = enc.Close()
			}
			if err != nil {
				t.Fatal(err)
			}
			dec, err := newDecoder(bytes.NewReader(packed.Bytes()), flag)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(dec)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("form %d: %d bytes came back as %d: %v", flag, size, len(got), err)
			}
		}
	}
}
