package adbtest

import (
	"context"
	"io"
	"path"
	"strconv"
	"strings"
	"time"
)

// needs complains, in toybox's words, when there are fewer than n arguments.
func (p *process) needs(args []string, n int) bool {
	if len(args) >= n {
		return true
	}
	s := ""
	if n > 1 {
		s = "s"
	}
	p.complain("Needs %d argument%s (see \"%s --help\")", n, s, p.args[0])
	return false
}

func runMkdir(_ context.Context, p *process) int {
	opts, args, ok := p.options("vpm:Z:")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	mode := uint32(0o777 &^ 0o022)
	if opts.has('m') {
		n, err := strconv.ParseUint(opts['m'], 8, 16)
		if err != nil {
			return p.fail("bad mode '%s'", opts['m'])
		}
		mode = uint32(n)
	}
	code := 0
	for _, arg := range args {
		make := p.h.tree.mkdir
		if opts.has('p') {
			make = p.h.tree.mkdirAll
		}
		if err := make(p.abs(arg), mode); err != nil {
			code = p.fail("'%s': %s", arg, errnoOf(err))
		}
	}
	return code
}

func runRmdir(_ context.Context, p *process) int {
	_, args, ok := p.options("p")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	code := 0
	for _, arg := range args {
		i, err := p.h.tree.lstat(p.abs(arg))
		switch {
		case err == nil && !i.isDir():
			code = p.fail("%s: %s", arg, eNOTDIR)
			continue
		case err == nil:
			err = p.h.tree.remove(p.abs(arg))
		}
		if err != nil {
			code = p.fail("%s: %s", arg, errnoOf(err))
		}
	}
	return code
}

func runRm(ctx context.Context, p *process) int {
	opts, args, ok := p.options("firRv")
	if !ok {
		return 1
	}
	if len(args) == 0 && !opts.has('f') && !p.needs(args, 1) {
		return 1
	}
	code := 0
	for _, arg := range args {
		i, err := p.h.tree.lstat(p.abs(arg))
		switch {
		case err != nil:
			if !opts.has('f') || errnoOf(err) != eNOENT {
				code = p.fail("%s: %s", arg, errnoOf(err))
			}
		case i.isDir() && !opts.has('r') && !opts.has('R'):
			code = p.fail("%s: %s", arg, eISDIR)
		default:
			code = max(code, p.removeAll(ctx, arg, i))
		}
	}
	return code
}

func (p *process) removeAll(ctx context.Context, name string, i info) int {
	code := 0
	if i.isDir() {
		kids, err := p.h.tree.readDir(p.abs(name))
		if err != nil {
			return p.fail("%s: %s", name, errnoOf(err))
		}
		for _, kid := range kids {
			if ctx.Err() != nil {
				return 1
			}
			code = max(code, p.removeAll(ctx, name+"/"+kid.name, kid))
		}
	}
	if err := p.h.tree.remove(p.abs(name)); err != nil && code == 0 {
		code = p.fail("%s: %s", name, errnoOf(err))
	}
	return code
}

// target is where cp and mv put a file: into the last argument if that is a
// folder, else under its name.
func (p *process) target(last, from string) string {
	if i, err := p.h.tree.stat(p.abs(last)); err == nil && i.isDir() {
		return strings.TrimSuffix(last, "/") + "/" + path.Base(from)
	}
	return last
}

func runCp(ctx context.Context, p *process) int {
	opts, args, ok := p.options("adDfFHiLlnpPrRsTvu")
	if !ok || !p.needs(args, 2) {
		return 1
	}
	last := args[len(args)-1]
	code := 0
	for _, from := range args[:len(args)-1] {
		code = max(code, p.copy(ctx, from, p.target(last, from), opts))
	}
	return code
}

func (p *process) copy(ctx context.Context, from, to string, opts options) int {
	i, err := p.h.tree.stat(p.abs(from))
	if err != nil {
		return p.fail("bad '%s': %s", from, errnoOf(err))
	}
	code := 0
	if !i.isDir() {
		code = p.copyFile(ctx, from, to, i)
	} else if code = p.copyFolder(ctx, from, to, opts); code != 0 {
		return code
	}
	if code == 0 && (opts.has('p') || opts.has('a')) {
		_ = p.h.tree.chtimes(p.abs(to), i.atime, i.mtime) // as cp -p: what cannot be kept is not
	}
	return code
}

