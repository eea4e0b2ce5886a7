package adbtest

import (
	"context"
	"path"
	"strings"
)

// destination returns the files to act on and where mv and ln put them: the
// last argument, which is a folder if there are several files. ok is false once
// it has complained.
func (p *process) destination(args []string) (from []string, last string, folder, ok bool) {
	if len(args) < 2 {
		p.complain("Needs 2 arguments")
		return nil, "", false, false
	}
	from, last = args[:len(args)-1], args[len(args)-1]
	i, err := p.h.tree.Stat(p.abs(last))
	folder = err == nil && i.IsDir()
	if !folder && len(from) > 1 {
		p.complain("'%s' not directory", last)
		return nil, "", false, false
	}
	return from, last, folder, true
}

// landing is the new name of one file: in the folder, else the last argument.
func landing(last, from string, folder bool) string {
	if folder {
		return strings.TrimSuffix(last, "/") + "/" + path.Base(from)
	}
	return last
}

func runMv(_ context.Context, p *process) int {
	_, args, ok := p.options("f")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	from, last, folder, ok := p.destination(args)
	if !ok {
		return 1
	}
	code := 0
	for _, name := range from {
		if err := p.h.tree.Rename(p.abs(name), p.abs(landing(last, name, folder))); err != nil {
			code = p.fail("bad '%s': %s", name, errnoOf(err))
		}
	}
	return code
}

// runLn makes hard links, or with -s symbolic ones.
func runLn(_ context.Context, p *process) int {
	opts, args, ok := p.options("sf")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	if len(args) == 1 {
		args = append(args, path.Base(args[0]))
	}
	from, last, folder, ok := p.destination(args)
	if !ok {
		return 1
	}
	code := 0
	for _, name := range from {
		to := landing(last, name, folder)
		if opts.has('f') {
			_ = p.h.tree.Remove(p.abs(to)) // if it cannot be removed, it is in the way below
		}
		kind, err := "hard", error(nil)
		if opts.has('s') {
			kind, err = "symbolic", p.h.tree.Symlink(name, p.abs(to))
		} else {
			err = p.h.tree.Link(p.abs(name), p.abs(to))
		}
		if err != nil {
			code = p.fail("cannot create %s link from '%s' to '%s': %s", kind, name, to, errnoOf(err))
		}
	}
	return code
}
