package adb

import (
	"fmt"
	"io"
	"io/fs"
	"math"
	"time"

	"preship/adb/internal/wire"
)

// Push writes a regular file on the device, with its permission bits and its
// mtime (whole seconds, 1970 to 2106). Missing directories are made by the
// device. A refusal is a *SyncError, and ends the stream; the earlier file at
// path is gone then.
func (s *Sync) Push(path string, mode fs.FileMode, mtime time.Time, r io.Reader) error {
	b, err := s.appendSend(nil, path, modeRegular|uint32(mode.Perm()))
	if err != nil {
		return tooLong("send", path)
	}
	if err := s.write(b); err != nil {
		return err
	}
	writeErr, err := s.sendData(r)
	if err != nil {
		// Half a file must not be taken for the whole: leave without DONE.
		s.Close()
		return s.end(fmt.Errorf("send %q: %w", path, err))
	}
	if writeErr == nil {
		done := wire.AppendSyncHeader(nil, wire.IDDone, uint32(clampSeconds(mtime)))
		_, writeErr = s.conn.Write(done)
	}
	return s.readSent(path, writeErr)
}

// appendSend begins a file: version 2 where offered, because version 1 writes
// the mode behind a comma in the path.
func (s *Sync) appendSend(dst []byte, path string, mode uint32) ([]byte, error) {
	if !s.sendV2 {
		return wire.AppendSyncRequest(dst, wire.IDSendV1, fmt.Sprintf("%s,%d", path, mode))
	}
	dst, err := wire.AppendSyncRequest(dst, wire.IDSendV2, path)
	if err != nil {
		return dst, err
	}
	return wire.AppendSendV2(dst, mode, wire.SyncFlagNone), nil
}

// sendData sends r as DATA records. The first error is the stream's, which the
// device may have explained before it closed; the second is r's.
func (s *Sync) sendData(r io.Reader) (writeErr, readErr error) {
	const head = 8
	buf := make([]byte, head+wire.MaxSyncData)
	for {
		n, err := io.ReadFull(r, buf[head:])
		if n > 0 {
			wire.AppendSyncHeader(buf[:0], wire.IDData, uint32(n))
			if _, err := s.conn.Write(buf[:head+n]); err != nil {
				return err, nil
			}
		}
		switch err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			return nil, nil
		default:
			return nil, err
		}
	}
}

func (s *Sync) readSent(path string, writeErr error) error {
	id, err := wire.ReadID(s.r)
	switch {
	case err != nil && writeErr != nil:
		return s.broken(writeErr)
	case err != nil:
		return s.broken(err)
	case id == wire.IDFail:
		return s.fail("send", path)
	case id != wire.IDOkay:
		return s.unexpected(id)
	}
	var rest [4]byte
	if _, err := io.ReadFull(s.r, rest[:]); err != nil {
		return s.broken(err)
	}
	return nil
}

// clampSeconds fits t into the 32 bits that DONE has for it.
func clampSeconds(t time.Time) int64 {
	return min(max(t.Unix(), 0), math.MaxUint32)
}
