package adbtest

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// errShortRead is what ends toybox tar when a file shrinks while it is read:
// every later file is missing from the archive.
var errShortRead = errors.New("short read")

// runTar is toybox tar -c and -t. Extracting is refused: nothing on a handset's
// side needs it.
func runTar(ctx context.Context, p *process) int {
	if len(p.args) > 1 && !strings.HasPrefix(p.args[1], "-") {
		p.args[1] = "-" + p.args[1]
	}
	opts, names, ok := p.options("ctxvf:zC:h")
	if !ok {
		return 1
	}
	if opts.has('C') {
		p.dir = p.abs(opts['C'])
	}
	switch {
	case opts.has('z') || opts.has('x'):
		return p.fail("Unknown option '%s' (see \"tar --help\")", "zx"[b2i(opts.has('x')):][:1])
	case opts.has('t'):
		return p.tarList(ctx, opts)
	case !opts.has('c'):
		return p.fail("Needs -txc (see \"tar --help\")")
	case len(names) == 0:
		return p.fail("empty archive")
	}
	return p.tarCreate(ctx, opts, names)
}

func (p *process) tarCreate(ctx context.Context, opts options, names []string) int {
	out := io.Writer(p.stdout)
	if name := opts['f']; name != "" && name != "-" {
		f, err := p.h.tree.create(p.abs(name), 0o644)
		if err != nil {
			return p.fail("can't open '%s': %s", name, errnoOf(err))
		}
		defer f.Close()
		out = f
	}
	a := &archiver{p: p, w: tar.NewWriter(out), verbose: opts.has('v')}
	for _, name := range names {
		i, err := p.h.tree.lstat(p.abs(name))
		if err == nil {
			err = a.add(ctx, name, i)
		} else {
			a.failed = true
			p.complain("%s: %s", name, errnoOf(err))
			err = nil
		}
		switch {
		case errors.Is(err, errShortRead):
			return p.fail("%s", err)
		case err != nil:
			return 1
		}
	}
	if err := a.w.Close(); err != nil {
		return 1
	}
	if a.failed {
		return p.fail("had errors")
	}
	return 0
}

type archiver struct {
	p       *process
	w       *tar.Writer
	verbose bool
	failed  bool
}

// add writes one file and what is below it. An error ends the archive.
func (a *archiver) add(ctx context.Context, name string, i info) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if a.verbose {
		fmt.Fprintln(a.p.stderr, name)
	}
	h := &tar.Header{
		Name: strings.TrimLeft(name, "/"), Mode: int64(i.mode & modePerms), Uid: int(i.uid), Gid: int(i.gid),
		Uname: idName(i.uid), Gname: idName(i.gid), ModTime: i.mtime, Format: tar.FormatGNU, Typeflag: tar.TypeReg, Size: i.size,
	}
	switch {
	case i.isDir():
		h.Typeflag, h.Size = tar.TypeDir, 0
		h.Name = strings.TrimSuffix(h.Name, "/") + "/"
	case i.isLink():
		h.Typeflag, h.Size, h.Linkname = tar.TypeSymlink, 0, i.target
	case i.isFIFO():
		h.Typeflag, h.Size = tar.TypeFifo, 0
	default:
		return a.addFile(ctx, name, h)
	}
	if err := a.w.WriteHeader(h); err != nil {
		return err
	}
	if !i.isDir() {
		return nil
	}
	kids, err := a.p.h.tree.readDir(a.p.abs(name))
	if err != nil {
		a.failed = true
		a.p.complain("%s: %s", name, errnoOf(err))
		return nil
	}
	for _, kid := range kids {
		if err := a.add(ctx, strings.TrimSuffix(name, "/")+"/"+kid.name, kid); err != nil {
			return err
		}
	}
	return nil
}

func (a *archiver) addFile(ctx context.Context, name string, h *tar.Header) error {
	f, err := a.p.h.tree.open(a.p.abs(name))
	if err != nil {
		a.failed = true
		a.p.complain("can't open '%s': %s", name, errnoOf(err))
		return nil
	}
	defer f.Close()
	if err := a.w.WriteHeader(h); err != nil {
		return err
	}
	n, err := io.CopyN(a.w, contents(ctx, f), h.Size)
	if err == io.EOF && n < h.Size {
		return errShortRead
	}
	return err
}

func (p *process) tarList(ctx context.Context, opts options) int {
	name := opts['f']
	if name == "" {
		name = "-"
	}
	r, closer, err := p.input(ctx, name)
	if err != nil {
		return p.fail("can't open '%s': %s", name, errnoOf(err))
	}
	defer closer()
	for t := tar.NewReader(r); ; {
		h, err := t.Next()
		if err == io.EOF {
			return 0
		}
		if err != nil {
			return p.fail("bad header")
		}
		p.printf("%s\n", h.Name)
	}
}
