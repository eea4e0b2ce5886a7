package adbtest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"path"
	"strings"
)

// destination is where cp, mv and ln put things: -t, or else the last argument,
// which must be a folder when there are several. ok is false once it has
// complained.
func (p *process) destination(opts options, args []string) (from []string, last string, folder, ok bool) {
	if opts.has('t') {
		from, last = args, opts['t']
	} else {
		if len(args) < 2 {
			p.complain("Needs 2 arguments")
			return nil, "", false, false
		}
		from, last = args[:len(args)-1], args[len(args)-1]
	}
	i, err := p.h.tree.stat(p.abs(last))
	folder = err == nil && i.isDir()
	switch {
	case folder && opts.has('T'):
		p.complain("'%s' is a directory", last)
		return nil, "", false, false
	case !folder && (len(from) > 1 || opts.any("tD")):
		p.complain("'%s' not directory", last)
		return nil, "", false, false
	}
	return from, last, folder, true
}

// landing is where cp and mv put one file: into the folder, else under its name.
func landing(last, from string, folder, whole bool) string {
	switch {
	case folder && whole:
		return strings.TrimSuffix(last, "/") + "/" + strings.TrimLeft(from, "/")
	case folder:
		return strings.TrimSuffix(last, "/") + "/" + path.Base(from)
	}
	return last
}

// confirmed asks the person at the keyboard; no answer is a no.
func (p *process) confirmed(question string, args ...any) bool {
	p.stdout.flush()
	fmt.Fprintf(p.stderr, question+" (y/N):", args...)
	answer, err := bufio.NewReaderSize(p.stdin, 16).ReadString('\n')
	if err != nil {
		fmt.Fprintln(p.stderr)
	}
	return strings.HasPrefix(strings.ToLower(answer), "y")
}

const cpSpec = "adDfFHiLlnpPrRsTt:vu"

func runCp(ctx context.Context, p *process) int {
	opts, args, ok := p.options(cpSpec, "parents=D", "preserve=p", "no-target-directory=T")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	if opts.has('a') {
		opts['r'], opts['p'], opts['d'] = "", "", ""
	}
	from, last, folder, ok := p.destination(opts, args)
	if !ok {
		return 1
	}
	code := 0
	for _, name := range from {
		to := landing(last, name, folder, opts.has('D'))
		if opts.has('D') && folder {
			if err := p.h.tree.mkdirAll(path.Dir(p.abs(to)), p.sh.umask.folder()); err != nil {
				code = p.fail("%s: %s", to, errnoOf(err))
				continue
			}
		}
		code = max(code, p.copy(ctx, name, to, opts))
	}
	return code
}

// keepsLink says whether a symbolic link is copied as one.
func keepsLink(opts options) bool { return opts.any("dP") && !opts.has('L') }

func (p *process) copy(ctx context.Context, from, to string, opts options) int {
	i, err := p.h.tree.statAs(p.abs(from), !keepsLink(opts))
	if err != nil {
		return p.fail("bad '%s': %s", from, errnoOf(err))
	}
	if i.isDir() && !opts.any("rR") {
		return p.fail("Skipped dir '%s': %s", to, eNOENT)
	}
	if done, code := p.copyChecked(from, to, i, opts); done {
		return code
	}
	if opts.has('v') {
		p.printf("cp '%s'\n", from)
	}
	code := 0
	switch {
	case i.isDir():
		code = p.copyFolder(ctx, from, to, i, opts)
	case opts.any("sl") || i.isLink():
		return p.copyLink(from, to, i, opts)
	default:
		code = p.copyFile(ctx, from, to, i)
	}
	if code == 0 && opts.has('p') {
		_ = p.h.tree.chtimes(p.abs(to), i.atime, i.mtime) // as cp -p: what cannot be kept is not
	}
	return code
}

// copyChecked answers what need not, or may not, be copied.
func (p *process) copyChecked(from, to string, i info, opts options) (done bool, code int) {
	there, err := p.h.tree.stat(p.abs(to))
	switch {
	case err != nil || i.isDir():
		return false, 0
	case there.ino == i.ino && there.dev == i.dev:
		return true, p.fail("'%s' is '%s'", to, from)
	case opts.has('n') || opts.has('u') && !i.mtime.After(there.mtime) && !i.mtime.Equal(there.mtime):
		return true, 0
	case opts.has('i') && !p.confirmed("cp: overwrite '%s'", from):
		return true, 0
	}
	return false, 0
}

