package adb

import (
	"bufio"
	"context"
	"errors"
	"fmt"

	"preship/adb/internal/wire"
)

// Sync is one stream to the device's sync service. It is not safe for
// concurrent use. A FAIL or a broken stream ends it, and every later call
// returns that error: the daemon leaves the service after a FAIL. Close it.
type Sync struct {
	device *Device
	conn   *Conn
	r      *bufio.Reader
	statV2 bool
	lsV2   bool
	sendV2 bool
	ended  error // why the stream cannot be used any more
}

// syncBuffer lets the kernel hand over many small files in one read.
const syncBuffer = 256 << 10

// Sync opens a stream to the sync service; ctx bounds its life. gadb is not
// used for files: it has neither stat nor version 2 nor a context, cuts sizes
// to 32 bits and opens a connection for every file.
func (d *Device) Sync(ctx context.Context) (*Sync, error) {
	features, err := d.Features(ctx)
	if err != nil {
		return nil, err
	}
	return d.openSync(ctx, features)
}

func (d *Device) openSync(ctx context.Context, f Features) (*Sync, error) {
	conn, err := d.Open(ctx, "sync:")
	if err != nil {
		return nil, err
	}
	return &Sync{
		device: d, conn: conn, r: bufio.NewReaderSize(conn, syncBuffer),
		statV2: f.Has(FeatureStatV2), lsV2: f.Has(FeatureLsV2), sendV2: f.Has(FeatureSendRecvV2),
	}, nil
}

// Close ends the stream.
func (s *Sync) Close() error { return s.conn.Close() }

// end records why the stream ended.
func (s *Sync) end(err error) error {
	if s.ended == nil {
		s.ended = err
	}
	return err
}

// broken is end for errors of the stream itself.
func (s *Sync) broken(err error) error {
	return s.end(s.device.diagnose(s.conn.ctx, s.conn.named(err)))
}

// write sends b unless the stream has ended.
func (s *Sync) write(b []byte) error {
	if s.ended != nil {
		return fmt.Errorf("%s: %w: %w", s.conn.name, ErrClosed, s.ended)
	}
	if _, err := s.conn.Write(b); err != nil {
		return s.broken(err)
	}
	return nil
}

// Lstat describes the file itself, not the target of a link. The error is a *SyncError if the device
// refuses; without stat_v2 that is fs.ErrNotExist whatever the reason,
// and Unsure is set.
func (s *Sync) Lstat(path string) (FileInfo, error) {
	if s.statV2 {
		return s.stat(wire.IDLstatV2, path)
	}
	return s.stat(wire.IDLstatV1, path)
}

// Stat is Lstat of what a symbolic link points to. Devices without stat_v2
// cannot follow one: there a link is errors.ErrUnsupported.
func (s *Sync) Stat(path string) (FileInfo, error) {
	if s.statV2 {
		return s.stat(wire.IDStatV2, path)
	}
	fi, err := s.stat(wire.IDLstatV1, path)
	if err == nil && fi.IsSymlink() {
		return FileInfo{}, fmt.Errorf("stat %q: following a link needs stat_v2: %w", path, errors.ErrUnsupported)
	}
	return fi, err
}

func (s *Sync) stat(id wire.ID, path string) (FileInfo, error) {
	b, err := wire.AppendSyncRequest(nil, id, path)
	if err != nil {
		return FileInfo{}, tooLong("stat", path)
	}
	if err := s.write(b); err != nil {
		return FileInfo{}, err
	}
	return s.readStat(id, path)
}

// tooLong returns the answer with which the daemon would end the service.
func tooLong(op, path string) error {
	return &SyncError{Op: op, Path: path, Errno: wire.ErrnoENAMETOOLONG}
}

// readStat reads the answer to a request of kind id.
func (s *Sync) readStat(id wire.ID, path string) (FileInfo, error) {
	var st wire.Stat
	got, err := wire.ReadID(s.r)
	switch {
	case err != nil:
		return FileInfo{}, s.broken(err)
	case got == wire.IDFail:
		return FileInfo{}, s.fail("stat", path)
	case got != id:
		return FileInfo{}, s.unexpected(got)
	case id == wire.IDLstatV1:
		st, err = wire.ReadStatV1(s.r)
	default:
		st, err = wire.ReadStatV2(s.r)
	}
	if err != nil {
		return FileInfo{}, s.broken(err)
	}
	if st.Errno != 0 {
		return FileInfo{}, &SyncError{Op: "stat", Path: path, Errno: int(st.Errno)}
	}
	if id == wire.IDLstatV1 && st == (wire.Stat{}) {
		return FileInfo{}, &SyncError{Op: "stat", Path: path, Message: "missing, or not to be seen", Errno: wire.ErrnoENOENT, Unsure: true}
	}
	return fileInfo(st, id != wire.IDLstatV1), nil
}

// fail reads the FAIL whose letters were read, and ends the stream with it.
func (s *Sync) fail(op, path string) error {
	return s.refused(op, path, wire.ReadFail(s.r))
}

// refused ends the stream with err, a *SyncError where it is the device's FAIL.
func (s *Sync) refused(op, path string, err error) error {
	var fail *wire.FailError
	if !errors.As(err, &fail) {
		return s.broken(err)
	}
	return s.end(&SyncError{Op: op, Path: path, Message: fail.Message, Errno: textErrno(fail.Message)})
}

func (s *Sync) unexpected(id wire.ID) error {
	return s.end(fmt.Errorf("%s: %w: answer %q", s.conn.name, ErrProtocol, id))
}
