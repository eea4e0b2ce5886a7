package toybox

import (
	"context"
	"path"
	"strings"

	"preship/adb/adbtest/vfs"
)

// destination returns the files to act on and where mv and ln put them: the
// last argument, which is a folder if there are several files. ok is false once
// it has complained.
func (p *Process) destination(args []string) (from []string, last string, folder, ok bool) {
	if len(args) < 2 {
		p.complain("Needs 2 arguments")
		return nil, "", false, false
	}
	from, last = args[:len(args)-1], args[len(args)-1]
	i, err := p.sys.Tree().Stat(p.Abs(last))
	folder = err == nil && i.IsDir()
	if !folder && len(from) > 1 {
		p.complain("'%s' not directory", last)
		return nil, "", false, false
	}
	return from, last, folder, true
}

// landing returns the new name of one file: in the folder, else the last argument.
func landing(last, from string, folder bool) string {
	if folder {
		return strings.TrimSuffix(last, "/") + "/" + path.Base(from)
	}
	return last
}

func runMv(_ context.Context, p *Process) int {
	_, args, ok := p.Options("f")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	from, last, folder, ok := p.destination(args)
	if !ok {
		return 1
	}
	code := 0
	for _, name := range from {
		if err := p.sys.Tree().Rename(p.Abs(name), p.Abs(landing(last, name, folder))); err != nil {
			code = p.Fail("bad '%s': %s", name, vfs.ErrnoOf(err))
		}
	}
	return code
}

// runLn makes symbolic links, with -s. SELinux forbids the shell to make hard ones.
func runLn(_ context.Context, p *Process) int {
	opts, args, ok := p.Options("sf")
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
			_ = p.sys.Tree().Remove(p.Abs(to)) // if it cannot be removed, it is in the way below
		}
		kind, err := "hard", error(vfs.EACCES)
		if opts.has('s') {
			kind, err = "symbolic", p.sys.Tree().Symlink(name, p.Abs(to))
		} else if _, missing := p.sys.Tree().Lstat(p.Abs(name)); missing != nil {
			err = missing
		}
		if err != nil {
			code = p.Fail("cannot create %s link from '%s' to '%s': %s", kind, name, to, vfs.ErrnoOf(err))
		}
	}
	return code
}

// runReadlink prints the target of each link; with -f where it leads, the last name of
// which need not exist.
func runReadlink(_ context.Context, p *Process) int {
	opts, args, ok := p.Options("f")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	code := 0
	for _, arg := range args {
		target := ""
		if opts.has('f') {
			target, ok = p.leadsTo(arg)
		} else {
			i, err := p.sys.Tree().Lstat(p.Abs(arg))
			target, ok = i.Target, err == nil && i.IsLink()
		}
		if !ok {
			code = 1
			continue
		}
		p.Printf("%s\n", target)
	}
	return code
}

// leadsTo returns the path of a name without symbolic links, or the one that it would
// have. A link that leads to itself leads nowhere.
func (p *Process) leadsTo(name string) (string, bool) {
	full := p.Abs(name)
	if c, err := p.sys.Tree().Canonical(full); err == nil {
		return c, true
	}
	for links := 0; ; links++ {
		if links > vfs.MaxLinks {
			return "", false
		}
		i, err := p.sys.Tree().Lstat(full)
		if err != nil || !i.IsLink() {
			break
		}
		full = Absolute(path.Dir(path.Clean(full)), i.Target)
	}
	dir, base := path.Split(path.Clean(full))
	if above, err := p.sys.Tree().Canonical(dir); err == nil {
		return strings.TrimSuffix(above, "/") + "/" + base, true
	}
	return "", false
}
