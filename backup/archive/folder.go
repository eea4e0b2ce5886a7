package archive

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"preship/report/safefile"
)

// Folder is a store in a folder, such as a disk or a share. It has one version of each
// object, and no way to keep one from being deleted.
type Folder struct{ root *os.Root }

// OpenFolder opens the store in a folder, which it makes if it is missing. The caller closes
// it.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &Folder{root}, nil
}

// Put implements [Store].
func (f *Folder) Put(ctx context.Context, name string, r io.Reader, until time.Time) error {
	if !until.IsZero() {
		return ErrCannotLock
	}
	if err := f.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return err
	}
	return safefile.Replace(f.root, name, func(w io.Writer) error {
		_, err := io.Copy(w, reader{ctx, r})
		return err
	})
}

// Get implements [Store].
func (f *Folder) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	file, err := safefile.OpenRegular(f.root, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotThere
	}
	if err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{reader{ctx, file}, file}, nil
}

// reader ends with its context.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(b)
}

// Versions implements [Store].
func (f *Folder) Versions(ctx context.Context, under string, each func(Version) error) error {
	err := fs.WalkDir(f.root.FS(), path.Dir(under+"x"), func(name string, d fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || d.IsDir() || !strings.HasPrefix(name, under) {
			return err
		}
		v := Version{Name: name, Latest: true}
		if strings.HasSuffix(name, safefile.TempSuffix) {
			v.Kind, v.Latest = Unfinished, false
		} else if fi, err := d.Info(); err != nil {
			return err
		} else {
			v.Size = fi.Size()
		}
		return each(v)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Delete implements [Store]. It takes folders that are empty then away too.
func (f *Folder) Delete(_ context.Context, v Version) error {
	if err := safefile.Remove(f.root, v.Name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for dir := path.Dir(v.Name); dir != "." && f.root.Remove(dir) == nil; dir = path.Dir(dir) {
	}
	return nil
}

// Until implements [Store]: nothing is kept.
func (f *Folder) Until(context.Context, Version) (time.Time, error) { return time.Time{}, nil }

// Close implements [Store].
func (f *Folder) Close() error { return f.root.Close() }

// InFolder reports whether a folder is an archived case, and not a case itself.
func InFolder(dir string) bool {
	for _, name := range []string{listName, keyName} {
		if fi, err := os.Lstat(filepath.Join(dir, name)); err != nil || !fi.Mode().IsRegular() {
			return false
		}
	}
	return true
}
