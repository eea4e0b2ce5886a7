package adbd

import (
	"bufio"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"preship/adb/internal/wire"
)

// maxWindow bounds what decoding may take up: adb compresses with small
// windows, and whoever sends is not trusted.
const maxWindow = 8 << 20

// newEncoder compresses into w as one of the sync flags says. Close ends the
// compressed stream and leaves w open.
func newEncoder(w io.Writer, flag uint32) (io.WriteCloser, error) {
	switch flag {
	case wire.SyncFlagBrotli:
		return brotli.NewWriterLevel(w, 1), nil
	case wire.SyncFlagLZ4:
		return lz4.NewWriter(w), nil
	}
	// One goroutine less to look after, and the order of writes is the caller's.
	return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
}

// newDecoder returns a reader of the decompressed bytes. Close releases it and leaves r open.
func newDecoder(r io.Reader, flag uint32) (io.ReadCloser, error) {
	switch flag {
	case wire.SyncFlagBrotli:
		return io.NopCloser(brotli.NewReader(r)), nil
	case wire.SyncFlagLZ4:
		return io.NopCloser(lz4.NewReader(r)), nil
	}
	dec, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, err
	}
	return dec.IOReadCloser(), nil
}

// chunker hands on writes in pieces of at most size bytes, full ones while
// there are enough.
type chunker struct {
	w    *bufio.Writer
	size int
}

// newChunker needs a w that takes up to size bytes a write.
func newChunker(w io.Writer, size int) *chunker {
	return &chunker{w: bufio.NewWriterSize(w, size), size: size}
}

func (c *chunker) Write(p []byte) (int, error) {
	written := 0
	for written < len(p) {
		// bufio passes a write larger than its buffer on whole.
		n, err := c.w.Write(p[written:min(len(p), written+c.size-c.w.Buffered())])
		written += n
		if err != nil {
			return written, err
		}
		if c.w.Buffered() == c.size {
			if err := c.w.Flush(); err != nil {
				return written, err
			}
		}
	}
	return written, nil
}

func (c *chunker) flush() error { return c.w.Flush() }
