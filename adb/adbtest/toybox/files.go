package toybox

import (
	"context"
	"path"
	"regexp"
	"strconv"
	"strings"

	"preship/adb/adbtest/vfs"
)

func runMkdir(_ context.Context, p *Process) int {
	mkdir := p.sys.Tree().Mkdir
	if p.opts.has('p') {
		mkdir = p.sys.Tree().MkdirAll
	}
	return p.each("'%s': %s", func(name string) error { return mkdir(p.Abs(name), vfs.NewFolderMode) })
}

func runRm(ctx context.Context, p *Process) int {
	force := p.opts.has('f')
	if !force && !p.needs(1) {
		return 1
	}
	inside := 0
	code := p.each("%s: %s", func(name string) error {
		bare := strings.TrimRight(name, "/")
		switch bare {
		case ".", "..", "": // toybox passes over them without a word
			return nil
		}
		i, err := p.sys.Tree().Lstat(p.Abs(bare))
		switch {
		case force && vfs.ErrnoOf(err) == vfs.ENOENT, err == nil && bare != name && i.IsLink():
			return nil
		case err == nil && i.IsDir() && !p.opts.has('r') && !p.opts.has('R'):
			return vfs.EISDIR
		case err == nil:
			inside = max(inside, p.removeAll(ctx, name, i))
		}
		return err
	})
	return max(code, inside)
}

func (p *Process) removeAll(ctx context.Context, name string, i vfs.Info) (code int) {
	var kids []vfs.Info
	var err error
	if i.IsDir() {
		kids, err = p.sys.Tree().ReadDir(p.Abs(name))
	}
	for _, kid := range kids {
		if ctx.Err() != nil {
			return 1
		}
		code = max(code, p.removeAll(ctx, below(name, kid), kid))
	}
	if err == nil && code == 0 {
		err = p.sys.Tree().Remove(p.Abs(name))
	}
	if err != nil {
		return p.Fail("%s: %s", name, vfs.ErrnoOf(err))
	}
	return code
}

// below returns the path of a file in a folder.
func below(folder string, kid vfs.Info) string {
	return strings.TrimSuffix(folder, "/") + "/" + kid.Name
}

// runRmdir removes folders that are empty.
func runRmdir(_ context.Context, p *Process) int {
	return p.each("%s: %s", func(name string) error {
		i, err := p.sys.Tree().Lstat(p.Abs(name))
		switch {
		case err != nil:
			return err
		case !i.IsDir():
			return vfs.ENOTDIR
		}
		return p.sys.Tree().Remove(p.Abs(name))
	})
}

// runTouch makes empty files, and gives those that are there the time of now.
func runTouch(_ context.Context, p *Process) int {
	return p.each("'%s': %s", func(name string) error {
		now := p.sys.Now()
		err := p.sys.Tree().Chtimes(p.Abs(name), now, now, true)
		if vfs.ErrnoOf(err) == vfs.ENOENT {
			return p.create(name, vfs.NewFileMode)
		}
		return err
	})
}

// modeBits are the bits of chmod's letters.
var modeBits = map[rune]uint32{'u': 0o700, 'g': 0o070, 'o': 0o007, 'a': 0o777, 'r': 0o444, 'w': 0o222, 'x': 0o111}

var modeClause = regexp.MustCompile(`^([augo]*)([-+=])([rwx]*)$`)

// changeMode applies a mode of chmod: octal, or clauses such as u+rwx,o-w.
func changeMode(spec string, mode uint32) (uint32, bool) {
	if n, err := strconv.ParseUint(spec, 8, 16); err == nil {
		return uint32(n), n <= vfs.ModePerms
	}
	for clause := range strings.SplitSeq(spec, ",") {
		m := modeClause.FindStringSubmatch(clause)
		if m == nil {
			return mode, false
		}
		var classes, bits uint32
		for _, letter := range m[1] {
			classes |= modeBits[letter]
		}
		if classes == 0 {
			classes = modeBits['a']
		}
		for _, letter := range m[3] {
			bits |= modeBits[letter] & classes
		}
		switch m[2] {
		case "+":
			mode |= bits
		case "-":
			mode &^= bits
		case "=":
			mode = mode&^classes | bits
		}
	}
	return mode, true
}

// runChmod is toybox chmod, one file or folder at a time. It takes no options,
// since a mode may begin with a dash.
func runChmod(_ context.Context, p *Process) int {
	if len(p.Args) < 3 {
		return p.Fail("Need 2 arguments (see \"chmod --help\")")
	}
	spec := p.Args[1]
	if rest, dash := strings.CutPrefix(spec, "-"); dash && strings.Trim(rest, "rwx") != "" {
		return p.Fail("Unknown option '%s' (see \"chmod --help\")", rest)
	}
	if _, ok := changeMode(spec, 0); !ok {
		return p.Fail("bad mode '%s'", spec)
	}
	code := 0
	for _, name := range p.Args[2:] {
		i, err := p.sys.Tree().Stat(p.Abs(name))
		if err != nil {
			code = p.Fail("%s: %s", name, vfs.ErrnoOf(err))
			continue
		}
		mode, _ := changeMode(spec, i.Mode&vfs.ModePerms)
		if err := p.sys.Tree().Chmod(p.Abs(name), mode); err != nil {
			code = p.Fail("chmod '%s' to %04o: %s", name, mode, vfs.ErrnoOf(err))
		}
	}
	return code
}

// destination takes the last argument, which is where mv and ln put the others, from
// them. It returns the new path of each: in it if it is a folder, else itself. ok is
// false once it has complained.
func (p *Process) destination() (landing func(name string) string, ok bool) {
	if len(p.names) < 2 {
		p.complain("Needs 2 arguments")
		return nil, false
	}
	last := p.names[len(p.names)-1]
	p.names = p.names[:len(p.names)-1]
	i, err := p.sys.Tree().Stat(p.Abs(last))
	switch {
	case err == nil && i.IsDir():
		return func(name string) string { return strings.TrimSuffix(last, "/") + "/" + path.Base(name) }, true
	case len(p.names) > 1:
		p.complain("'%s' not directory", last)
		return nil, false
	}
	return func(string) string { return last }, true
}

func runMv(_ context.Context, p *Process) int {
	landing, ok := p.destination()
	if !ok {
		return 1
	}
	return p.each("bad '%s': %s", func(name string) error {
		return p.sys.Tree().Rename(p.Abs(name), p.Abs(landing(name)))
	})
}

// runLn makes symbolic links, with -s. SELinux forbids the shell to make hard ones.
func runLn(_ context.Context, p *Process) int {
	if len(p.names) == 1 {
		p.names = append(p.names, path.Base(p.names[0]))
	}
	landing, ok := p.destination()
	if !ok {
		return 1
	}
	code := 0
	for _, name := range p.names {
		to, kind := landing(name), "hard"
		if p.opts.has('f') {
			_ = p.sys.Tree().Remove(p.Abs(to)) // if it cannot be removed, it is in the way below
		}
		_, err := p.sys.Tree().Lstat(p.Abs(name))
		switch {
		case p.opts.has('s'):
			kind, err = "symbolic", p.sys.Tree().Symlink(name, p.Abs(to))
		case err == nil:
			err = vfs.EACCES
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
	code := 0
	for _, name := range p.names {
		i, err := p.sys.Tree().Lstat(p.Abs(name))
		target, ok := i.Target, err == nil && i.IsLink()
		if p.opts.has('f') {
			target, err = p.sys.Tree().Canonical(p.Abs(name))
			ok = err == nil
		}
		if !ok {
			code = 1
			continue
		}
		p.Printf("%s\n", target)
	}
	return code
}
