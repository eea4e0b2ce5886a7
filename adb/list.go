package adb

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"preship/adb/internal/wire"
	"preship/report/message"
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
			return nil, false, s.end(fmt.Errorf("%s: %q: %w", s.conn.name, dir, message.Detail(ErrTooLarge, message.Say("error.detail.names", "limit", strconv.Itoa(maxEntries)))))
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

// LstatAll has at most statBatches batches of statBatch requests under way.
const (
	statBatch   = 128
	statBatches = 2
)

// LstatAll is Lstat for many paths, with many requests under way. fn receives
// the answers in order, err as Lstat's; its own error ends LstatAll, and the
// stream, and is returned.
func (s *Sync) LstatAll(paths []string, fn func(i int, fi FileInfo, err error) error) error {
	if s.ended != nil {
		return s.write(nil)
	}
	id := wire.IDLstatV1
	if s.statV2 {
		id = wire.IDLstatV2
	}
	credits := make(chan struct{}, statBatches)
	for range statBatches {
		credits <- struct{}{}
	}
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		s.sendStats(id, paths, credits)
	}()
	err := s.readStats(id, paths, credits, fn)
	if err != nil {
		s.conn.Close() // wakes a sender in the middle of a write
	}
	close(credits)
	<-sent
	return err
}

// sendStats sends one batch for every credit. A write that fails needs no
// report: readStats misses the answers.
func (s *Sync) sendStats(id wire.ID, paths []string, credits <-chan struct{}) {
	var buf []byte
	for range credits {
		n := min(len(paths), statBatch)
		buf = buf[:0]
		for _, path := range paths[:n] {
			// A path too long for the service is not sent; readStats knows that too.
			buf, _ = wire.AppendSyncRequest(buf, id, path)
		}
		if paths = paths[n:]; len(buf) == 0 {
			continue
		}
		if _, err := s.conn.Write(buf); err != nil {
			return
		}
	}
}

func (s *Sync) readStats(id wire.ID, paths []string, credits chan<- struct{}, fn func(int, FileInfo, error) error) error {
	for i, path := range paths {
		fi, err := s.lstatAnswer(id, path)
		if s.ended != nil {
			return err
		}
		if err := fn(i, fi, err); err != nil {
			s.end(fmt.Errorf("%s: left with answers outstanding", s.conn.name)) //nolint:errcheck // it is the caller's err that counts
			return err
		}
		if (i+1)%statBatch == 0 {
			credits <- struct{}{} // has room: it was taken for this batch
		}
	}
	return nil
}

func (s *Sync) lstatAnswer(id wire.ID, path string) (FileInfo, error) {
	if len(path) > wire.MaxSyncPath {
		return FileInfo{}, tooLong("stat", path)
	}
	return s.readStat(id, path)
}
