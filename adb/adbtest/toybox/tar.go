package toybox

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"strings"

	"preship/adb/adbtest/vfs"
)

// runTar is toybox tar -c: it writes the named files and folders to standard
// output, with -C from another folder. It neither lists nor extracts.
func runTar(ctx context.Context, p *Process) int {
	switch {
	case !p.opts.has('c'):
		return p.Fail("Needs -txc (see \"tar --help\")")
	case len(p.names) == 0:
		return p.Fail("empty archive")
	}
	if dir := p.opts['C']; dir != "" {
		if err := p.sys.Tree().Enter(p.Abs(dir)); err != nil {
			return p.Fail("chdir '%s': %s", dir, vfs.ErrnoOf(err))
		}
		p.dir = p.Abs(dir)
	}
	a := &archiver{p: p, w: tar.NewWriter(p.stdout)}
	for _, name := range p.names {
		i, err := p.sys.Tree().Lstat(p.Abs(name))
		if err != nil {
			a.complain("%s: %s", name, err)
			continue
		}
		if err := a.add(ctx, name, i); err != nil {
			return p.Fail("%s", err)
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

func (a *archiver) complain(form, name string, err error) {
	a.failed = true
	a.p.complain(form, name, vfs.ErrnoOf(err))
}

// add writes one file, or a folder and all below it. An error ends the archive.
func (a *archiver) add(ctx context.Context, name string, i vfs.Info) error {
	h, err := tar.FileInfoHeader(i.FileInfo(), i.Target)
	if err != nil {
		return err
	}
	h.Name = strings.TrimLeft(name, "/")
	if i.IsDir() {
		h.Name = strings.TrimSuffix(h.Name, "/") + "/"
	}
	h.Uid, h.Gid, h.Uname, h.Gname, h.Format = int(i.UID), int(i.GID), vfs.IDName(i.UID), vfs.IDName(i.GID), tar.FormatGNU
	if i.IsRegular() {
		return a.addFile(ctx, name, h)
	}
	if err := a.w.WriteHeader(h); err != nil || !i.IsDir() {
		return err
	}
	kids, err := a.p.sys.Tree().ReadDir(a.p.Abs(name))
	if err != nil {
		a.complain("%s: %s", name, err)
	}
	for _, kid := range kids {
		if err := a.add(ctx, below(name, kid), kid); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (a *archiver) addFile(ctx context.Context, name string, h *tar.Header) error {
	r, closer, err := a.p.input(ctx, name, 0)
	if err != nil {
		a.complain("can't open '%s': %s", name, err)
		return nil
	}
	defer closer()
	if err := a.w.WriteHeader(h); err != nil {
		return err
	}
	if _, err = io.CopyN(a.w, r, h.Size); err == io.EOF { // every later file is missing then
		err = errors.New("short read")
	}
	return err
}
