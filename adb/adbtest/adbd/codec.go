package adbd

import (
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
