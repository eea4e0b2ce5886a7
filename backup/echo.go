package backup

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/link"
	"preship/backup/meter"
	"preship/backup/query"
)

// nothing is a file that every handset has and that takes no time to hash.
const nothing = "/dev/null"

// canHash asks the handset for one SHA-256, to see whether it has sha256sum:
// Android before 8 has none. Anything but a shell's own word that there is no
// such program leaves it at yes, and the files themselves will tell.
func (j *job) canHash(ctx context.Context) (bool, error) {
	stdin := []byte(nothing + "\x00")
	can := true
	err := j.link.Retry(ctx, func(ctx context.Context) error {
		a, err := j.link.Run(ctx, handset.HashFiles.Must(), stdin)
		if errors.Is(err, errors.ErrUnsupported) {
			can, err = false, nil // no standard input, no names
		}
		if err == nil {
			can = can && a.Exit != query.ExitNotRun && a.Exit != query.ExitNotFound
		}
		return err
	})
	return can, err
}

// echo reads files a second time and holds the copies to what comes. It proves
// that the handset sends the same twice, where it has nothing to hash with.
type echo struct {
	round *round
	files []uint32
	base  int // files before this were answered on an earlier stream

	hash hash.Hash
	n    int64
	told []uint32 // proved so
}

// echoed reads the saved files of a round once more and returns those that agree.
func (r *round) echoed(ctx context.Context, files []uint32) ([]uint32, error) {
	s := &echo{round: r, hash: sha256.New()}
	for _, i := range files {
		if r.plan.unread(i) {
			s.files = append(s.files, i)
		}
	}
	var strikes link.Strikes[uint32]
	for s.base < len(s.files) {
		before := s.base
		err := r.link.Device().Pull(ctx, s.requests, adb.PullWindow{}, s)
		if err == nil {
			break
		}
		var lost *adb.LostError
		if errors.As(err, &lost) {
			s.base += lost.Next
		}
		if err := r.link.Mend(ctx, err); err != nil {
			return nil, err
		}
		if s.base > before || s.base == len(s.files) {
			continue
		}
		if _, out := strikes.Add(s.files[s.base]); out {
			r.plan.noSum(s.files[s.base], "the connection broke whenever it was read again", true)
			s.base++
		}
	}
	return s.told, nil
}

func (s *echo) requests(yield func(adb.PullRequest) bool) {
	for _, i := range s.files[s.base:] {
		if !yield(adb.PullRequest{Path: string(s.round.plan.path(i)), Size: s.round.plan.size(i)}) {
			return
		}
	}
}

// Open implements [adb.Sink].
func (s *echo) Open(int) (io.Writer, error) {
	s.hash.Reset()
	s.n = 0
	return s, nil
}

func (s *echo) Write(b []byte) (int, error) {
	s.n += int64(len(b))
	return s.hash.Write(b)
}

// Done implements [adb.Sink].
func (s *echo) Done(k int, err error) error {
	i := s.files[s.base+k]
	plan := s.round.plan
	var sum [sha256.Size]byte
	s.hash.Sum(sum[:0])
	switch {
	case err != nil:
		plan.noSum(i, "could not be read a second time: "+query.Reason(err), true)
	case !plan.sized(i, s.n):
		plan.noSum(i, fmt.Sprintf("%d bytes came the second time and not %d", s.n, plan.size(i)), true)
	case plan.deviceSum(i, sum):
		s.told = append(s.told, i)
	}
	s.round.link.Progress()
	s.round.meter.Change(func(p *meter.Progress) { p.BytesDone += s.n })
	return nil
}
