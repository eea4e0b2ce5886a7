package backup

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
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/backup/query"
)

const (
	// restBlock is the block that ReadRest counts in.
	restBlock = 1 << 20
	restBytes = 256 << 10 // read at once
)

var (
	// errSetAside ends a stream whose file is to be gone on with.
	errSetAside = errors.New("the file goes on where it stopped")
	// errNoRest: the handset cannot send a file from its middle.
	errNoRest = errors.New("the handset does not send the rest of the file")
)

// torso is a large file whose stream was lost in the middle. Its copy and the
// SHA-256 of what came go on from there: sync knows no offset, a shell does. What
// comes of it is proved like any other, so that a file which changed meanwhile,
// unseen by lstat, is noticed.
type torso struct {
	file uint32
	part *disk.PartFile
	told int64 // bytes that progress was told of
	seen int64 // bytes there were when it was set aside
}

// worthGoingOn reports whether the file that is open is so large, and so much of
// it is there, that it is not begun anew.
func (s *stream) worthGoingOn() bool {
	return s.part != nil && s.part.Received() >= restBlock && s.round.plan.size(s.asked[0]) >= largeFile && !s.round.whole(s.asked[0])
}

// setAside gives the file that is open back to the queue as it is.
func (s *stream) setAside() error {
	t := &torso{file: s.asked[0], part: s.part, told: s.told}
	s.asked, s.part, s.told = s.asked[1:], nil, 0
	s.hash = sha256.New() // the old one belongs to the part
	return s.round.setAside(t)
}

// setAside queues a torso. That there is more of it than there was clears the
// file and the connection of suspicion.
func (r *round) setAside(t *torso) error {
	if t.part.Received() > t.seen {
		t.seen = t.part.Received()
		r.link.Progress()
		r.strikes.Clear(t.file)
	} else if r.strike(t.file) {
		return r.discard(t)
	}
	r.queue.setAside(t)
	return nil
}

// discard drops what there is of a file.
func (r *round) discard(t *torso) error {
	r.meter.Change(func(p *meter.Progress) { p.BytesDone -= t.told })
	return t.part.Discard()
}

// whole reports whether a file is only to be read from its beginning.
func (r *round) whole(i uint32) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.wholes[i]
}

// goOn reads the rest of a torso, if the file still is what it was. Else it is
// read from its beginning.
func (r *round) goOn(ctx context.Context, t *torso) error {
	err := r.unchanged(ctx, t.file)
	if err == nil {
		err = r.rest(ctx, t)
	}
	switch {
	case err == nil:
		err = r.received(t.file, t.part)
		r.meter.Change(func(p *meter.Progress) { p.BytesDone += t.part.Received() - t.told; p.FilesDone++ })
		r.link.Progress()
		return err
	case errors.Is(err, errNoRest):
		r.mu.Lock()
		r.wholes[t.file] = true
		r.mu.Unlock()
		r.queue.suspect(t.file)
		return r.discard(t)
	case !link.Broken(err):
		return errors.Join(err, r.discard(t))
	}
	return errors.Join(err, r.setAside(t))
}

// unchanged is errNoRest where a file is not what it was listed as any more.
func (r *round) unchanged(ctx context.Context, i uint32) error {
	s := &statter{link: r.link}
	defer s.close()
	same := false
	err := s.stat(ctx, r.plan, []uint32{i}, func(_ uint32, fi adb.FileInfo, err error) {
		same = err == nil && fi.IsRegular() && r.plan.same(i, fi.Size, fi.MTime.Unix(), fi.Ino)
	})
	if err == nil && !same {
		err = fmt.Errorf("%w: it changed", errNoRest)
	}
	return err
}

// rest has the handset send the file from the last whole block on.
func (r *round) rest(ctx context.Context, t *torso) error {
	features, err := r.link.Device().Features(ctx)
	if err != nil {
		return err
	}
	if !features.Has(adb.FeatureShellV2) {
		return errNoRest // any other shell changes the bytes and tells of no failure
	}
	line, err := handset.ReadRest.With(string(r.plan.path(t.file)), strconv.FormatInt(t.part.Received()/restBlock, 10))
	if err != nil {
		return fmt.Errorf("%w: %w", errNoRest, err)
	}
	sh, err := r.link.Start(ctx, line)
	if err != nil {
		return err
	}
	defer sh.Close()
	// What is there of a block begun comes once more.
	if _, err := io.CopyN(io.Discard, sh, t.part.Received()%restBlock); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if _, err := io.CopyBuffer(&torsoWriter{r, t}, struct{ io.Reader }{sh}, make([]byte, restBytes)); err != nil {
		return err
	}
	exit, err := sh.Wait()
	if err == nil && exit != 0 {
		stderr, _ := sh.Stderr()
		err = fmt.Errorf("%w: %s", errNoRest, manifest.Display(query.FirstLine(stderr, fmt.Sprintf("exit status %d", exit))))
	}
	return err
}

// torsoWriter adds to a torso and tells of progress.
type torsoWriter struct {
	round *round
	torso *torso
}

func (w *torsoWriter) Write(b []byte) (int, error) {
	t := w.torso
	n, err := t.part.Write(b)
	if t.part.Received()-t.told >= tellEvery {
		w.round.meter.Change(func(p *meter.Progress) { p.BytesDone += t.part.Received() - t.told })
		t.told = t.part.Received()
	}
	if err == nil {
		err = w.round.space.Take(int64(n))
	}
	return n, err
}
