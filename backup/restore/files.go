package restore

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"path"
	"strings"
	"time"

	"preship/adb"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/backup/query"
	"preship/report/message"
)

const (
	// restoreBatch is how many files are compared, sent and proved together.
	restoreBatch = 256
	// maxSyncPath is the longest path adbd takes.
	maxSyncPath = 1024
)

// restorable reports whether an entry is a file or folder of shared storage that
// can be restored. It checks the path: anyone may have written the manifest.
func restorable(e *manifest.Entry) bool {
	name := e.OnHandset()
	if !ofStorage(name) || path.Clean(name) != name || strings.ContainsRune(name, 0) {
		return false
	}
	switch e.Status {
	case manifest.StatusRecorded:
		return e.Type == manifest.TypeDir || e.Empty()
	case manifest.StatusProved, manifest.StatusSaved:
		return e.Type == manifest.TypeFile
	case manifest.StatusKept:
		return e.Type == manifest.TypeFile && e.SHA256 != ""
	case manifest.StatusChanged: // the last copy was kept
		return e.Type == manifest.TypeFile && e.SHA256 != ""
	}
	return false
}

// lost reports whether an entry is a file that was not saved.
func lost(e *manifest.Entry) bool {
	switch e.Status {
	case manifest.StatusUnreadable, manifest.StatusVanished, manifest.StatusMissing, manifest.StatusChanged:
		return e.Type != manifest.TypeDir && ofStorage(e.OnHandset())
	}
	return false
}

// ofStorage reports whether a path is on a storage, and not that of an app.
func ofStorage(name string) bool {
	return strings.HasPrefix(name, "/storage/") || strings.HasPrefix(name, "/mnt/")
}

