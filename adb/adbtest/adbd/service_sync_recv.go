package adbd

import (
	"fmt"
	"io"
	"math/bits"

	"preship/adb/adbtest/stream"
	"preship/adb/adbtest/vfs"
	"preship/adb/internal/wire"
)

// recvV2 reads the second message, which repeats the letters and carries the
// flags, and answers like recv.
func (y *syncSession) recvV2(name string) error {
	id, flags, err := wire.ReadSyncHeader(y.r)
	if err != nil {
		return err
	}
	_ = id // adbd does not look at it
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
	src := &readSource{f: f}
	var sendErr error
	if compression == wire.SyncFlagNone {
		sendErr = y.sendData(src)
	} else {
		sendErr = y.sendCompressed(src, compression)
	}
	if src.failed != nil {
		return y.failFor("read failed", src.failed)
	}
	if sendErr != nil {
		return sendErr
	}
	return y.put(wire.AppendSyncHeader(y.rec[:0], wire.IDDone, 0))
}

func (y *syncSession) sendData(src *readSource) error {
	out := dataWriter{y}
	for {
		n, err := src.Read(y.buf)
		if n > 0 {
			if _, err := out.Write(y.buf[:n]); err != nil {
				return err
			}
		}
		if err != nil {
			return nil // the caller looks at src
		}
	}
}

func (y *syncSession) sendCompressed(src *readSource, compression uint32) error {
	out := newChunker(dataWriter{y}, wire.MaxSyncData)
	enc, err := newEncoder(out, compression)
	if err != nil {
		return err
	}
	if _, err := io.CopyBuffer(enc, src, y.buf); err != nil && src.failed == nil {
		return err
	}
	if src.failed != nil {
		return nil
	}
	if err := enc.Close(); err != nil {
		return err
	}
	return out.flush()
}

// dataWriter makes each write one DATA record; at most MaxSyncData at once.
type dataWriter struct{ y *syncSession }

func (d dataWriter) Write(p []byte) (int, error) {
	if err := d.y.put(wire.AppendSyncHeader(d.y.rec[:0], wire.IDData, uint32(len(p)))); err != nil {
		return 0, err
	}
	return d.y.w.Write(p)
}

// readSource reads a file from its beginning, as read(2) does: to the end it has
// at that moment. It keeps the error that was not the end.
type readSource struct {
	f      vfs.File
	off    int64
	failed error
}

func (r *readSource) Read(p []byte) (int, error) {
	n, err := r.f.ReadAt(p, r.off)
	r.off += int64(n)
	switch {
	case n > 0:
		return n, nil // an error comes again with the next read
	case err == nil || err == io.EOF:
		return 0, io.EOF
	}
	r.failed = err
	return 0, err
}
