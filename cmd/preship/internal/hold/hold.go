// Package hold claims handsets for one preship at a time, among all that one user
// runs on a computer. A claim is a lock of the operating system on a small file, so it
// ends with its process, however that ends.
package hold

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"preship/report/message"
	"preship/report/safefile"
)

// ErrBusy means that another preship works on the handset.
var ErrBusy = message.Error(message.Say("error.in-use"), nil)

// Hold is this run's claim to a handset: while it lasts, no other preship of the
// same user begins anything on it. It is a lock of the operating system on a
// small file, so it ends with the process, however that ends.
type Hold struct{ f *os.File }

// maxNote is the most that is read of a note, which is the path of a case.
const maxNote = 8 << 10

// Take claims what name Stands for, in dir, which is made when it is not there.
// The error is ErrBusy when somebody has it, with the case they work on where
// they have said so.
func Take(dir, name string) (*Hold, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(name))
	path := filepath.Join(dir, hex.EncodeToString(sum[:16])+".lock")
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		if err := safefile.Lock(f); err != nil {
			return nil, errors.Join(busyWith(f, err), f.Close())
		}
		mine, err := f.Stat()
		there, statErr := os.Stat(path)
		if err == nil && statErr == nil && os.SameFile(mine, there) {
			h := &Hold{f}
			return h, h.Note("")
		}
		// Who had it before has taken the file away in between.
		if err := errors.Join(err, safefile.Unlock(f), f.Close()); err != nil {
			return nil, err
		}
	}
}

// busyWith turns a lock that is taken into ErrBusy, with the case that its holder
// works on. Any other error stays as it is.
func busyWith(f *os.File, err error) error {
	if !errors.Is(err, safefile.ErrLocked) {
		return err
	}
	err = ErrBusy
	note, readErr := io.ReadAll(io.LimitReader(f, maxNote))
	if dir := strings.TrimSpace(string(note)); readErr == nil && dir != "" {
		return fmt.Errorf("%w, case %s", err, dir)
	}
	return err
}

// Note leaves the path of the case for who comes next.
func (h *Hold) Note(dir string) error {
	if err := h.f.Truncate(0); err != nil {
		return err
	}
	_, err := h.f.WriteAt([]byte(dir+"\n"), 0)
	return err
}

// Release gives the handset back. The file goes first: while the lock is held
// no other process can be about to use it.
func (h *Hold) Release() error {
	_ = os.Remove(h.f.Name()) // one that stays is used again
	return errors.Join(safefile.Unlock(h.f), h.f.Close())
}

// Held returns [ErrBusy], with the case, while another preship holds the claim in
// file, and nil otherwise.
func Held(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return nil // given back in between
	}
	defer f.Close()
	if err := safefile.Lock(f); err != nil {
		return busyWith(f, err)
	}
	return safefile.Unlock(f)
}
