package casedir

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"preship/report"
	"preship/report/message"
	"preship/report/safefile"
)

var (
	// ErrExists: the folder already holds a case.
	ErrExists = message.Error(message.Say("error.case-exists"), nil)
	// ErrNotEmpty: the folder holds other things, which would end up beside a sealed package.
	ErrNotEmpty = message.Error(message.Say("error.not-empty"), nil)
	// ErrNotCase: the folder holds no case.
	ErrNotCase = message.Error(message.Say("error.no-case"), nil)
	// ErrLocked: another process works on the case.
	ErrLocked = message.Error(message.Say("error.case-locked"), nil)
)

const LockFileName = "case.lock"

// Case is the folder of one job on one handset. It is safe for concurrent use;
// between processes the folder is held by one at a time.
type Case struct {
	dir  string
	id   string
	root *os.Root
	lock *os.File

	mu    sync.Mutex
	file  *caseFile
	steps map[string][]byte // as they are in case.json, by name
	log   commandLog
}

// Create makes dir (mode 0700) with a new case in it. It gives [ErrExists] when
// dir holds a case and [ErrNotEmpty] when it holds anything else. The caller
// closes the case.
func Create(dir string, now time.Time) (*Case, error) {
	return create(dir, newID(now), now)
}

// CreateIn makes a new case in a new folder of parent, named by the case's ID.
// The caller closes the case.
func CreateIn(parent string, now time.Time) (*Case, error) {
	id := newID(now)
	return create(filepath.Join(parent, id), id, now)
}

// Open continues the case in dir. It drops what a crash left half-written, and
// gives [ErrNotCase], [ErrLocked], or [ErrBrokenLog] when the record of commands
// is not the one that was written. The caller closes the case.
func Open(dir string) (*Case, error) {
	c, err := hold(dir)
	if err != nil {
		return nil, err
	}
	if err := c.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", dir, err), c.Close())
	}
	return c, nil
}

func create(dir, id string, now time.Time) (*Case, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if err := vacant(dir); err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	c, err := lockIn(dir)
	if err != nil {
		return nil, err
	}
	c.id = id
	c.file = &caseFile{Schema: caseFileSchema, ID: id, Created: now.UTC().Truncate(time.Second)}
	c.log = newCommandLog(id)
	err = c.root.Chmod(".", 0o700)
	if err == nil {
		// A rival that came between the look and the lock has its case here now.
		if _, statErr := c.root.Lstat(CaseFileName); statErr == nil {
			err = ErrExists
		}
	}
	if err == nil {
		err = c.update(func(*caseFile) {})
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", dir, err), c.Close())
	}
	return c, nil
}

// vacant says whether a case may be made in dir. What a crash in the middle of
// an earlier Create left does not count.
func vacant(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		switch {
		case e.Name() == CaseFileName:
			return ErrExists
		case e.Name() != LockFileName && !strings.HasSuffix(e.Name(), safefile.TempSuffix):
			return fmt.Errorf("%w: %q", ErrNotEmpty, e.Name())
		}
	}
	return nil
}

// hold locks an existing case folder. It looks for the case first: a lock file
// must not appear in a folder that is not a case.
func hold(dir string) (*Case, error) {
	if _, err := os.Lstat(filepath.Join(dir, CaseFileName)); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = ErrNotCase
		}
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return lockIn(dir)
}

func lockIn(dir string) (*Case, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	lock, err := root.OpenFile(LockFileName, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	err = safefile.Lock(lock)
	if errors.Is(err, safefile.ErrLocked) {
		err = ErrLocked
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", dir, err), lock.Close(), root.Close())
	}
	return &Case{dir: dir, root: root, lock: lock, steps: map[string][]byte{}}, nil
}

func (c *Case) load() error {
	if err := safefile.RemoveTemps(c.root, "."); err != nil {
		return err
	}
	f, err := readCaseFile(c.root)
	if err != nil {
		return err
	}
	c.id, c.file = f.ID, f
	c.log, err = recoverLog(c.root, f.ID)
	return err
}

// update changes case.json on disk first and in memory only when that worked.
func (c *Case) update(change func(*caseFile)) error {
	next := *c.file
	next.Steps = append([]report.StepRecord(nil), c.file.Steps...)
	next.Seals = append([]sealRecord(nil), c.file.Seals...)
	change(&next)
	b, err := next.marshal(c.steps)
	if err != nil {
		return err
	}
	if err := safefile.Write(c.root, CaseFileName, b); err != nil {
		return err
	}
	c.file = &next
	return nil
}

// Close lets go of the case. Everything is on disk already.
func (c *Case) Close() error {
	return errors.Join(safefile.Unlock(c.lock), c.lock.Close(), c.root.Close())
}

// Dir is the folder as it was given.
func (c *Case) Dir() string { return c.dir }

// ID is the case's ID, PS-YYYYMMDD-XXXXXX.
func (c *Case) ID() string { return c.id }

// Root is the folder, for writing files whose names a handset chose. The case
// closes it.
func (c *Case) Root() *os.Root { return c.root }

// WriteFile replaces a file of the case such as backup.manifest.json: a crash
// leaves the old bytes or the new ones. The name is relative to the case folder,
// and its folder exists.
func (c *Case) WriteFile(name string, data []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !fs.ValidPath(name) || path.Clean(name) == "." {
		return &fs.PathError{Op: "write", Path: name, Err: fs.ErrInvalid}
	}
	if err := c.unseal(); err != nil {
		return err
	}
	return safefile.Write(c.root, name, data)
}

// unseal takes away the signature of a package whose evidence is about to
// grow, so that it reads as not sealed instead of as tampered with.
//
// The parcel file in the case goes too: it would be of an older report.
func (c *Case) unseal() error {
	return errors.Join(safefile.Remove(c.root, SigName), safefile.Remove(c.root, ParcelName(c.id)))
}

// newID draws the letters with a slight bias, since 30 does not divide 256: that
// matters for secrets only, and an ID is not a secret.
func newID(now time.Time) string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails: it ends the program instead
	for i := range b {
		b[i] = caseAlphabet[int(b[i])%len(caseAlphabet)]
	}
	return "PS-" + now.UTC().Format("20060102") + "-" + string(b[:])
}
