package backup

import (
	"fmt"
	"sync/atomic"
)

const (
	// spaceEvery is how many bytes come between two looks at the disk.
	spaceEvery = 8 << 20
	// leastSpace is what is left to the journal, the manifest and the computer
	// itself, whoever else fills the disk meanwhile.
	leastSpace = 64 << 20
)

// space looks at the host's disk while it is written to: a backup that stops
// before the disk is full can still say what it reached.
type space struct {
	left  func() (int64, error)
	taken atomic.Int64
}

// take is told of bytes written. The error is ErrNoSpace when too few are left.
func (s *space) take(n int64) error {
	now := s.taken.Add(n)
	if now/spaceEvery == (now-n)/spaceEvery {
		return nil
	}
	left, err := s.left()
	if err == nil && left < leastSpace {
		err = fmt.Errorf("%w: %d MB are left", ErrNoSpace, left>>20)
	}
	return err
}
