package adbd

import (
	"io"

	"preship/adb/adbtest/stream"
)

// storedBrotli writes a brotli stream (RFC 7932) whose blocks are stored as they are.
// A client cannot tell it from one that found nothing to compress, and the program is
// 700 KB smaller without the compressor. The zero value with a writer is ready for use.
type storedBrotli struct {
	w     io.Writer
	begun bool
}

// maxStored is the largest block that four nibbles can give the length of.
const maxStored = 1 << 16

// Write writes p as stored blocks.
func (b *storedBrotli) Write(p []byte) (int, error) {
	return stream.InParts(p, maxStored, func(block []byte) error {
		// From the lowest bit: not the last (1 bit), four nibbles of length (2 bits, 0),
		// the length less one (16), stored (1).
		if err := b.put(uint32(len(block)-1)<<3|1<<19, 20); err != nil {
			return err
		}
		_, err := b.w.Write(block)
		return err
	})
}

// Close ends the stream with a last block without content, and leaves the writer open.
func (b *storedBrotli) Close() error { return b.put(0b11, 2) }

// put writes a header and fills its last byte with zeros. In front of the first one
// goes the size of the window: one bit, 0, which is 64 KiB.
func (b *storedBrotli) put(bits uint32, n int) error {
	if !b.begun {
		b.begun = true
		bits, n = bits<<1, n+1
	}
	header := []byte{byte(bits), byte(bits >> 8), byte(bits >> 16)}
	_, err := b.w.Write(header[:(n+7)/8])
	return err
}
