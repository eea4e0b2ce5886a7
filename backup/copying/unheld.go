package copying

import (
	"errors"
	"syscall"

	"preship/backup/disk"
	"preship/backup/query"
	"preship/report/message"
)

// errUnheld ends a stream in the middle of a large file that the disk refused.
var errUnheld = errors.New("the computer's disk refused the file")

// fatLimit is the size at which FAT32 refuses a file: Windows then says that the disk is
// full.
const fatLimit = 1<<32 - 1

// unheld settles a file of which n bytes were received, and which the computer's disk
// refused with err. The error is err if the disk is full, or refuses other files too.
func (r *round) unheld(i uint32, n int64, err error) error {
	if disk.IsFull(err) {
		if left, freeErr := r.Free(); freeErr != nil || left < disk.LeastSpace || n < fatLimit {
			return err
		}
	} else if r.Store.Try() != nil {
		return err
	}
	// A bad block may not be met a second time; a limit stays.
	again := errors.Is(err, syscall.EIO)
	r.Plan.Unheld(i, diskRefusal(err), again)
	return nil
}

// diskRefusal returns the reason for a file that the disk refused with err: without the name
// of a part, which says nothing.
func diskRefusal(err error) message.Sentence {
	if errno := syscall.Errno(0); errors.As(err, &errno) {
		err = errno
	}
	return message.Join(message.Colon, message.Say("backup.why.disk-refused"), query.Reason(err))
}

// refuse keeps the disk's error about the open file. The rest of a large file is not read;
// that of a small one costs less than a new stream.
func (s *stream) refuse(err error) error {
	s.refused = err
	i, headErr := s.head()
	if headErr == nil && s.part != nil && s.round.Plan.Size(i)-s.part.Received() > largeFile {
		return errUnheld
	}
	return headErr
}

// settleRefused ends the first request, whose file the disk refused.
func (s *stream) settleRefused() error {
	i, err := s.head()
	if err != nil {
		return err
	}
	refused, n := s.refused, int64(0)
	s.refused = nil
	if s.part != nil {
		n = s.part.Received()
		_ = s.part.Discard() // the store removes the rest
		s.part = nil
	}
	s.finish(0)
	return s.round.unheld(i, n, refused)
}
