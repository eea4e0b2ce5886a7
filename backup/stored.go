package backup

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"

	"filippo.io/age"

	"preship/backup/manifest"
	"preship/report/safefile"
)

// setStored enters how the copy of an entry lies on the disk. key opens it, where
// it is known; it is kept, in memory, of the few files that this run looks into.
func (p *plan) setStored(i uint32, s manifest.OnDisk, key *fileKey) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if delete(p.opens, i); key != nil && isLocal(p.path(i)) {
		p.opens[i] = &Key{identities: []age.Identity{age.NewInjectedFileKeyIdentity(bytes.Clone(key[:]))}}
	}
	for len(p.stored) <= int(i/entryChunk) {
		p.stored = append(p.stored, nil)
	}
	chunk := &p.stored[i/entryChunk]
	if *chunk == nil {
		*chunk = make([]manifest.OnDisk, entryChunk)
	}
	(*chunk)[i%entryChunk] = s
}

// storedAs returns how the copy of an entry lies on the disk: zero where it lies
// there as it is.
func (p *plan) storedAs(i uint32) manifest.OnDisk {
	p.mu.Lock()
	defer p.mu.Unlock()
	if int(i/entryChunk) >= len(p.stored) || p.stored[i/entryChunk] == nil {
		return manifest.OnDisk{}
	}
	return p.stored[i/entryChunk][i%entryChunk]
}

// openCopy opens the copy of an entry. It needs a key for one of an earlier run.
func (p *plan) openCopy(root *os.Root, i uint32, key *Key) (io.ReadCloser, error) {
	p.mu.Lock()
	if own := p.opens[i]; own != nil {
		key = own
	}
	p.mu.Unlock()
	return openSaved(root, p.host(i), p.storedAs(i).Stored(), key)
}

// onDisk returns how long the file of an entry is on the disk, and its SHA-256 there.
func (p *plan) onDisk(i uint32) (size int64, sum [sha256.Size]byte) {
	if s := p.storedAs(i); s.Size != 0 {
		return s.Size, s.Sum
	}
	return p.length(i), p.at(i).sum
}

// openSaved opens a saved file for reading what the handset had in it: as it
// lies at host, or decrypted with key where s says that it is encrypted. It
// refuses what is not a regular file. What is read has to be compared with the
// manifest's SHA-256: that it decrypts does not say that it is the right file.
func openSaved(root *os.Root, host string, s *manifest.Stored, key *Key) (io.ReadCloser, error) {
	f, err := safefile.OpenRegular(root, host)
	if err != nil || s == nil {
		return f, err
	}
	plain, err := key.open(f)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", manifest.Display(host), err), f.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{plain, f}, nil
}

// open decrypts r.
func (k *Key) open(r io.Reader) (io.Reader, error) {
	if k == nil {
		return nil, ErrKeyNeeded
	}
	plain, err := age.Decrypt(r, k.identities...)
	if other := (*age.NoIdentityMatchError)(nil); errors.As(err, &other) {
		return nil, ErrWrongKey
	}
	return plain, err
}

// sealedSize returns how many bytes an encrypted file of n bytes holds, 0 where
// it is none.
func sealedSize(root *os.Root, host string, n int64) int64 {
	const nonce, chunk, tag = 16, 64 << 10, 16
	f, err := safefile.OpenRegular(root, host)
	if err != nil {
		return 0
	}
	defer f.Close()
	header, err := age.ExtractHeader(f)
	if err != nil {
		return 0
	}
	n -= int64(len(header)) + nonce
	chunks := (n + chunk + tag - 1) / (chunk + tag)
	return max(n-chunks*tag, 0)
}

// openEntry opens what the handset had in a saved file: see openSaved.
func openEntry(root *os.Root, e *manifest.Entry, key *Key) (io.ReadCloser, error) {
	if e.Empty() {
		return io.NopCloser(bytes.NewReader(nil)), nil
	}
	return openSaved(root, e.InCase(), e.Stored, key)
}