func (p *process) copyFolder(ctx context.Context, from, to string, opts options) int {
	if !opts.has('r') && !opts.has('R') && !opts.has('a') {
		return p.fail("Skipped dir '%s': %s", to, eNOENT)
	}
	kids, err := p.h.tree.readDir(p.abs(from))
	if err == nil {
		err = p.h.tree.mkdirAll(p.abs(to), 0o755)
	}
	if err != nil {
		return p.fail("bad '%s': %s", from, errnoOf(err))
	}
	code := 0
	for _, kid := range kids {
		code = max(code, p.copy(ctx, from+"/"+kid.name, to+"/"+kid.name, opts))
	}
	return code
}

func (p *process) copyFile(ctx context.Context, from, to string, i info) int {
	f, err := p.h.tree.open(p.abs(from))
	if err != nil {
		return p.fail("bad '%s': %s", from, errnoOf(err))
	}
	defer f.Close()
	w, err := p.h.tree.create(p.abs(to), i.mode&modePerms)
	if err != nil {
		return p.fail("%s: %s", to, errnoOf(err))
	}
	if _, err := io.Copy(w, contents(ctx, f)); err != nil {
		return p.fail("%s: %s", to, errnoOf(err))
	}
	return 0
}

func runMv(_ context.Context, p *process) int {
	_, args, ok := p.options("finTvu")
	if !ok || !p.needs(args, 2) {
		return 1
	}
	last := args[len(args)-1]
	code := 0
	for _, from := range args[:len(args)-1] {
		if err := p.h.tree.rename(p.abs(from), p.abs(p.target(last, from))); err != nil {
			code = p.fail("bad '%s': %s", from, errnoOf(err))
		}
	}
	return code
}

func runLn(_ context.Context, p *process) int {
	opts, args, ok := p.options("sfnvrt:T")
	if !ok || !p.needs(args, 2) {
		return 1
	}
	if !opts.has('s') {
		return p.fail("cannot create hard link from '%s' to '%s': %s", args[0], args[1], ePERM)
	}
	if err := p.h.tree.symlink(args[0], p.abs(p.target(args[1], args[0]))); err != nil {
		return p.fail("cannot create symbolic link from '%s' to '%s': %s", args[0], args[1], errnoOf(err))
	}
	return 0
}

// touchLayouts are the forms of a date that touch -d takes.
var touchLayouts = []string{"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04:05", "2006-01-02 15:04:05.999999999", "2006-01-02"}

func (p *process) date(s string) (time.Time, bool) {
	if sec, ok := strings.CutPrefix(s, "@"); ok {
		n, err := strconv.ParseInt(sec, 10, 64)
		return time.Unix(n, 0), err == nil
	}
	for _, layout := range touchLayouts {
		if t, err := time.ParseInLocation(layout, s, p.h.zone()); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func runTouch(_ context.Context, p *process) int {
	opts, args, ok := p.options("acmd:t:r:h")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	at := p.h.now()
	if opts.has('d') {
		if at, ok = p.date(opts['d']); !ok {
			return p.fail("bad '%s'", opts['d'])
		}
	}
	if opts.has('r') {
		i, err := p.h.tree.stat(p.abs(opts['r']))
		if err != nil {
			return p.fail("'%s': %s", opts['r'], errnoOf(err))
		}
		at = i.mtime
	}
	code := 0
	for _, arg := range args {
		err := p.h.tree.chtimes(p.abs(arg), at, at)
		if err != nil && errnoOf(err) == eNOENT && !opts.has('c') {
			var w io.WriteCloser
			if w, err = p.h.tree.create(p.abs(arg), 0o644); err == nil {
				_ = w.Close()
				err = p.h.tree.chtimes(p.abs(arg), at, at)
			}
		}
		if err != nil && !opts.has('c') {
			code = p.fail("'%s': %s", arg, errnoOf(err))
		}
	}
	return code
}

// runChmod takes octal modes alone.
func runChmod(_ context.Context, p *process) int {
	_, args, ok := p.options("+Rvf")
	if !ok || !p.needs(args, 2) {
		return 1
	}
	mode, err := strconv.ParseUint(args[0], 8, 16)
	if err != nil {
		return p.fail("bad mode '%s'", args[0])
	}
	code := 0
	for _, arg := range args[1:] {
		if err := p.h.tree.chmod(p.abs(arg), uint32(mode)); err != nil {
			code = p.fail("chmod '%s' to %04o: %s", arg, mode, errnoOf(err))
		}
	}
	return code
}
