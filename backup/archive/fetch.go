package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"preship/backup/manifest"
	"preship/report/message"
	"preship/report/safefile"
)

// ErrInTheWay means that a folder has a file of the same name with other contents.
var ErrInTheWay = message.Error(message.Say("archive.error.in-the-way"), nil)

// FetchOptions choose the files to fetch.
type FetchOptions struct {
	Want     func(path string) bool // nil: everything
	Progress func(done, all int64)  // may be nil
}

// Fetched is what [Reader.Fetch] did.
type Fetched struct {
	Files int
	There int // of them, those that were there already
	Bytes int64
}

// Fetch writes the files of the archive into a folder, byte for byte and with their times.
// A file counts once it had its SHA-256 and is on the disk. Files that are there, with the
// same contents, stay; so Fetch resumes. A file of other contents is [ErrInTheWay], and
// stays too.
func (r *Reader) Fetch(ctx context.Context, root *os.Root, o FetchOptions) (Fetched, error) {
	to := &fetcher{root: root, o: o, all: r.Bytes(o.Want)}
	for i := range r.files {
		if f := &r.files[i]; f.Dir && (o.Want == nil || o.Want(f.path())) {
			if err := root.MkdirAll(f.path(), 0o700); err != nil {
				return to.did, err
			}
		}
	}
	err := r.each(ctx, to)
	return to.did, errors.Join(err, to.drop())
}

// fetcher is the sink of a fetch.
type fetcher struct {
	root *os.Root
	o    FetchOptions
	did  Fetched
	all  int64
	out  *os.File // partName
}

// partName is the file that is being fetched. Beside its name there is no room for more where
// a name is as long as a disk allows.
const partName = "fetch" + safefile.TempSuffix

func (t *fetcher) begin(f *file) (io.Writer, error) {
	name := f.path()
	if t.o.Want != nil && !t.o.Want(name) {
		return nil, nil
	}
	there, err := t.there(f)
	if err != nil {
		return nil, err
	}
	if there {
		t.did.Files++
		t.did.There++
		t.tell(f.Size)
		return nil, nil
	}
	if err := t.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return nil, err
	}
	if err := t.root.Remove(partName); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	t.out, err = t.root.OpenFile(partName, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	return counting{t}, nil
}

// counting writes a file and tells how far it is.
type counting struct{ *fetcher }

func (c counting) Write(b []byte) (int, error) {
	n, err := c.out.Write(b)
	c.tell(int64(n))
	return n, err
}

func (t *fetcher) tell(n int64) {
	if t.did.Bytes += n; t.o.Progress != nil {
		t.o.Progress(t.did.Bytes, t.all)
	}
}

// there reports whether the file is in the folder already.
func (t *fetcher) there(f *file) (bool, error) {
	in, err := safefile.OpenRegular(t.root, f.path())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer in.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(in, f.Size+1))
	if err != nil {
		return false, err
	}
	if n != f.Size || hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		return false, fmt.Errorf("%s: %w", manifest.Display(f.path()), ErrInTheWay)
	}
	return true, nil
}

func (t *fetcher) end(f *file, err error) error {
	if err != nil {
		return err
	}
	out := t.out
	t.out = nil
	if err := errors.Join(out.Sync(), out.Close()); err != nil {
		return errors.Join(err, t.root.Remove(partName))
	}
	when := time.Unix(0, f.Modified)
	if err := t.root.Chtimes(partName, when, when); err != nil {
		return err
	}
	if err := t.root.Rename(partName, f.path()); err != nil {
		return err
	}
	t.did.Files++
	return safefile.SyncDir(t.root, path.Dir(f.path()))
}

// drop removes a file that was not finished.
func (t *fetcher) drop() error {
	if t.out == nil {
		return nil
	}
	return errors.Join(t.out.Close(), t.root.Remove(partName))
}
