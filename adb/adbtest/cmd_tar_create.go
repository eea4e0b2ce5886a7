package adbtest

import (
	"archive/tar"
	"context"
	"fmt"
	"io"
	"strings"
	"time"
)

// archiver writes an archive.
type archiver struct {
	*tape
	w    *tar.Writer
	told bool // of the leading slash
}

func (a *archiver) named(ctx context.Context, name string) error {
	i, err := a.p.h.tree.statAs(a.p.abs(name), a.opts.has('h'))
	if err != nil {
		a.complain(name, err)
		return nil
	}
	if inner := memberName(name); inner != name && !a.told {
		a.told = true
		fmt.Fprintf(a.p.stderr, "removing leading '%s' from member names\n", strings.TrimSuffix(name, inner))
	}
	return a.add(ctx, name, i)
}

// memberName is a name without what leads out of where it will be extracted.
func memberName(name string) string {
	name = strings.TrimLeft(name, "/")
	if at := strings.LastIndex(name, "../"); at >= 0 {
		name = name[at+len("../"):]
	}
	return name
}

// excluded matches --exclude against the whole name and every name in it.
func (a *archiver) excluded(name string) bool {
	for _, pattern := range a.excludes {
		if matches(pattern, name) {
			return true
		}
		for _, part := range split(name) {
			if matches(pattern, part) {
				return true
			}
		}
	}
	return false
}

func (a *archiver) header(name string, i info) *tar.Header {
	h := &tar.Header{
		Name: memberName(name), Mode: int64(i.mode & modePerms), Uid: int(i.uid), Gid: int(i.gid),
		Uname: idName(i.uid), Gname: idName(i.gid), ModTime: i.mtime, Format: tar.FormatGNU, Typeflag: tar.TypeReg, Size: i.size,
	}
	if id, ok := idOf(a.opts['\x03']); ok {
		h.Uid, h.Uname = int(id), idName(id)
	}
	if id, ok := idOf(a.opts['\x04']); ok {
		h.Gid, h.Gname = int(id), idName(id)
	}
	if at, ok := a.p.date(a.opts['\x05']); ok {
		h.ModTime = at
	}
	if mode, ok := changeMode(a.opts['\x06'], i.mode&modePerms, i.isDir(), 0); ok {
		h.Mode = int64(mode)
	}
	h.ModTime = h.ModTime.Truncate(time.Second)
	switch {
	case i.isDir():
		h.Typeflag, h.Size = tar.TypeDir, 0
		h.Name = strings.TrimSuffix(h.Name, "/") + "/"
	case i.isLink():
		h.Typeflag, h.Size, h.Linkname = tar.TypeSymlink, 0, i.target
	case i.isFIFO():
		h.Typeflag, h.Size = tar.TypeFifo, 0
	}
	return h
}

// add writes one file and what is below it. An error ends the archive.
func (a *archiver) add(ctx context.Context, name string, i info) error {
	if err := ctx.Err(); err != nil || a.excluded(name) {
		return err
	}
	h := a.header(name, i)
	if h.Typeflag == tar.TypeReg {
		return a.addFile(ctx, name, h)
	}
	if err := a.write(h); err != nil || !i.isDir() {
		return err
	}
	kids, err := a.p.h.tree.readDir(a.p.abs(name))
	if err != nil {
		a.complain(name, err)
		return nil
	}
	for _, kid := range kids {
		if err := a.add(ctx, strings.TrimSuffix(name, "/")+"/"+kid.name, kid); err != nil {
			return err
		}
	}
	return nil
}

func (a *archiver) write(h *tar.Header) error {
	if a.verbose != nil {
		fmt.Fprintln(a.verbose, h.Name)
	}
	return a.w.WriteHeader(h)
}

func (a *archiver) addFile(ctx context.Context, name string, h *tar.Header) error {
	f, err := a.p.h.tree.open(a.p.abs(name))
	if err != nil {
		a.failed = true
		a.p.complain("can't open '%s': %s", name, errnoOf(err))
		return nil
	}
	defer f.Close()
	if err := a.write(h); err != nil {
		return err
	}
	n, err := io.CopyN(a.w, contents(ctx, f), h.Size)
	if err == io.EOF && n < h.Size {
		return errShortRead
	}
	return err
}
