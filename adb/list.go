package adb

import (
	"context"
	"fmt"
	"strings"

	"preship/adb/internal/wire"
)

// DirEntry is one name in a directory. Name is the bytes the device sent, but
// never empty, never "." or "..", and never with a slash or a NUL.
type DirEntry struct {
	Name string
	Info FileInfo
	Err  error // a *SyncError when the device could not stat the entry; Info is zero then
}

// maxEntries bounds one listing.
const maxEntries = 1 << 20

// List reads a directory. An empty answer proves nothing: a directory that
// cannot be opened is answered in the same way. Device.List checks that. A
// device without ls_v2 leaves out entries it cannot stat.
func (s *Sync) List(dir string) ([]DirEntry, error) {
	entries, _, err := s.list(dir)
	return entries, err
}

// list also reports whether "." was among the names: the daemon sends it with
// every directory that it could open.
func (s *Sync) list(dir string) (entries []DirEntry, opened bool, err error) {
	id := wire.IDListV1
	if s.lsV2 {
		id = wire.IDListV2
	}
	b, err := wire.AppendSyncRequest(nil, id, dir)
	if err != nil {
		return nil, false, tooLong("list", dir)
	}
	if err := s.write(b); err != nil {
		return nil, false, err
	}
	for {
		d, done, err := wire.ReadDent(s.r, s.lsV2)
		switch {
		case err != nil:
			return nil, false, s.refused("list", dir, err)
		case done:
			return entries, opened, nil
		case d.Name == "." || d.Name == "..":
			opened = true
			continue
		case strings.ContainsAny(d.Name, "/\x00"):
			return nil, false, s.end(fmt.Errorf("%s: %w: name %q in %q", s.conn.name, ErrProtocol, d.Name, dir))
		case len(entries) == maxEntries:
			return nil, false, s.end(fmt.Errorf("%s: %w: %q has more than %d names", s.conn.name, ErrTooLarge, dir, maxEntries))
		}
		entries = append(entries, dirEntry(dir, d, s.lsV2))
	}
}

func dirEntry(dir string, d wire.Dent, v2 bool) DirEntry {
	e := DirEntry{Name: d.Name}
	if d.Errno != 0 {
		e.Err = &SyncError{Op: "stat", Path: strings.TrimSuffix(dir, "/") + "/" + d.Name, Errno: int(d.Errno)}
		return e
	}
	e.Info = fileInfo(d.Stat, v2)
	return e
}

// List reads a directory and does not take silence for emptiness: when the
// device lists nothing, not even ".", the reason is asked for and returned as a
// *SyncError. A file that is no directory is an error too.
func (d *Device) List(ctx context.Context, dir string) ([]DirEntry, error) {
	s, err := d.Sync(ctx)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	entries, opened, err := s.list(dir)
	if err != nil || opened || len(entries) > 0 {
		return entries, err
	}
	fi, err := s.Stat(dir)
	switch {
	case err != nil:
		return nil, err
	case !fi.IsDir():
		return nil, &SyncError{Op: "list", Path: dir, Errno: wire.ErrnoENOTDIR}
	}
	// It is there, it is a directory, and the daemon could not open it.
	return nil, &SyncError{Op: "list", Path: dir, Errno: wire.ErrnoEACCES}
}
