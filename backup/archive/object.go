package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"preship/backup/agefile"
	"preship/report/message"
)

// objectReader reads one object and compares it with the list. The last read returns
// [ErrDamaged] with the object's name if size or SHA-256 differ, and never more bytes than
// the list says.
type objectReader struct {
	of   object
	r    io.ReadCloser
	stop context.CancelFunc
	sum  hash.Hash
	n    int64
	err  error // of the last read
}

func openObject(ctx context.Context, s Store, id string, o object) (*objectReader, error) {
	ctx, stop := context.WithTimeout(ctx, longest(o.Size))
	r, err := s.Get(ctx, id+"/"+o.Name)
	if err != nil {
		stop()
		if errors.Is(err, ErrNotThere) {
			return nil, damaged(o.Name, message.Say("archive.damaged.missing"))
		}
		return nil, fmt.Errorf("%s: %w", o.Name, err)
	}
	return &objectReader{of: o, r: r, stop: stop, sum: sha256.New()}, nil
}

func (o *objectReader) Read(b []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.r.Read(b)
	if int64(n) > o.of.Size-o.n {
		o.err = damaged(o.of.Name, message.Say("archive.damaged.longer"))
		return 0, o.err
	}
	o.n += int64(n)
	o.sum.Write(b[:n])
	switch {
	case errors.Is(err, io.EOF) && o.n < o.of.Size, errors.Is(err, io.ErrUnexpectedEOF):
		err = damaged(o.of.Name, message.Say("archive.damaged.shorter"))
	case errors.Is(err, io.EOF) && hex.EncodeToString(o.sum.Sum(nil)) != o.of.SHA256:
		err = damaged(o.of.Name, message.Say("archive.damaged.sum"))
	case err != nil && !errors.Is(err, io.EOF):
		err = fmt.Errorf("%s: %w", o.of.Name, err)
	}
	o.err = err
	return n, err
}

func (o *objectReader) Close() error {
	o.stop()
	return o.r.Close()
}

// rest reads the object to its end, so that all of it is compared.
func (o *objectReader) rest() error {
	_, err := io.Copy(io.Discard, o)
	return err
}

// readBack reads an object and compares all of it with the list.
func readBack(ctx context.Context, s Store, id string, o object) error {
	r, err := openObject(ctx, s, id, o)
	if err != nil {
		return err
	}
	return errors.Join(r.rest(), r.Close())
}

// put encrypts what write writes to the key of the case, and stores it. The object is not
// read back yet.
func put(ctx context.Context, s Store, id, name, recipient string, size int64, until time.Time, write func(io.Writer) error) (object, error) {
	ctx, stop := context.WithTimeout(ctx, longest(size))
	defer stop()
	o := object{Name: name}
	sum := sha256.New()
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := encrypted(io.MultiWriter(w, sum, (*counter)(&o.Size)), recipient, write)
		_ = w.CloseWithError(err) // a nil error is the end
		done <- err
	}()
	err := s.Put(ctx, id+"/"+name, r, until)
	_ = r.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // ends a writer that nobody reads
	if wrote := <-done; err == nil || !errors.Is(wrote, io.ErrClosedPipe) {
		err = errors.Join(wrote, err)
	}
	o.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return o, err
}

func encrypted(to io.Writer, recipient string, write func(io.Writer) error) error {
	w, err := agefile.EncryptTo(to, []string{recipient})
	if err != nil {
		return err
	}
	if err := write(w); err != nil {
		return err
	}
	return w.Close()
}

type counter int64

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}
