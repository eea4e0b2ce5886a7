package copying

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strconv"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/link"
	"preship/backup/disk"
	"preship/backup/meter"
	"preship/backup/query"
	"preship/report/message"
)

const (
	// restBlock is the block size of [handset.ReadRest].
	restBlock = 1 << 20
	restBytes = 256 << 10 // read at once
)

var (
	// errSetAside ends a stream whose file is resumed.
	errSetAside = errors.New("the file is resumed where it stopped")
	// errNoRest means that the handset cannot send a file from its middle.
	errNoRest = message.Error(message.Say("error.no-rest"), nil)
)

// partial is a large file whose stream was lost in the middle. It is resumed from there
// by a shell, because sync has no offset. It is proved like any other file, so a change
// that lstat does not show is noticed.
type partial struct {
	file    uint32
	part    *disk.PartFile
	counted int64 // bytes in the progress
	refused error // why the disk does not hold the file
	seen    int64 // bytes when it was set aside
}

// resumable reports whether the open file is worth resuming: it is large, and enough
// of it was received.
func (s *stream) resumable() bool {
	return s.part != nil && s.part.Received() >= restBlock && s.round.Plan.Size(s.asked[0]) >= largeFile && !s.round.mustRestart(s.asked[0])
}

// setAside returns the open file to the queue as a partial file.
func (s *stream) setAside(err error) error {
	t := &partial{file: s.asked[0], part: s.part, counted: s.counted}
	s.asked, s.part, s.counted = s.asked[1:], nil, 0
	s.hash = sha256.New() // the old one belongs to the part
	return s.round.setAside(t, err)
}

// setAside queues a partial file whose stream ended with err. If it grew, its strikes and the
// count of breaks start again. One that fell silent is taken after all other files.
func (r *round) setAside(t *partial, err error) error {
	if t.part.Received() > t.seen {
		t.seen = t.part.Received()
		r.Link.Progress()
		r.strikes.Clear(t.file)
		r.mu.Lock()
		delete(r.stalls, t.file)
		r.mu.Unlock()
	} else if r.strike(t.file, err) {
		return r.discard(t)
	}
	r.queue.setAside(t, errors.Is(err, adb.ErrTimeout))
	return nil
}

// discard deletes a partial file.
func (r *round) discard(t *partial) error {
	r.Meter.Change(func(p *meter.Progress) { p.BytesDone -= t.counted })
	return t.part.Discard()
}

// mustRestart reports whether a file cannot be resumed in the middle.
func (r *round) mustRestart(i uint32) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fromStart[i]
}

// resume reads the rest of a partial file if the file is unchanged. Else the file is read
// from its beginning.
func (r *round) resume(ctx context.Context, t *partial) error {
	err := r.unchanged(ctx, t.file)
	if err == nil {
		err = r.rest(ctx, t)
	}
	switch {
	case err == nil:
		err = r.received(t.file, t.part)
		r.Meter.Change(func(p *meter.Progress) { p.BytesDone += t.part.Received() - t.counted; p.FilesDone++ })
		r.Link.Progress()
		return err
	case t.refused != nil:
		_ = t.part.Discard() // the store removes the rest
		r.Meter.Change(func(p *meter.Progress) { p.BytesDone -= t.counted; p.FilesDone++ })
		return r.unheld(t.file, t.part.Received(), t.refused)
	case errors.Is(err, errNoRest):
		r.mu.Lock()
		r.fromStart[t.file] = true
		r.mu.Unlock()
		r.queue.suspect(t.file)
		return r.discard(t)
	case !link.Broken(err):
		return errors.Join(err, r.discard(t))
	}
	return errors.Join(err, r.setAside(t, err))
}

// unchanged returns errNoRest if a file is not as it was listed.
func (r *round) unchanged(ctx context.Context, i uint32) error {
	now, err := r.lstat(ctx, []uint32{i})
	if err != nil {
		return err
	}
	fi := now[0].Info
	same := now[0].Err == nil && fi.IsRegular() && r.Plan.Same(i, fi.Size, fi.MTime.Unix(), fi.Ino)
	if !same {
		return message.Detail(errNoRest, message.Say("error.detail.changed"))
	}
	return nil
}

// rest reads the file from the last whole block on.
func (r *round) rest(ctx context.Context, t *partial) error {
	features, err := r.Link.Device().Features(ctx)
	if err != nil {
		return err
	}
	if !features.Has(adb.FeatureShellV2) {
		return errNoRest // another shell changes bytes and has no exit status
	}
	line, err := handset.ReadRest.With(string(r.Plan.Path(t.file)), strconv.FormatInt(t.part.Received()/restBlock, 10))
	if err != nil {
		return fmt.Errorf("%w: %w", errNoRest, err)
	}
	sh, err := r.Link.Start(ctx, line)
	if err != nil {
		return err
	}
	defer sh.Close()
	// The received part of the last block is sent again, and skipped.
	if _, err := io.CopyN(io.Discard, sh, t.part.Received()%restBlock); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if _, err := io.CopyBuffer(&partialWriter{r, t}, struct{ io.Reader }{sh}, make([]byte, restBytes)); err != nil {
		return err
	}
	exit, err := sh.Wait()
	if err == nil && exit != 0 {
		stderr, _ := sh.Stderr()
		err = fmt.Errorf("%w: %s", errNoRest, query.FirstLine(stderr, query.Exited(exit)))
	}
	return err
}

// partialWriter adds to a partial file and reports progress.
type partialWriter struct {
	round   *round
	partial *partial
}

func (w *partialWriter) Write(b []byte) (int, error) {
	t := w.partial
	n, err := t.part.Write(b)
	t.refused = err
	if t.part.Received()-t.counted >= reportEvery {
		w.round.Meter.Change(func(p *meter.Progress) { p.BytesDone += t.part.Received() - t.counted })
		t.counted = t.part.Received()
	}
	if err == nil {
		err = w.round.space.Take(int64(n))
	}
	return n, err
}
