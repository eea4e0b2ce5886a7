package adb

import (
	"fmt"

	"preship/adb/internal/wire"
)

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
