package adbd

import (
	"encoding/binary"
	"io"

	"preship/adb/adbtest/stream"
	"preship/adb/internal/wire"
)

// storedForm is a form of compression whose blocks are stored as they are. A client cannot
// tell that from a compressor that found nothing to compress, and the program is smaller
// without three compressors.
type storedForm struct {
	head, end string
	width     int                   // of the header of a block, in bytes
	header    func(n uint32) uint32 // of a block of n bytes, the lowest byte first
}

// maxStored is the largest block of all forms.
const maxStored = 1 << 16

var storedForms = map[uint32]storedForm{
	// RFC 7932. The head is a window of 64 KiB and an empty block of metadata, which fills
	// the byte. A header is, from the lowest bit: not the last (1 bit), four nibbles of
	// length (2 bits, 0), the length less one (16), stored (1).
	wire.SyncFlagBrotli: {"\x0c", "\x03", 3, func(n uint32) uint32 { return (n-1)<<3 | 1<<19 }},
	// lz4_Frame_format.md: version 1, independent blocks of 64 KiB, no checksum but that of
	// the head. The highest bit says that a block is stored.
	wire.SyncFlagLZ4: {"\x04\x22\x4d\x18\x60\x40\x82", "\x00\x00\x00\x00", 4, func(n uint32) uint32 { return n | 1<<31 }},
	// RFC 8878: a window of 64 KiB, no checksum. A header is: the last (1 bit), raw (2 bits,
	// 0), the length.
	wire.SyncFlagZstd: {"\x28\xb5\x2f\xfd\x00\x30", "\x01\x00\x00", 3, func(n uint32) uint32 { return n << 3 }},
}

// stored writes a stream of a form. Close ends it and leaves the writer open.
type stored struct {
	w    io.Writer
	form storedForm
}

// newStored begins a stream.
func newStored(w io.Writer, form storedForm) (*stored, error) {
	_, err := io.WriteString(w, form.head)
	return &stored{w, form}, err
}

func (s *stored) Write(p []byte) (int, error) {
	return stream.InParts(p, maxStored, func(block []byte) error {
		header := binary.LittleEndian.AppendUint32(nil, s.form.header(uint32(len(block))))
		if _, err := s.w.Write(header[:s.form.width]); err != nil {
			return err
		}
		_, err := s.w.Write(block)
		return err
	})
}

func (s *stored) Close() error {
	_, err := io.WriteString(s.w, s.form.end)
	return err
}
