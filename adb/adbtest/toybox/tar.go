package toybox

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"preship/adb/adbtest/vfs"
)

// errShortRead ends toybox tar when a file shrinks while tar reads it: every
// later file is missing from the archive.
var errShortRead = errors.New("short read")

// runTar is toybox tar -c: it writes the named files and folders to standard
// output, with -C from another folder. It neither lists nor extracts.
func runTar(ctx context.Context, p *Process) int {
	opts, names, ok := p.Options("cC:")
	switch {
	case !ok:
		return 1
	case !opts.has('c'):
		return p.Fail("Needs -txc (see \"tar --help\")")
	case len(names) == 0:
		return p.Fail("empty archive")
	}
	if dir := opts['C']; dir != "" {
		if err := p.sys.Tree().Enter(p.Abs(dir)); err != nil {
			return p.Fail("chdir '%s': %s", dir, vfs.ErrnoOf(err))
		}
		p.dir = p.Abs(dir)
	}
	a := &archiver{p: p, w: tar.NewWriter(p.stdout)}
	for _, name := range names {
		i, err := p.sys.Tree().Lstat(p.Abs(name))
		if err == nil {
			err = a.add(ctx, name, i)
		} else {
			a.complain(name, err)
			err = nil
		}
		switch {
		case errors.Is(err, errShortRead):
			return p.Fail("%s", err)
		case err != nil:
			return 1
		}
	}
	if err := a.w.Close(); err != nil {
		return 1
	}
	if a.failed {
		return p.Fail("had errors")
	}
	return 0
}

// archiver writes one archive.
type archiver struct {
	p      *Process
	w      *tar.Writer
	failed bool
}

func (a *archiver) complain(name string, err error) {
	a.failed = true
	a.p.complain("%s: %s", name, vfs.ErrnoOf(err))
}

// add writes one file, or a folder and all below it. An error ends the archive.
func (a *archiver) add(ctx context.Context, name string, i vfs.Info) error {
	h := &tar.Header{
		Name: strings.TrimLeft(name, "/"), Mode: int64(i.Mode & vfs.ModePerms), Uid: int(i.UID), Gid: int(i.GID), Uname: vfs.IDName(i.UID), Gname: vfs.IDName(i.GID),
		ModTime: i.MTime.Truncate(time.Second), Format: tar.FormatGNU, Typeflag: tar.TypeReg, Size: i.Size,
	}
	switch {
	case i.IsDir():
		h.Typeflag, h.Size, h.Name = tar.TypeDir, 0, strings.TrimSuffix(h.Name, "/")+"/"
	case i.IsLink():
		h.Typeflag, h.Size, h.Linkname = tar.TypeSymlink, 0, i.Target
	case i.IsFIFO():
		h.Typeflag, h.Size = tar.TypeFifo, 0
	default:
		return a.addFile(ctx, name, h)
	}
	if err := a.w.WriteHeader(h); err != nil || !i.IsDir() {
		return err
	}
	kids, err := a.p.sys.Tree().ReadDir(a.p.Abs(name))
	if err != nil {
		a.complain(name, err)
	}
	for _, kid := range kids {
		if err := a.add(ctx, strings.TrimSuffix(name, "/")+"/"+kid.Name, kid); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (a *archiver) addFile(ctx context.Context, name string, h *tar.Header) error {
	f, err := a.p.sys.Tree().Open(a.p.Abs(name))
	if err != nil {
		a.failed = true
		a.p.complain("can't open '%s': %s", name, vfs.ErrnoOf(err))
		return nil
	}
	defer f.Close()
	if err := a.w.WriteHeader(h); err != nil {
		return err
	}
	n, err := io.CopyN(a.w, vfs.NewReader(ctx, f, 0), h.Size)
	if err == io.EOF && n < h.Size {
		return errShortRead
	}
	return err
}