// files restores files and folders in batches, and starts the media scan.
func (st *storages) files(ctx context.Context) error {
	var batch, folders []*manifest.Entry
	flush := func() error {
		err := st.folders(ctx, folders)
		if err == nil {
			err = st.batch(ctx, batch, st.options.Overwrite)
		}
		batch, folders = batch[:0], folders[:0]
		return err
	}
	_, err := st.load(func(e *manifest.Entry) error {
		if !restorable(e) || st.lacks(e) {
			return nil
		}
		if st.kept.replaces(e) {
			st.passOver(e)
			return nil
		}
		if len(e.OnHandset()) > maxSyncPath {
			if e.Type == manifest.TypeFile {
				st.result.Files++
			}
			st.problem(e.OnHandset(), message.Say("restore.problem.long-path"))
			return nil
		}
		one := *e
		if e.Type == manifest.TypeDir {
			folders = append(folders, &one)
		} else {
			batch = append(batch, &one)
		}
		if len(batch) < restoreBatch && len(folders) < restoreBatch {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if err == nil && st.result.Files > 0 && !st.options.DryRun {
		err = st.scanMedia(ctx)
	}
	return err
}

// lacks reports whether an entry is of a storage that the handset lacks.
func (st *storages) lacks(e *manifest.Entry) bool {
	for _, root := range st.lacking {
		if e.OnHandset() == root.Path || strings.HasPrefix(e.OnHandset(), root.Path+"/") {
			return true
		}
	}
	return false
}

// batch sends the files that are missing on the handset, and proves all of the batch.
func (st *storages) batch(ctx context.Context, batch []*manifest.Entry, overwrite bool) error {
	st.result.Files += int64(len(batch))
	for _, e := range batch {
		if e.Status == manifest.StatusKept {
			st.result.Kept++
		}
	}
	there, err := st.stat(ctx, batch)
	if err != nil {
		return err
	}
	var compare, send []*manifest.Entry
	for i, e := range batch {
		switch {
		case there[i].Err == nil && there[i].Info.IsRegular() && there[i].Info.Size == 0 && e.Empty():
			st.present(e) // the handset may not open it
		case there[i].Err == nil && there[i].Info.IsRegular() && sameSize(there[i].Info, e.Size):
			compare = append(compare, e)
		case there[i].Err == nil && there[i].Info.IsRegular() && overwrite, errors.Is(there[i].Err, fs.ErrNotExist):
			send = append(send, e)
		case there[i].Err == nil:
			st.problem(e.OnHandset(), message.Say("restore.problem.other-contents"))
		default:
			st.problem(e.OnHandset(), message.Say("restore.problem.unseen", "why", query.Reason(there[i].Err)))
		}
	}
	same, err := st.compare(ctx, compare)
	if err != nil {
		return err
	}
	for i, e := range compare {
		switch {
		case same[i]:
			st.present(e)
		case overwrite:
			send = append(send, e)
		default:
			st.problem(e.OnHandset(), message.Say("restore.problem.other-contents"))
		}
	}
	return st.send(ctx, send)
}

// present counts a file that is already there and the same.
func (st *storages) present(e *manifest.Entry) {
	st.result.Present++
	st.result.Proved++
	st.meter.Change(func(p *meter.Progress) { p.FilesDone++; p.BytesDone += e.Size })
}

// sameSize reports whether a file may have n bytes: without stat_v2 a handset gives the
// size modulo 2^32.
func sameSize(fi adb.FileInfo, n int64) bool {
	if !fi.SizeExact {
		return uint32(fi.Size) == uint32(n)
	}
	return fi.Size == n
}

func (s *session) stat(ctx context.Context, batch []*manifest.Entry) ([]query.Seen, error) {
	paths := make([]string, len(batch))
	for i, e := range batch {
		paths[i] = e.OnHandset()
	}
	answers := make([]query.Seen, len(batch))
	err := s.retry(ctx, func() error {
		return s.sync.LstatAll(paths, func(i int, fi adb.FileInfo, err error) error {
			answers[i] = query.Seen{Info: fi, Err: err}
			return nil
		})
	})
	return answers, err
}

// retry runs fn with a sync stream, and again with a new one after a break.
func (s *session) retry(ctx context.Context, fn func() error) error {
	return s.link.Retry(ctx, func(ctx context.Context) (err error) {
		if s.sync == nil {
			if s.sync, err = s.link.Device().Sync(ctx); err != nil {
				s.sync = nil
				return err
			}
		}
		if err = fn(); err != nil {
			s.close() // a refusal ends the stream as well
		}
		return err
	})
}

// send sends files and then proves them.
func (st *storages) send(ctx context.Context, files []*manifest.Entry) error {
	var sent []*manifest.Entry
	for _, e := range files {
		ok, err := st.push(ctx, e)
		if err != nil {
			return err
		}
		if ok {
			sent = append(sent, e)
			st.result.Pushed++
			st.result.Bytes += e.Size
		}
		st.meter.Change(func(p *meter.Progress) { p.FilesDone++; p.BytesDone += e.Size })
	}
	if st.options.DryRun {
		return nil
	}
	same, err := st.compare(ctx, sent)
	if err != nil {
		return err
	}
	for i, e := range sent {
		if same[i] {
			st.result.Proved++
		} else {
			st.problem(e.OnHandset(), message.Say("restore.problem.differs"))
		}
	}
	return nil
}

// push sends one file. A damaged copy, and a file that the handset refuses, is a
// problem and not an error.
func (s *session) push(ctx context.Context, e *manifest.Entry) (ok bool, err error) {
	if err := s.saved.intact(e); err != nil {
		s.problem(e.OnHandset(), message.Say("restore.problem.damaged", "why", message.Of(disk.ErrDamaged)))
		return false, nil //nolint:nilerr // one damaged copy does not end a restore
	}
	if s.options.DryRun {
		s.would(Action{Do: "send", What: e.OnHandset(), Bytes: e.Size, Kept: e.Status == manifest.StatusKept})
		return true, nil
	}
	taken := time.Unix(e.MTime, 0)
	if e.MTime < 0 || e.MTime > math.MaxUint32 {
		s.result.Undated++
	}
	err = s.retry(ctx, func() error {
		f, err := s.saved.open(e)
		if err != nil {
			return err
		}
		defer f.Close()
		return s.sync.Push(e.OnHandset(), 0o660, taken, f)
	})
	var refused *adb.SyncError
	if errors.As(err, &refused) {
		s.problem(e.OnHandset(), message.Say("restore.problem.refused", "why", refused.Message))
		return false, nil
	}
	return err == nil, err
}
