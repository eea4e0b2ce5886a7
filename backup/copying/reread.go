package copying

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"strconv"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/link"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/backup/query"
	"preship/report/message"
)

// devNull is a file of every handset that takes no time to hash.
const devNull = "/dev/null"

// CanHash asks the handset for one SHA-256, to find out whether it has sha256sum, which
// Android before 8 lacks. Only a shell that reports no such program means no.
func CanHash(ctx context.Context, l *link.Link) (bool, error) {
	stdin := []byte(devNull + "\x00")
	can := true
	err := l.Retry(ctx, func(ctx context.Context) error {
		a, err := l.Run(ctx, handset.HashFiles.Must(), stdin)
		if errors.Is(err, errors.ErrUnsupported) {
			can, err = false, nil // without standard input sha256sum gets no names
		}
		if err == nil {
			can = can && a.Exit != query.ExitNotRun && a.Exit != query.ExitNotFound
		}
		return err
	})
	return can, err
}

// reread reads files a second time and compares the copies. It proves that a handset
// without sha256sum sends the same bytes twice.
type reread struct {
	round *round
	files []uint32
	base  int // files before this were answered on an earlier stream

	hash   hash.Hash
	n      int64
	proved []uint32 // the files that agree
}

// reread reads the saved files of a round again and returns those that agree.
func (r *round) reread(ctx context.Context, files []uint32) ([]uint32, error) {
	s := &reread{round: r, hash: sha256.New()}
	for _, i := range files {
		if r.Plan.Unread(i) {
			s.files = append(s.files, i)
		}
	}
	var strikes link.Strikes[uint32]
	for s.base < len(s.files) {
		before := s.base
		err := r.Link.Device().Pull(ctx, s.requests, adb.PullWindow{}, s)
		if err == nil {
			break
		}
		var lost *adb.LostError
		if errors.As(err, &lost) {
			s.base += lost.Next
		}
		if err := r.Link.Mend(ctx, err); err != nil {
			return nil, err
		}
		if s.base > before || s.base == len(s.files) {
			continue
		}
		if _, out := strikes.Add(s.files[s.base]); out {
			r.Plan.NoSum(s.files[s.base], message.Say("backup.why.lost-second-read"), true)
			s.base++
		}
	}
	return s.proved, nil
}

func (s *reread) requests(yield func(adb.PullRequest) bool) {
	for _, i := range s.files[s.base:] {
		if !yield(adb.PullRequest{Path: string(s.round.Plan.Path(i)), Size: s.round.Plan.Size(i)}) {
			return
		}
	}
}

// Open implements [adb.Sink].
func (s *reread) Open(int) (io.Writer, error) {
	s.hash.Reset()
	s.n = 0
	return s, nil
}

func (s *reread) Write(b []byte) (int, error) {
	s.n += int64(len(b))
	return s.hash.Write(b)
}

// Done implements [adb.Sink].
func (s *reread) Done(k int, err error) error {
	i := s.files[s.base+k]
	plan := s.round.Plan
	var sum [sha256.Size]byte
	s.hash.Sum(sum[:0])
	switch {
	case err != nil:
		plan.NoSum(i, message.Join(message.Colon, message.Say("backup.why.no-second-read"), query.Reason(err)), true)
	case !plan.Sized(i, s.n):
		plan.NoSum(i, message.Say("backup.why.second-read", "received", strconv.FormatInt(s.n, 10), "listed", strconv.FormatInt(plan.Size(i), 10)), true)
	case plan.HandsetSum(i, sum):
		s.proved = append(s.proved, i)
	}
	s.round.Link.Progress()
	s.round.Meter.Change(func(p *meter.Progress) { p.BytesDone += s.n })
	return nil
}

// readBack reads copies of an earlier run from the disk. A copy that matches the journal
// counts as just received; any other is read from the handset again.
func (r *round) readBack(ctx context.Context, reused []uint32) error {
	h, buf := sha256.New(), make([]byte, 256<<10)
	for _, i := range reused {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		size, want := r.Plan.OnDisk(i)
		sum, n, err := disk.Hash(r.Store.Root(), r.Plan.InCase(i), h, buf)
		if err != nil || n != size || sum != want {
			r.mu.Lock()
			r.redo = append(r.redo, i)
			r.mu.Unlock()
			continue
		}
		// For an encrypted copy the journal has the SHA-256 of the contents: it is the
		// same file that was written.
		sum, n = r.Plan.Sum(i), r.Plan.Length(i)
		r.Meter.Change(func(p *meter.Progress) { p.FilesDone++; p.BytesDone += n })
		r.Plan.CopySum(i, sum)
		switch {
		case r.Plan.Trusted(i, r.Prove):
			r.Plan.HandsetSum(i, sum)
			r.commits <- i
		case r.Prove == manifest.ProveHash:
			r.Plan.Forget(i)
			r.hashes.add(i)
		case r.Prove == manifest.ProveReread:
			r.Plan.Forget(i)
		}
	}
	return nil
}
