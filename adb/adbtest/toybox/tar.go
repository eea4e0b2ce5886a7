package toybox

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"math"
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
	w, closed := tar.NewWriter(p.stdout), 0
	missing, err := p.walk(ctx, "%s: %s", math.MaxInt, func(name string, i vfs.Info) error {
		if !i.IsRegular() {
			return archive(w, name, i, nil)
		}
		r, closer, err := p.input(ctx, name, 0)
		if err != nil {
			closed = p.Fail("can't open '%s': %s", name, vfs.ErrnoOf(err))
			return nil
		}
		defer closer()
		return archive(w, name, i, r)
	})
	if err == nil {
		err = w.Close()
	}
	switch {
	case err != nil && p.Flush():
		return p.Fail("%s", err)
	case err != nil: // the reader is gone
		return 1
	case missing+closed > 0:
		return p.Fail("had errors")
	}
	return 0
}

// archive writes one file with the bytes of r. A folder and a link have no r.
func archive(w *tar.Writer, name string, i vfs.Info, r io.Reader) error {
	h, err := tar.FileInfoHeader(i.FileInfo(), i.Target)
	if err != nil {
		return err
	}
	h.Name = strings.TrimLeft(name, "/")
	if i.IsDir() {
		h.Name = strings.TrimSuffix(h.Name, "/") + "/"
	}
	h.Uid, h.Gid, h.Uname, h.Gname, h.Format = int(i.UID), int(i.GID), vfs.IDName(i.UID), vfs.IDName(i.GID), tar.FormatGNU
	if err := w.WriteHeader(h); err != nil || r == nil {
		return err
	}
	if _, err = io.CopyN(w, r, h.Size); err == io.EOF { // every later file is missing then
		err = errors.New("short read")
	}
	return err
}
