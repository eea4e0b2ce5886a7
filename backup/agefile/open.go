package agefile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"filippo.io/age"

	"preship/backup/manifest"
	"preship/report/safefile"
)

// Open opens the contents of a saved file. s describes the encrypted file, and key
// decrypts it; with a nil s the file is not encrypted. Open refuses anything but a
// regular file. The caller closes the file and compares its contents with the
// manifest's SHA-256.
func Open(root *os.Root, host string, s *manifest.Stored, key *Key) (io.ReadCloser, error) {
	f, err := safefile.OpenRegular(root, host)
	if err != nil || s == nil {
		return f, err
	}
	plain, err := key.Decrypt(f)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", manifest.Display(host), err), f.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{plain, f}, nil
}

// Decrypt returns the decrypted contents of r. The error is [ErrKeyNeeded],
// [ErrWrongKey], or one of age.
func (k *Key) Decrypt(r io.Reader) (io.Reader, error) {
	if k == nil {
		return nil, ErrKeyNeeded
	}
	plain, err := age.Decrypt(r, k.identities...)
	if other := (*age.NoIdentityMatchError)(nil); errors.As(err, &other) {
		return nil, ErrWrongKey
	}
	return plain, err
}

// The lengths in the body of an age file.
const (
	nonceBytes = 16
	chunkBytes = 64 << 10
	tagBytes   = 16 // after every chunk
)

// HeaderSize is about the size of the header of an encrypted file with one key of age.
const HeaderSize = 184

// LeastSize returns the size of an encrypted file of n bytes without its header, whose
// length depends on the keys.
func LeastSize(n int64) int64 { return nonceBytes + n + tagBytes*max(1, (n+chunkBytes-1)/chunkBytes) }

// ContentSize returns the size of the contents of an encrypted file of n bytes, 0 if
// it is not an age file.
func ContentSize(root *os.Root, host string, n int64) int64 {
	f, err := safefile.OpenRegular(root, host)
	if err != nil {
		return 0
	}
	defer f.Close()
	header, err := age.ExtractHeader(f)
	if err != nil {
		return 0
	}
	n -= int64(len(header)) + nonceBytes
	chunks := (n + chunkBytes + tagBytes - 1) / (chunkBytes + tagBytes)
	return max(n-chunks*tagBytes, 0)
}

// OpenEntry opens the contents of a saved file of the handset: see [Open].
func OpenEntry(root *os.Root, e *manifest.Entry, key *Key) (io.ReadCloser, error) {
	if e.Empty() {
		return io.NopCloser(bytes.NewReader(nil)), nil
	}
	return Open(root, e.InCase(), e.Stored, key)
}
