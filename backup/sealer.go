package backup

import (
	"bufio"
	"crypto/sha256"
	"hash"
	"io"

	"preship/backup/manifest"

	"filippo.io/age"
)

// sealer encrypts one file after the other. It takes what age writes, gathers
// small writes, counts and hashes, and writes on.
type sealer struct {
	to  []age.Recipient
	tap keyTap // the first of to
	f   io.Writer
	buf *bufio.Writer
	sum hash.Hash
	n   int64
	age io.WriteCloser // takes the bytes that are to be encrypted
}

// sealBuffer is longer than the head of a file, which age writes in pieces.
const sealBuffer = 16 << 10

func newSealer(to []age.Recipient) *sealer {
	s := &sealer{sum: sha256.New(), tap: keyTap{Recipient: to[0]}}
	s.to = append([]age.Recipient{&s.tap}, to[1:]...)
	s.buf = bufio.NewWriterSize(nil, sealBuffer)
	return s
}

// begin begins another file.
func (s *sealer) begin(f io.Writer) (err error) {
	s.f, s.n = f, 0
	s.sum.Reset()
	s.buf.Reset(writerFunc(s.write))
	s.age, err = age.Encrypt(s.buf, s.to...)
	return err
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func (s *sealer) write(b []byte) (int, error) {
	n, err := s.f.Write(b)
	s.sum.Write(b[:n])
	s.n += int64(n)
	return n, err
}

// end writes the rest of the file, and returns how it lies and what opens it.
func (s *sealer) end() (as manifest.OnDisk, key fileKey, err error) {
	if err := s.age.Close(); err != nil {
		return as, key, err
	}
	if err := s.buf.Flush(); err != nil {
		return as, key, err
	}
	as.Size = s.n
	s.sum.Sum(as.Sum[:0])
	return as, s.tap.key, nil
}

// fileKey is what age encrypts the bytes of one file with.
type fileKey [16]byte

// keyTap notes the key of each file, which is made anew for each. With it the run
// that writes a file can look into it; nobody else can, and not this run after it
// forgot it.
type keyTap struct {
	age.Recipient
	key fileKey
}

func (t *keyTap) Wrap(key []byte) ([]*age.Stanza, error) {
	copy(t.key[:], key)
	return t.Recipient.Wrap(key)
}

// WrapWithLabels keeps what a recipient says of whom it goes with.
func (t *keyTap) WrapWithLabels(key []byte) ([]*age.Stanza, []string, error) {
	if r, ok := t.Recipient.(age.RecipientWithLabels); ok {
		copy(t.key[:], key)
		return r.WrapWithLabels(key)
	}
	stanzas, err := t.Wrap(key)
	return stanzas, nil, err
}
