package disk

import (
	"errors"
	"slices"
	"strconv"
	"sync/atomic"

	"preship/report/message"
)

const (
	// spaceEvery is how many bytes are written between two checks of the disk.
	spaceEvery = 8 << 20
	// LeastSpace is the space, in bytes, that stays free for the journal, the manifest
	// and the computer itself, even if another program fills the disk.
	LeastSpace = 64 << 20
)

// Space checks the space on the disk while files are written: a backup that stops
// before the disk is full can still write its manifest. It is safe for concurrent use.
type Space struct {
	left  func() (int64, error)
	taken atomic.Int64
}

// Take counts n bytes written. The error is [ErrNoSpace] if too little space is left.
func (s *Space) Take(n int64) error {
	now := s.taken.Add(n)
	if now/spaceEvery == (now-n)/spaceEvery {
		return nil
	}
	left, err := s.left()
	if err == nil && left < LeastSpace {
		err = message.Kind(message.Join(message.Colon, message.Of(ErrNoSpace), message.Say("backup.disk.left", "number", strconv.FormatInt(left>>20, 10))), ErrNoSpace)
	}
	return err
}

// noFree is the error for a disk whose free space cannot be read.
func noFree(dir string, err error) error {
	return message.Error(message.Say("backup.disk.free-space", "path", dir), err)
}

// IsFull reports whether an error says that the disk is full.
func IsFull(err error) bool {
	return slices.ContainsFunc(FullErrors, func(full error) bool { return errors.Is(err, full) })
}

// ErrNoSpace means that the disk has too little space left.
var ErrNoSpace = message.Error(message.Say("error.disk-too-small"), nil)

// NewSpace returns a Space that asks left how many bytes the disk has left.
func NewSpace(left func() (int64, error)) *Space { return &Space{left: left} }
