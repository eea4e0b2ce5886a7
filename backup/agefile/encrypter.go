package agefile

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"hash"
	"io"

	"filippo.io/age"

	"preship/backup/manifest"
)

// Encrypter encrypts one file. It gathers the small writes of age, and counts and
// hashes the encrypted bytes.
type Encrypter struct {
	of  *Envelope
	to  []age.Recipient
	tap keyTap // the first of to
	f   io.Writer
	buf *bufio.Writer
	sum hash.Hash
	n   int64
	age io.WriteCloser // takes the bytes that are to be encrypted
}

// encrypterBuffer is longer than the header of a file, which age writes in pieces.
const encrypterBuffer = 16 << 10

// Encrypt begins an encrypted file that is written to f. The caller calls End, unless
// a write failed, and Release.
func (v *Envelope) Encrypt(f io.Writer) (*Encrypter, error) {
	e, ok := v.spare.Get().(*Encrypter)
	if !ok {
		e = newEncrypter(v)
	}
	if err := e.begin(f); err != nil {
		e.Release()
		return nil, err
	}
	return e, nil
}

func newEncrypter(v *Envelope) *Encrypter {
	e := &Encrypter{of: v, sum: sha256.New(), tap: keyTap{Recipient: v.to[0]}}
	e.to = append([]age.Recipient{&e.tap}, v.to[1:]...)
	e.buf = bufio.NewWriterSize(nil, encrypterBuffer)
	return e
}

func (e *Encrypter) begin(f io.Writer) (err error) {
	e.f, e.n = f, 0
	e.sum.Reset()
	e.buf.Reset(writerFunc(e.write))
	e.age, err = age.Encrypt(e.buf, e.to...)
	return err
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// Write encrypts b.
func (e *Encrypter) Write(b []byte) (int, error) { return e.age.Write(b) }

func (e *Encrypter) write(b []byte) (int, error) {
	n, err := e.f.Write(b)
	e.sum.Write(b[:n])
	e.n += int64(n)
	return n, err
}

// End writes the rest of the file. It returns the size and SHA-256 of the encrypted
// file, and the key that opens it. It does not close the writer.
func (e *Encrypter) End() (as manifest.OnDisk, key FileKey, err error) {
	if err := e.age.Close(); err != nil {
		return as, key, err
	}
	if err := e.buf.Flush(); err != nil {
		return as, key, err
	}
	as.Size = e.n
	e.sum.Sum(as.Sum[:0])
	return as, e.tap.key, nil
}

// Release makes the encrypter ready for another file. It is not used after that.
func (e *Encrypter) Release() {
	e.f, e.age = nil, nil
	e.of.spare.Put(e)
}

// FileKey is the key of one encrypted file.
type FileKey [16]byte

// Key returns a key that opens this one file.
func (k FileKey) Key() *Key {
	return &Key{identities: []age.Identity{age.NewInjectedFileKeyIdentity(bytes.Clone(k[:]))}}
}

// keyTap notes the key that age makes for each file, so that the run that writes a
// file can read it. The key is never stored.
type keyTap struct {
	age.Recipient
	key FileKey
}

// Wrap implements [age.Recipient].
func (t *keyTap) Wrap(key []byte) ([]*age.Stanza, error) {
	copy(t.key[:], key)
	return t.Recipient.Wrap(key)
}

// WrapWithLabels implements [age.RecipientWithLabels]: it passes on the labels of the
// recipient.
func (t *keyTap) WrapWithLabels(key []byte) ([]*age.Stanza, []string, error) {
	if r, ok := t.Recipient.(age.RecipientWithLabels); ok {
		copy(t.key[:], key)
		return r.WrapWithLabels(key)
	}
	stanzas, err := t.Wrap(key)
	return stanzas, nil, err
}

// NewKey makes a key. public is as [ReadRecipients] returns it, and [ParseKey] reads secret.
func NewKey() (public string, secret []byte, err error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return "", nil, err
	}
	return id.Recipient().String(), []byte(id.String() + "\n"), nil
}

// EncryptTo encrypts everything written, to public keys as [ReadRecipients] returns them, into
// w. The caller closes the writer, which writes the rest and leaves w open.
func EncryptTo(w io.Writer, to []string) (io.WriteCloser, error) {
	all, err := recipientsOf(to)
	if err != nil {
		return nil, err
	}
	return age.Encrypt(w, all...)
}
