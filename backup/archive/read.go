package archive

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"
	"time"

	"preship/backup/agefile"
	"preship/report/message"
)

const (
	maxFiles     = 5_000_000
	maxIndexLine = 64 << 10
)

// Reader reads one archived case.
type Reader struct {
	s     Store
	id    string
	list  *list
	key   *agefile.Key // of the case
	head  indexHead
	files []file
}

// Open opens the archive of a case with a secret key of the chain. digest is the SHA-256 of
// its list, as the case has it; empty if only the archive is there.
//
// The error is [ErrNotThere], [ErrOther], [ErrDamaged], [agefile.ErrKeyNeeded],
// [agefile.ErrWrongKey], or one of the store.
func Open(ctx context.Context, s Store, id string, key *agefile.Key, digest string) (*Reader, error) {
	l, err := readList(ctx, s, id, digest)
	if err != nil {
		return nil, err
	}
	r := &Reader{s: s, id: id, list: l}
	if err := r.unwrap(ctx, key); err != nil {
		return nil, err
	}
	return r, r.readIndex(ctx)
}

// unwrap opens the key of the case.
func (r *Reader) unwrap(ctx context.Context, key *agefile.Key) error {
	o, _ := r.list.find(keyName)
	in, err := openObject(ctx, r.s, r.id, o)
	if err != nil {
		return err
	}
	wrapped, err := io.ReadAll(in)
	if err := errors.Join(err, in.Close()); err != nil {
		return err
	}
	plain, err := key.Decrypt(bytes.NewReader(wrapped))
	if err != nil {
		return fmt.Errorf("%s: %w", keyName, err)
	}
	if r.key, err = agefile.ParseKey(plain, nil); err != nil || !r.key.Opens(r.list.Recipient) {
		return damaged(keyName, message.Say("archive.damaged.key"))
	}
	return nil
}

// readIndex reads the index and refuses one that does not fit itself.
func (r *Reader) readIndex(ctx context.Context) error {
	o, _ := r.list.find(indexName)
	raw, err := openObject(ctx, r.s, r.id, o)
	if err != nil {
		return err
	}
	defer raw.Close()
	plain, err := r.key.Decrypt(raw)
	if err != nil {
		return orDamaged(raw, indexName)
	}
	in := bufio.NewReaderSize(plain, maxIndexLine)
	if err := r.parseIndex(in); err != nil {
		return orDamaged(raw, indexName)
	}
	return raw.rest()
}

// orDamaged returns the fault of an object whose contents are not those of an archive:
// what the object itself is found to be, if it is not as it was written.
func orDamaged(raw *objectReader, name string) error {
	if err := raw.rest(); err != nil {
		return err
	}
	return damaged(name, message.Say("archive.damaged.contents"))
}

var errIndex = errors.New("bad index") // never shown

func (r *Reader) parseIndex(in *bufio.Reader) error {
	next := func(v any) error {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		return json.Unmarshal(line, v)
	}
	if err := next(&r.head); err != nil {
		return err
	}
	if h := r.head; h.Case != r.id || h.Files < 0 || h.Files > maxFiles || h.Bytes < 0 || h.Pack < 1 || h.Pack > maxObject || (h.Bytes+h.Pack-1)/h.Pack > maxObjects {
		return errIndex
	}
	at, seen := int64(0), map[string]bool{}
	for range r.head.Files {
		var f file
		if err := next(&f); err != nil {
			return err
		}
		p := f.path()
		if !filepath.IsLocal(filepath.FromSlash(p)) || path.Clean(p) != p || p == "." || seen[p] || f.Size < 0 || !f.Dir && len(f.SHA256) != 64 || left(p) {
			return errIndex
		}
		seen[p] = true
		switch {
		case f.Dir:
		case f.Object != "":
			if _, ok := r.list.find(f.Object); !ok || !strings.HasPrefix(f.Object, filePrefix) {
				return errIndex
			}
		case f.At != at || f.Size > r.head.Bytes-at:
			return errIndex
		default:
			at += f.Size
		}
		r.files = append(r.files, f)
	}
	if at != r.head.Bytes {
		return errIndex
	}
	for n := range r.packCount() {
		if _, ok := r.list.find(packName(n)); !ok {
			return errIndex
		}
	}
	if _, err := in.ReadByte(); !errors.Is(err, io.EOF) {
		return errIndex
	}
	return nil
}

func (r *Reader) packCount() int { return int((r.head.Bytes + r.head.Pack - 1) / r.head.Pack) }

// Written returns when the archive was written.
func (r *Reader) Written() time.Time { return r.list.Written }

// Digest returns the SHA-256 of the list of the archive.
func (r *Reader) Digest() string { return r.list.digest }

// Bytes returns how many bytes the files have that want chooses; nil chooses all.
func (r *Reader) Bytes(want func(path string) bool) (n int64) {
	for i := range r.files {
		if want == nil || want(r.files[i].path()) {
			n += r.files[i].Size
		}
	}
	return n
}

