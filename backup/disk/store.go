package disk

import (
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"strconv"
	"sync/atomic"

	"preship/backup/agefile"
	"preship/backup/manifest"
)

const (
	PartsDir = "backup/parts"
	// UnprovedDir holds newer versions of proved files until they are proved too.
	UnprovedDir = "backup/unproved"
)

// overrun is how many bytes beyond its listed size are written of a file. A file that
// grows is worth keeping; a file without an end would fill the disk.
const overrun = 64 << 20

// File is an open file of a part.
type File interface {
	io.Writer
	io.Closer
}

// Store receives files into a case folder. It is safe for concurrent use.
type Store struct {
	root  *os.Root
	parts *os.Root
	// Create creates the file of a part. Tests replace it to make the disk fail.
	Create func(parts *os.Root, name string) (File, error)
	seal   *agefile.Envelope // nil: files are not encrypted
	serial atomic.Uint64
}

// OpenStore creates the folders of a backup in the case folder root and removes the
// parts of an earlier run: the length of a part does not say what it holds. A nil env
// leaves files unencrypted. The caller closes the store.
func OpenStore(root *os.Root, env *agefile.Envelope) (*Store, error) {
	if err := root.RemoveAll(PartsDir); err != nil {
		return nil, err
	}
	if err := root.MkdirAll(PartsDir, 0o700); err != nil {
		return nil, err
	}
	parts, err := root.OpenRoot(PartsDir)
	if err != nil {
		return nil, err
	}
	return &Store{root: root, parts: parts, seal: env, Create: CreatePart}, nil
}

// CreatePart creates the file of a part.
func CreatePart(parts *os.Root, name string) (File, error) {
	return parts.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

// Begin opens a part for a file that was listed with size; exact says that the size is
// not modulo 2^32. It resets sum and hashes the contents with it. The caller calls
// Discard, or Close and then Place or Remove.
func (s *Store) Begin(size int64, exact bool, sum hash.Hash) (*PartFile, error) {
	name := strconv.FormatUint(s.serial.Add(1), 10)
	f, err := s.Create(s.parts, name)
	if err != nil {
		return nil, fmt.Errorf("create a part: %w", err)
	}
	sum.Reset()
	p := &PartFile{store: s, name: name, f: f, sum: sum, limit: -1}
	if exact {
		p.limit = size + overrun
	}
	if s.seal != nil {
		if p.enc, err = s.seal.Encrypt(f); err != nil {
			return nil, errors.Join(fmt.Errorf("encrypt: %w", err), p.Discard())
		}
	}
	return p, nil
}

// Close removes the parts. The case folder stays open.
func (s *Store) Close() error {
	return errors.Join(s.parts.Close(), s.root.RemoveAll(PartsDir))
}

// Mkdir creates a folder whose parent exists, unless the folder exists already.
func (s *Store) Mkdir(host string) error {
	err := s.root.Mkdir(host, 0o700)
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	fi, err := s.root.Lstat(host)
	if err == nil && !fi.IsDir() {
		return fmt.Errorf("%s: exists and is no folder", manifest.Display(host))
	}
	return err
}

// Holds reports whether host is a regular file of that size.
func (s *Store) Holds(host string, size int64) bool {
	fi, err := s.root.Lstat(host)
	return err == nil && fi.Mode().IsRegular() && fi.Size() == size
}

// Root returns the case folder.
func (s *Store) Root() *os.Root { return s.root }

// Envelope returns the encryption of the files, nil if they are not encrypted.
func (s *Store) Envelope() *agefile.Envelope { return s.seal }

// Encrypted reports whether the files are encrypted.
func (s *Store) Encrypted() bool { return s.seal != nil }

// Naming finds out which names the disk can hold.
func (s *Store) Naming() (*Naming, error) {
	n, err := probe(s.parts)
	if err == nil {
		n.Encrypted = s.Encrypted()
	}
	return n, err
}
