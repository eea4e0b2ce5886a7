package shell

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"preship/adb/adbtest/toybox"
	"preship/adb/adbtest/vfs"

	"mvdan.cc/sh/v3/interp"
)

// open opens the target of a redirection. Its errors have mksh's words.
func (sh *shell) open(ctx context.Context, name string, flag int, _ os.FileMode) (io.ReadWriteCloser, error) {
	full := toybox.Absolute(slashed(interp.HandlerCtx(ctx).Dir), name)
	if flag&(os.O_WRONLY|os.O_RDWR) == 0 {
		f, err := sh.sys.Tree().Open(full)
		if err != nil {
			return nil, &fs.PathError{Op: toybox.Shell + ": can't open", Path: name, Err: vfs.ErrnoOf(err)}
		}
		return sh.feed(ctx, f)
	}
	w, err := sh.sys.Tree().OpenWrite(full, vfs.NewFileMode, flag&os.O_TRUNC != 0)
	if err != nil {
		return nil, &fs.PathError{Op: toybox.Shell + ": can't create", Path: name, Err: vfs.ErrnoOf(err)}
	}
	return writeOnly{w}, nil
}

type writeOnly struct{ io.WriteCloser }

func (writeOnly) Read([]byte) (int, error) { return 0, vfs.EINVAL }

func (sh *shell) readDir(_ context.Context, name string) ([]fs.DirEntry, error) {
	infos, err := sh.sys.Tree().ReadDir(slashed(name))
	if err != nil && !errors.Is(err, vfs.EACCES) { // patterns find nothing there, but may lead through it
		return nil, err
	}
	entries := make([]fs.DirEntry, len(infos))
	for i, one := range infos {
		entries[i] = fs.FileInfoToDirEntry(one.FileInfo())
	}
	return entries, nil
}

func (sh *shell) stat(_ context.Context, name string, follow bool) (fs.FileInfo, error) {
	i, err := sh.sys.Tree().StatAs(slashed(name), follow)
	if err != nil {
		return nil, err
	}
	return i.FileInfo(), nil
}

func (sh *shell) access(_ context.Context, name string, mode interp.AccessMode) error {
	return sh.sys.Tree().May(slashed(name), uint32(mode))
}

// slashed is a path of the interpreter as the handset writes it: on Windows the
// interpreter joins with backslashes and may put a drive before.
func slashed(name string) string {
	if filepath.Separator != '/' && len(name) > 1 && name[1] == ':' {
		name = name[2:]
	}
	return filepath.ToSlash(name)
}

// feed lets the interpreter read a file by a pipe: it takes nothing but an *os.File as
// standard input. Both ends are gone when the shell is.
func (sh *shell) feed(ctx context.Context, f vfs.File) (*os.File, error) {
	r, w, err := os.Pipe()
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	context.AfterFunc(sh.alive, func() { _ = r.Close() }) // most are closed already, by the command that read them
	sh.feeding.Go(func() {
		defer w.Close()
		defer f.Close()
		_, _ = io.Copy(w, vfs.NewReader(ctx, f, 0))
	})
	return r, nil
}
