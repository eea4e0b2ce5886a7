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
	"strconv"
	"strings"
	"time"

	"preship/report/message"
	"preship/report/safefile"
)

// ErrBusy means that another preship works on the handset. An error of [Take] that is it
// may also be a [*Holder].
var ErrBusy = message.Error(message.Say("error.in-use"), nil)

// ErrPage means that the other preship is a desk page.
var ErrPage = errors.New("hold: the desk page")

// Hold is this run's claim to a handset: while it lasts, no other preship of the
// same user begins anything on it. It is a lock of the operating system on a
// small file, so it ends with the process, however that ends.
type Hold struct{ f *os.File }

// Note is what the holder of a claim leaves for who comes next.
type Note struct {
	Case string // the folder of the case; empty: none yet
	Page bool   // the job runs on the desk page; false: in a terminal, or a script's
	PID  int    // of the holder
}

// maxNote is the most that is read of a note.
const maxNote = 8 << 10

const pageWord, terminalWord = "page", "terminal"

func (n Note) write() []byte {
	word := terminalWord
	if n.Page {
		word = pageWord
	}
	return fmt.Appendf(nil, "%s\n%s %d\n", n.Case, word, n.PID)
}

// readNote reads a note. What an earlier version left has the case alone.
func readNote(f *os.File) (n Note) {
	b, err := io.ReadAll(io.LimitReader(f, maxNote))
	if err != nil {
		return n
	}
	first, second, _ := strings.Cut(string(b), "\n")
	word, pid, _ := strings.Cut(strings.TrimSpace(second), " ")
	n.Case, n.Page = strings.TrimSpace(first), word == pageWord
	n.PID, _ = strconv.Atoi(pid) // 0 is not known
	return n
}

// Holder is the error of a claim whose holder left a note. It is [ErrBusy], and [ErrPage] if
// a desk page has it.
type Holder struct{ Note }

func (h *Holder) Error() string { return ErrBusy.Error() }

// Is reports whether an error is what this one means.
func (h *Holder) Is(target error) bool { return target == ErrBusy || h.Page && target == ErrPage }

// said is the error with the words for it.
func (h *Holder) said() error {
	switch {
	case h.Case == "":
		return message.Kind(message.Say("error.in-use"), h)
	case h.Page:
		return message.Kind(message.Say("error.in-use.page", "case", h.Case, "process", strconv.Itoa(h.PID)), h)
	}
	return message.Kind(message.Say("error.in-use.case", "case", h.Case), h)
}

// patience is how often a taken lock is tried again: who only looks whether a claim is held
// has its lock for a moment.
const (
	patience = 3
	moment   = 15 * time.Millisecond
)

// Take claims what name Stands for, in dir, which is made when it is not there.
// The error is ErrBusy when somebody has it, with the case they work on where
// they have said so.
func Take(dir, name string) (*Hold, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	path := file(dir, name)
	for tried := 0; ; {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		err = safefile.Lock(f)
		if errors.Is(err, safefile.ErrLocked) && tried < patience {
			tried++
			_ = f.Close() // it was not used
			time.Sleep(moment)
			continue
		}
		if err != nil {
			return nil, errors.Join(busyWith(f, err), f.Close())
		}
		mine, err := f.Stat()
		there, statErr := os.Stat(path)
		if err == nil && statErr == nil && os.SameFile(mine, there) {
			h := &Hold{f}
			return h, h.Note(Note{})
		}
		// Who had it before has taken the file away in between.
		if err := errors.Join(err, safefile.Unlock(f), f.Close()); err != nil {
			return nil, err
		}
	}
}

// file is the file of a claim.
func file(dir, name string) string {
	sum := sha256.Sum256([]byte(name))
	return filepath.Join(dir, hex.EncodeToString(sum[:16])+".lock")
}

// busyWith turns a lock that is taken into ErrBusy, with what its holder left. Any other
// error stays unchanged.
func busyWith(f *os.File, err error) error {
	if !errors.Is(err, safefile.ErrLocked) {
		return err
	}
	return (&Holder{readNote(f)}).said()
}

// Note leaves a note for who comes next. The process is this one.
func (h *Hold) Note(n Note) error {
	n.PID = os.Getpid()
	if err := h.f.Truncate(0); err != nil {
		return err
	}
	_, err := h.f.WriteAt(n.write(), 0)
	return err
}

// Release gives the handset back. The file goes first: while the lock is held
// no other process can be about to use it.
func (h *Hold) Release() error {
	_ = os.Remove(h.f.Name()) // one that stays is used again
	return errors.Join(safefile.Unlock(h.f), h.f.Close())
}

// Look returns [ErrBusy], as [Take] does, while a preship holds what name stands for, and
// nil otherwise. It claims nothing.
func Look(dir, name string) error { return Held(file(dir, name)) }

// OfCase returns who works on the case in a folder, as a [*Holder]; nil if that is not known.
func OfCase(dir, caseDir string) *Holder {
	claims, err := filepath.Glob(filepath.Join(dir, "*.lock"))
	if err != nil {
		return nil
	}
	for _, claim := range claims {
		if h := (*Holder)(nil); errors.As(Held(claim), &h) && h.Case == caseDir {
			return h
		}
	}
	return nil
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
