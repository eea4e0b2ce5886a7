package adbd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/bits"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"preship/adb/adbtest/stream"
	"preship/adb/adbtest/vfs"
	"preship/adb/internal/wire"
)

// recvV2 reads the second message, which repeats the letters and carries the
// flags, and answers like recv.
func (y *syncSession) recvV2(name string) error {
	_, flags, err := wire.ReadSyncHeader(y.r) // adbd does not look at the letters
	if err != nil {
		return err
	}
	if text := y.flagFault(flags, false); text != "" {
		return y.fail(text)
	}
	return y.recv(name, flags)
}

const syncCompression = wire.SyncFlagBrotli | wire.SyncFlagLZ4 | wire.SyncFlagZstd

// flagFault returns adbd's refusal of flags that it does not take, else "".
func (y *syncSession) flagFault(flags uint32, dryRun bool) string {
	if bits.OnesCount32(flags&syncCompression) > 1 {
		return fmt.Sprintf("multiple compression flags received: %d", int32(flags))
	}
	known := wire.SyncFlagNone
	for flag, feature := range compressionFeatures {
		if y.d.has(feature) {
			known |= flag
		}
	}
	if dryRun && y.d.has("sendrecv_v2_dry_run_send") {
		known |= wire.SyncFlagDryRun
	}
	if rest := flags &^ known; rest != 0 {
		return fmt.Sprintf("unknown flags: %d", int32(rest))
	}
	return ""
}

var compressionFeatures = map[uint32]string{
	wire.SyncFlagBrotli: "sendrecv_v2_brotli",
	wire.SyncFlagLZ4:    "sendrecv_v2_lz4",
	wire.SyncFlagZstd:   "sendrecv_v2_zstd",
}

// recv sends a file: DATA records, then DONE. A read that fails half-way ends
// in FAIL behind the data already sent.
func (y *syncSession) recv(name string, compression uint32) error {
	f, err := y.d.Tree.Open(name)
	if err != nil {
		return y.failFor("open failed", err)
	}
	defer f.Close()
	if f.Info().IsFIFO() {
		// open(2) waits for a writer that never comes.
		_ = y.w.Flush()
		<-y.gone
		return stream.ErrHungUp
	}
	full := bufio.NewWriterSize(dataWriter{y}, wire.MaxSyncData)
	enc, err := newEncoder(full, compression)
	if err != nil {
		return err
	}
	_, err = io.CopyBuffer(enc, vfs.NewReader(context.Background(), f, 0), y.buf)
	if err := errors.Join(err, enc.Close(), full.Flush()); err != nil {
		return y.failFor("read failed", err) // which nothing hears if it was the writing
	}
	return y.put(wire.AppendSyncHeader(y.rec[:0], wire.IDDone, 0))
}

// dataWriter makes each write DATA records of at most MaxSyncData.
type dataWriter struct{ y *syncSession }

func (d dataWriter) Write(p []byte) (int, error) {
	return stream.InParts(p, wire.MaxSyncData, func(part []byte) error {
		if err := d.y.put(wire.AppendSyncHeader(d.y.rec[:0], wire.IDData, uint32(len(part)))); err != nil {
			return err
		}
		_, err := d.y.w.Write(part)
		return err
	})
}

// maxWindow bounds what decoding may take up: adb compresses with small
// windows, and whoever sends is not trusted.
const maxWindow = 8 << 20

// newEncoder returns a writer to w in the form that one of the sync flags says. Close ends
// the stream and leaves w open.
func newEncoder(w io.Writer, flag uint32) (io.WriteCloser, error) {
	if flag == wire.SyncFlagNone {
		return nopCloser{w}, nil
	}
	return newStored(w, storedForms[flag])
}

// newDecoder returns a reader of the decompressed bytes. Close releases it and leaves r open.
func newDecoder(r io.Reader, flag uint32) (io.ReadCloser, error) {
	switch flag {
	case wire.SyncFlagNone:
		return io.NopCloser(r), nil
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