func (p *process) copyFolder(ctx context.Context, from, to string, i info, opts options) int {
	kids, err := p.h.tree.readDir(p.abs(from))
	if err == nil {
		if err = p.h.tree.mkdir(p.abs(to), i.mode&modePerms&^p.sh.umask.Load()); errnoOf(err) == eEXIST {
			err = nil
		}
	}
	if err != nil {
		return p.fail("bad '%s': %s", from, errnoOf(err))
	}
	code := 0
	for _, kid := range kids {
		if ctx.Err() != nil {
			return 1
		}
		inner := opts
		if kid.isLink() && !opts.has('L') && !opts.has('d') {
			inner = options{'P': ""}
		}
		code = max(code, p.copy(ctx, strings.TrimSuffix(from, "/")+"/"+kid.name, to+"/"+kid.name, inner))
	}
	return code
}

// copyLink makes a link in place of a copy.
func (p *process) copyLink(from, to string, i info, opts options) int {
	var err error
	switch {
	case opts.has('l'):
		err = p.h.tree.link(p.abs(from), p.abs(to))
	case opts.has('s'):
		err = p.h.tree.symlink(from, p.abs(to))
	default:
		err = p.h.tree.symlink(i.target, p.abs(to))
	}
	if err != nil {
		return p.fail("%s: %s", to, errnoOf(err))
	}
	return 0
}

func (p *process) copyFile(ctx context.Context, from, to string, i info) int {
	f, err := p.h.tree.open(p.abs(from))
	if err != nil {
		return p.fail("bad '%s': %s", from, errnoOf(err))
	}
	defer f.Close()
	w, err := p.h.tree.create(p.abs(to), i.mode&modePerms&^p.sh.umask.Load())
	if err != nil {
		return p.fail("%s: %s", to, errnoOf(err))
	}
	if _, err := io.Copy(w, contents(ctx, f)); err != nil {
		return p.fail("%s: %s", to, errnoOf(err))
	}
	return 0
}

func runMv(_ context.Context, p *process) int {
	opts, args, ok := p.options("finTt:vux")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	from, last, folder, ok := p.destination(opts, args)
	if !ok {
		return 1
	}
	code := 0
	for _, name := range from {
		to := landing(last, name, folder, false)
		_, err := p.h.tree.lstat(p.abs(to))
		switch _, missing := p.h.tree.lstat(p.abs(name)); {
		case missing != nil:
		case err == nil && opts.has('n'):
			continue
		case err == nil && opts.has('i') && !opts.has('f') && !p.confirmed("mv: overwrite '%s'", to):
			continue
		}
		if err := p.h.tree.rename(p.abs(name), p.abs(to)); err != nil {
			code = p.fail("bad '%s': %s", name, errnoOf(err))
		}
	}
	return code
}

func runLn(_ context.Context, p *process) int {
	opts, args, ok := p.options("sfnvrt:T")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	if len(args) == 1 && !opts.has('t') {
		args = append(args, path.Base(args[0]))
	}
	from, last, folder, ok := p.destination(opts, args)
	if !ok {
		return 1
	}
	code := 0
	for _, name := range from {
		to := landing(last, name, folder && !opts.has('T'), false)
		if opts.has('f') {
			_ = p.h.tree.remove(p.abs(to)) // what cannot be removed is in the way below
		}
		kind, err := "hard", error(nil)
		if opts.any("sr") {
			kind = "symbolic"
			if opts.has('r') {
				name = relative(path.Dir(path.Clean(p.abs(to))), path.Clean(p.abs(name)))
			}
			err = p.h.tree.symlink(name, p.abs(to))
		} else {
			err = p.h.tree.link(p.abs(name), p.abs(to))
		}
		switch {
		case err != nil:
			code = p.fail("cannot create %s link from '%s' to '%s': %s", kind, name, to, errnoOf(err))
		case opts.has('v'):
			fmt.Fprintf(p.stderr, "'%s' -> '%s'\n", to, name)
		}
	}
	return code
}

// relative is the way from a folder to a path, both clean.
func relative(dir, to string) string {
	up := ""
	for !strings.HasPrefix(to+"/", strings.TrimSuffix(dir, "/")+"/") {
		dir = path.Dir(dir)
		up += "../"
	}
	return up + strings.TrimPrefix(strings.TrimPrefix(to, strings.TrimSuffix(dir, "/")), "/")
}