// sink takes the files of an archive, one after the other.
type sink interface {
	// begin returns where the contents of a file go; nil skips it.
	begin(f *file) (io.Writer, error)
	// end is called when all of a file was written and had its SHA-256, or with the error
	// that kept it from that. An error ends the reading, nil continues.
	end(f *file, err error) error
}

// packReader gives the contents of the packs, end to end. A pack that is read to its end is
// compared with the list.
type packReader struct {
	ctx      context.Context
	r        *Reader
	pos, end int64 // where it is, and where the open pack ends
	raw      *objectReader
	plain    io.Reader
}

// copy writes the next n bytes to w.
func (p *packReader) copy(w io.Writer, n int64) error {
	for n > 0 {
		if p.raw == nil {
			if err := p.open(); err != nil {
				return err
			}
		}
		part := min(n, p.end-p.pos)
		if err := p.take(w, part); err != nil {
			return err
		}
		n -= part
		if p.pos == p.end {
			if err := p.finish(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *packReader) take(w io.Writer, n int64) error {
	got, err := io.CopyN(w, p.plain, n)
	p.pos += got
	return fault(p.raw, err)
}

// fault says whether an error is of an object or of its target.
func fault(raw *objectReader, err error) error {
	var disk writeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &disk):
		return disk.err
	}
	return orDamaged(raw, raw.of.Name)
}

// open opens the pack that holds the byte at pos.
func (p *packReader) open() error {
	n := p.pos / p.r.head.Pack
	o, _ := p.r.list.find(packName(int(n)))
	raw, err := openObject(p.ctx, p.r.s, p.r.id, o)
	if err != nil {
		return err
	}
	p.raw = raw
	if p.plain, err = p.r.key.Decrypt(raw); err != nil {
		return orDamaged(raw, o.Name)
	}
	skip := p.pos - n*p.r.head.Pack
	p.pos -= skip
	p.end = min(p.pos+p.r.head.Pack, p.r.head.Bytes)
	return p.take(io.Discard, skip)
}

// finish refuses a pack with more contents than it should have, and compares it.
func (p *packReader) finish() error {
	if extra, err := io.Copy(io.Discard, p.plain); err != nil || extra > 0 {
		return orDamaged(p.raw, p.raw.of.Name)
	}
	if err := p.raw.rest(); err != nil {
		return err
	}
	return p.close()
}

// seek goes forward. A pack that nothing more is wanted of is left where it is.
func (p *packReader) seek(to int64) error {
	if p.raw != nil && to < p.end {
		return p.take(io.Discard, to-p.pos)
	}
	p.pos = to
	return p.close()
}

func (p *packReader) close() error {
	if p.raw == nil {
		return nil
	}
	raw := p.raw
	p.raw = nil
	return raw.Close()
}

// writeError is an error of the disk, apart from those of the store.
type writeError struct{ err error }

func (e writeError) Error() string { return e.err.Error() }

// toDisk marks the errors of a writer.
type toDisk struct{ io.Writer }

func (t toDisk) Write(b []byte) (int, error) {
	n, err := t.Writer.Write(b)
	if err != nil {
		err = writeError{err}
	}
	return n, err
}

// each reads the files that a sink wants.
func (r *Reader) each(ctx context.Context, to sink) (err error) {
	packs := &packReader{ctx: ctx, r: r}
	defer func() { err = errors.Join(err, packs.close()) }()
	for i := range r.files {
		f := &r.files[i]
		if f.Dir {
			continue
		}
		w, err := to.begin(f)
		if err != nil {
			return err
		}
		if w == nil {
			continue
		}
		sum := sha256.New()
		both := io.MultiWriter(toDisk{w}, sum)
		if f.Object != "" {
			err = r.object(ctx, f, both)
		} else if err = packs.seek(f.At); err == nil {
			err = packs.copy(both, f.Size)
		}
		if err == nil && hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
			err = damaged(r.holder(f), message.Say("archive.damaged.contents"))
		}
		if err := to.end(f, err); err != nil {
			return err
		}
	}
	return nil
}

// holder names the object in which a file begins.
func (r *Reader) holder(f *file) string {
	if f.Object != "" {
		return f.Object
	}
	return packName(int(f.At / r.head.Pack))
}

// object reads a file that is its own object.
func (r *Reader) object(ctx context.Context, f *file, w io.Writer) error {
	o, _ := r.list.find(f.Object)
	raw, err := openObject(ctx, r.s, r.id, o)
	if err != nil {
		return err
	}
	defer raw.Close()
	plain, err := r.key.Decrypt(raw)
	if err != nil {
		return orDamaged(raw, o.Name)
	}
	if _, err := io.CopyN(w, plain, f.Size); err != nil {
		return fault(raw, err)
	}
	if extra, err := io.Copy(io.Discard, plain); err != nil || extra > 0 {
		return orDamaged(raw, o.Name)
	}
	return raw.rest()
}
