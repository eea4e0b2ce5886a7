package backup

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"preship/backup/agefile"
	"preship/backup/manifest"
	"preship/report/safefile"
)

const (
	partsDir = "backup/parts"
	// unprovedDir holds newer versions of proved files until they are proved too.
	unprovedDir = "backup/unproved"
)

// overrun is how far a file may run past the size it was listed with before its
// bytes are no longer written: a file that grows is worth keeping, one without
// an end would fill the disk.
const overrun = 64 << 20

// file is what a part is written to.
type file interface {
	io.Writer
	io.Closer
}

// store is the host's side of a backup: the case folder. It is safe for
// concurrent use.
type store struct {
	root   *os.Root
	parts  *os.Root
	create func(parts *os.Root, name string) (file, error)
	seal   *agefile.Envelope // nil: files are not encrypted
	serial atomic.Uint64
}

// openStore makes the folders of a backup and drops the parts an earlier run
// left: how long a part is says nothing about what is in it.
func openStore(root *os.Root) (*store, error) {
	if err := root.RemoveAll(partsDir); err != nil {
		return nil, err
	}
	if err := root.MkdirAll(partsDir, 0o700); err != nil {
		return nil, err
	}
	parts, err := root.OpenRoot(partsDir)
	if err != nil {
		return nil, err
	}
	return &store{root: root, parts: parts, create: createPart}, nil
}

func createPart(parts *os.Root, name string) (file, error) {
	return parts.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

// Close removes the folder of parts.
func (s *store) Close() error {
	return errors.Join(s.parts.Close(), s.root.RemoveAll(partsDir))
}

// part is a file being received: counted and hashed as it came, and written, at
// once. In an encrypted backup only what is encrypted reaches the disk.
type part struct {
	store *store
	name  string
	f     file
	enc   *agefile.Encrypter // nil: written as received
	as    manifest.OnDisk    // how it lies on the disk, once it is closed
	key   agefile.FileKey    // opens it then
	sum   hash.Hash
	n     int64 // bytes received
	kept  int64 // bytes written
	limit int64 // of kept; -1 is without limit
}

// begin opens a part for a file listed with size; sum is reset and used for it.
func (s *store) begin(size int64, exact bool, sum hash.Hash) (*part, error) {
	name := strconv.FormatUint(s.serial.Add(1), 10)
	f, err := s.create(s.parts, name)
	if err != nil {
		return nil, fmt.Errorf("create a part: %w", err)
	}
	sum.Reset()
	p := &part{store: s, name: name, f: f, sum: sum, limit: -1}
	if exact {
		p.limit = size + overrun
	}
	if s.seal != nil {
		if p.enc, err = s.seal.Encrypt(f); err != nil {
			return nil, errors.Join(fmt.Errorf("encrypt: %w", err), p.discard())
		}
	}
	return p, nil
}

// Write takes all of b, whether it is still written or not.
func (p *part) Write(b []byte) (int, error) {
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

// close ends the writing and gives the part the handset's time.
func (p *part) close(mtime int64) (sum [sha256.Size]byte, err error) {
	if p.enc != nil {
		if p.as, p.key, err = p.enc.End(); err != nil {
			return sum, errors.Join(err, p.f.Close())
		}
	}
	if err := p.f.Close(); err != nil {
		return sum, err
	}
	p.free()
	p.sum.Sum(sum[:0])
	// A file system that cannot hold the time (FAT before 1980) still holds the file.
	t := time.Unix(mtime, 0)
	_ = p.store.parts.Chtimes(p.name, t, t)
	return sum, nil
}

// place moves a closed part to where the file belongs, over an earlier version.
func (p *part) place(host string) error {
	err := p.store.root.Rename(partsDir+"/"+p.name, host)
	if errors.Is(err, fs.ErrNotExist) {
		// find names a folder before what is in it, unless the folder came later.
		if err = p.store.root.MkdirAll(path.Dir(host), 0o700); err == nil {
			err = p.store.root.Rename(partsDir+"/"+p.name, host)
		}
	}
	return err
}

// remove drops a closed part.
func (p *part) remove() error { return p.store.parts.Remove(p.name) }

// discard drops a part that is being written.
func (p *part) discard() error {
	p.free()
	return errors.Join(p.f.Close(), p.remove())
}

// free gives back what a part needs only while it is written.
func (p *part) free() {
	if p.enc != nil {
		p.enc.Release()
		p.enc = nil
	}
}

// mkdir makes a folder whose parent is there. A folder that exists is fine.
func (s *store) mkdir(host string) error {
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

// holds reports whether a regular file of that size lies at host.
func (s *store) holds(host string, size int64) bool {
	fi, err := s.root.Lstat(host)
	return err == nil && fi.Mode().IsRegular() && fi.Size() == size
}

// hashFile reads a file back as it lies on the disk. It refuses what is not a
// regular file.
func hashFile(root *os.Root, host string, h hash.Hash, buf []byte) (sum [sha256.Size]byte, n int64, err error) {
	f, err := safefile.OpenRegular(root, host)
	if err != nil {
		return sum, 0, err
	}
	defer f.Close()
	h.Reset()
	// WriterTo of a file would bring a buffer of its own.
	n, err = io.CopyBuffer(h, struct{ io.Reader }{f}, buf)
	h.Sum(sum[:0])
	return sum, n, err
}

// diskFull reports whether an error says that the disk is full.
func diskFull(err error) bool {
	return slices.ContainsFunc(diskFullErrors, func(full error) bool { return errors.Is(err, full) })
}
