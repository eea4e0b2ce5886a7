package disk

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"
	"sync/atomic"
	"time"

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

// tried is what Try writes.
const tried = "preship"

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
	// SyncAll is [Sync], and SyncFile [SyncFile]. Tests replace them too.
	SyncAll  func(root *os.Root, hosts []string) error
	SyncFile func(root *os.Root, host string) error
	env      *agefile.Envelope // nil: files are not encrypted
	serial   atomic.Uint64
	placer   placer
}

// OpenStore creates the folders of a backup in the case folder root and removes the
// parts of an earlier run: the length of a part does not show its contents. A nil env
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
	return &Store{root: root, parts: parts, env: env, Create: CreatePart, SyncAll: Sync, SyncFile: SyncFile}, nil
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
	if s.env != nil {
		if p.enc, err = s.env.Encrypt(f); err != nil {
			return nil, errors.Join(fmt.Errorf("encrypt: %w", err), p.Discard())
		}
	}
	return p, nil
}

// Try writes a small file and removes it. The error is that of a disk that takes no file.
func (s *Store) Try() error {
	p, err := s.Begin(int64(len(tried)), true, sha256.New())
	if err != nil {
		return err
	}
	if _, err := p.Write([]byte(tried)); err != nil {
		return errors.Join(err, p.Discard())
	}
	if _, err := p.Close(0); err != nil {
		return errors.Join(err, p.Remove())
	}
	return p.Remove()
}

// Close removes the parts. The case folder stays open.
func (s *Store) Close() error {
	return errors.Join(s.placer.close(), s.parts.Close(), s.root.RemoveAll(PartsDir))
}

// Mkdir creates a folder whose parent exists, unless the folder exists already.
func (s *Store) Mkdir(host string) error {
	err := s.root.Mkdir(host, 0o700)
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	fi, err := s.root.Lstat(host)
	if err == nil && !fi.IsDir() {
		return fmt.Errorf("%s: exists and is not a folder", manifest.Display(host))
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
func (s *Store) Envelope() *agefile.Envelope { return s.env }

// Encrypted reports whether the files are encrypted.
func (s *Store) Encrypted() bool { return s.env != nil }

// Naming finds out which names the disk can hold: see [NamingOf].
func (s *Store) Naming(windows bool) (*Naming, error) {
	n, err := NamingOf(s.parts, windows)
	if err != nil {
		return nil, err
	}
	n.Encrypted = s.Encrypted()
	return n, nil
}

// PartFile is a file that is being received. It counts, hashes, encrypts and writes the
// bytes in one pass: in an encrypted backup no plain byte reaches the disk.
type PartFile struct {
	store *Store
	name  string
	f     File
	enc   *agefile.Encrypter // nil: written as received
	as    manifest.OnDisk    // of the encrypted file, once it is closed
	key   agefile.FileKey    // of the encrypted file, once it is closed
	sum   hash.Hash
	n     int64 // bytes received
	kept  int64 // bytes written
	limit int64 // of kept; -1 is without limit
}

// Write takes all of b, and drops the bytes beyond the limit of the part.
func (p *PartFile) Write(b []byte) (int, error) {
	p.n += int64(len(b))
	if p.limit >= 0 && p.n > p.limit {
		return len(b), nil
	}
	p.kept += int64(len(b))
	p.sum.Write(b)
	if p.enc != nil {
		return p.enc.Write(b)
	}
	return p.f.Write(b)
}

// Close ends the writing, sets the time of the file to mtime, in Unix seconds, and
// returns the SHA-256 of the contents.
func (p *PartFile) Close(mtime int64) (sum [sha256.Size]byte, err error) {
	if p.enc != nil {
		if p.as, p.key, err = p.enc.End(); err != nil {
			return sum, errors.Join(err, p.f.Close())
		}
	}
	if err := p.f.Close(); err != nil {
		return sum, err
	}
	p.release()
	p.sum.Sum(sum[:0])
	// A file system that cannot hold the time (FAT before 1980) still holds the file.
	t := time.Unix(mtime, 0)
	_ = p.store.parts.Chtimes(p.name, t, t)
	return sum, nil
}

// Place moves a closed part to host, over an earlier version.
func (p *PartFile) Place(host string) error {
	err := p.store.placer.move(p.store.root, p.name, host)
	if errors.Is(err, fs.ErrNotExist) {
		// find prints a folder before its files, unless the folder is newer.
		if err = p.store.root.MkdirAll(path.Dir(host), 0o700); err == nil {
			err = p.store.placer.move(p.store.root, p.name, host)
		}
	}
	return err
}

// Remove deletes a closed part.
func (p *PartFile) Remove() error { return p.store.parts.Remove(p.name) }

// Discard deletes a part that is still being written.
func (p *PartFile) Discard() error {
	p.release()
	return errors.Join(p.f.Close(), p.Remove())
}

// release returns the encrypter of a part.
func (p *PartFile) release() {
	if p.enc != nil {
		p.enc.Release()
		p.enc = nil
	}
}

// Received returns how many bytes were written to the part, with those beyond its
// limit.
func (p *PartFile) Received() int64 { return p.n }

// Kept returns how many bytes of the file the part holds.
func (p *PartFile) Kept() int64 { return p.kept }

// OnDisk returns the size and SHA-256 of the encrypted file of a closed part; zero if
// it is not encrypted.
func (p *PartFile) OnDisk() manifest.OnDisk { return p.as }

// Key returns the key of the encrypted file of a closed part.
func (p *PartFile) Key() agefile.FileKey { return p.key }
