package disk

import (
	"crypto/sha256"
	"errors"
	"hash"
	"io/fs"
	"path"
	"time"

	"preship/backup/agefile"
	"preship/backup/manifest"
)

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
	err := p.store.root.Rename(PartsDir+"/"+p.name, host)
	if errors.Is(err, fs.ErrNotExist) {
		// find prints a folder before its files, unless the folder is newer.
		if err = p.store.root.MkdirAll(path.Dir(host), 0o700); err == nil {
			err = p.store.root.Rename(PartsDir+"/"+p.name, host)
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
