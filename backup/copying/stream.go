package copying

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"iter"
	"sync"

	"preship/adb"
	"preship/backup/disk"
	"preship/backup/meter"
	"preship/report/message"
)

// reportEvery is the number of bytes between two reports of progress.
const reportEvery = 1 << 20

// stream reads files of a round over one sync stream. It gives adb the requests from one
// goroutine, and receives the files on another.
type stream struct {
	round *round
	large bool // prefers large files
	hash  hash.Hash

	mu      sync.Mutex
	asked   []uint32       // requested and not answered, in order
	part    *disk.PartFile // of asked[0]
	counted int64
	refused error // why the disk does not hold asked[0]
}

func newStream(r *round, large bool) *stream {
	return &stream{round: r, large: large, hash: sha256.New()}
}

// run reads files until the queue is empty.
func (s *stream) run(ctx context.Context) error {
	for !s.round.queue.empty() {
		err := s.once(ctx)
		if err == nil {
			continue
		}
		if err := s.round.Link.Mend(ctx, err); err != nil {
			return err
		}
	}
	return nil
}

// once resumes a partial file if there is one. Else it reads files until the stream is
// lost.
func (s *stream) once(ctx context.Context) error {
	if t, ok := s.round.queue.nextPartial(); ok {
		return s.round.resume(ctx, t)
	}
	err := s.pull(ctx)
	if err := s.abandon(err); err != nil {
		return err
	}
	if errors.Is(err, errSetAside) || errors.Is(err, errUnheld) {
		return nil
	}
	return err
}

func (s *stream) pull(ctx context.Context) error {
	return s.round.Link.Device().Pull(ctx, s.requests(), adb.PullWindow{}, s)
}

// requests takes a file from the queue whenever adb has room for it.
func (s *stream) requests() iter.Seq[adb.PullRequest] {
	return func(yield func(adb.PullRequest) bool) {
		for {
			i, ok := s.next()
			if !ok {
				return
			}
			if !yield(adb.PullRequest{Path: string(s.round.Plan.Path(i)), Size: s.round.Plan.Size(i)}) {
				return
			}
		}
	}
}

func (s *stream) next() (uint32, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.round.queue.take(s.large)
	if !ok {
		return 0, false
	}
	s.asked = append(s.asked, i)
	s.round.taken(i)
	return i, true
}

// head returns the entry that adb answers next.
func (s *stream) head() (uint32, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.asked) == 0 {
		return 0, message.Detail(adb.ErrProtocol, message.Say("error.detail.no-request"))
	}
	return s.asked[0], nil
}

// Open implements [adb.Sink].
func (s *stream) Open(int) (io.Writer, error) {
	i, err := s.head()
	if err != nil {
		return nil, err
	}
	if s.resumable() { // an earlier stream was lost in the middle of the file
		return nil, errSetAside
	}
	if err := s.drop(); err != nil {
		return nil, err
	}
	if s.part, err = s.round.Store.Begin(s.round.Plan.Size(i), s.round.Plan.Exact(i), s.hash); err != nil {
		err = s.refuse(err)
	}
	return s, err
}

// Write writes bytes of the open file.
func (s *stream) Write(b []byte) (int, error) {
	if s.refused != nil {
		return len(b), nil
	}
	before := s.part.Received()
	n, err := s.part.Write(b)
	if err != nil {
		return len(b), s.refuse(err)
	}
	if before/reportEvery != s.part.Received()/reportEvery {
		s.round.Meter.Change(func(p *meter.Progress) { p.BytesDone += s.part.Received() - s.counted })
		s.counted = s.part.Received()
	}
	return n, s.round.space.Take(int64(n))
}

// Done implements [adb.Sink].
func (s *stream) Done(_ int, refusal error) error {
	i, err := s.head()
	if err != nil {
		return err
	}
	if s.refused != nil {
		err = s.settleRefused()
	} else if refusal == nil && s.part != nil {
		err = s.round.received(i, s.part)
		s.finish(s.part.Received())
		s.part = nil
	} else {
		err = s.drop()
		s.round.refused(i, refusal)
		s.finish(0)
	}
	s.round.Link.Progress()
	return err
}

// finish removes the first request, which was answered with n bytes.
func (s *stream) finish(n int64) {
	s.mu.Lock()
	s.asked = s.asked[1:]
	s.mu.Unlock()
	s.round.Meter.Change(func(p *meter.Progress) { p.BytesDone += n - s.counted; p.FilesDone++ })
	s.counted = 0
}

// drop discards the open part.
func (s *stream) drop() error {
	if s.part == nil {
		return nil
	}
	err := s.part.Discard()
	s.part = nil
	s.round.Meter.Change(func(p *meter.Progress) { p.BytesDone -= s.counted })
	s.counted = 0
	return err
}

// abandon returns the files without an answer to the queue. The stream ended with cause.
func (s *stream) abandon(cause error) error {
	var err error
	if s.refused != nil {
		err = s.settleRefused()
	} else if s.resumable() {
		err = s.setAside(cause)
	} else if err = s.drop(); len(s.asked) > 0 {
		s.round.interrupted(s.asked[0], cause)
		s.asked = s.asked[1:]
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.round.queue.giveBack(s.asked)
	s.asked = nil
	return err
}
