package toybox

import (
	"context"
	"strconv"
	"strings"

	"preship/adb/adbtest/vfs"
)

func runMkdir(_ context.Context, p *Process) int {
	opts, args, ok := p.Options("p")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	code := 0
	for _, arg := range args {
		for _, folder := range toMake(arg, opts.has('p')) {
			err := p.sys.Tree().Mkdir(p.Abs(folder), vfs.NewFolderMode)
			if i, e := p.sys.Tree().Stat(p.Abs(folder)); err != nil && opts.has('p') && e == nil {
				if i.IsDir() {
					continue
				}
				err = vfs.PathError("mkdir", folder, vfs.ENOTDIR)
			}
			if err != nil {
				code = p.Fail("'%s': %s", arg, vfs.ErrnoOf(err))
				break
			}
		}
	}
	return code
}

// toMake returns a folder, behind those above it if they are to be made too.
func toMake(name string, parents bool) []string {
	if !parents {
		return []string{name}
	}
	var list []string
	for i := 1; i < len(name); i++ {
		if name[i] == '/' && name[i-1] != '/' {
			list = append(list, name[:i])
		}
	}
	return append(list, name)
}

func runRm(ctx context.Context, p *Process) int {
	opts, args, ok := p.Options("frR")
	if !ok || len(args) == 0 && !opts.has('f') && !p.needs(args, 1) {
		return 1
	}
	code := 0
	for _, arg := range args {
		switch strings.TrimRight(arg, "/") {
		case ".", "..", "": // toybox passes over them without a word
			continue
		}
		i, err := p.sys.Tree().Lstat(p.Abs(strings.TrimRight(arg, "/")))
		switch {
		case err != nil:
			if !opts.has('f') || vfs.ErrnoOf(err) != vfs.ENOENT {
				code = p.Fail("%s: %s", arg, vfs.ErrnoOf(err))
			}
		case strings.HasSuffix(arg, "/") && i.IsLink():
		case i.IsDir() && !opts.any("rR"):
			code = p.Fail("%s: %s", arg, vfs.EISDIR)
		default:
			code = max(code, p.removeAll(ctx, arg, i))
		}
	}
	return code
}

// runRmdir removes folders that are empty.
func runRmdir(_ context.Context, p *Process) int {
	_, args, ok := p.Options("")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	code := 0
	for _, arg := range args {
		i, err := p.sys.Tree().Lstat(p.Abs(arg))
		if err == nil && !i.IsDir() {
			err = vfs.ENOTDIR
		}
		if err == nil {
			err = p.sys.Tree().Remove(p.Abs(arg))
		}
		if err != nil {
			code = p.Fail("%s: %s", arg, vfs.ErrnoOf(err))
		}
	}
	return code
}

func (p *Process) removeAll(ctx context.Context, name string, i vfs.Info) int {
	code := 0
	if i.IsDir() {
		kids, err := p.sys.Tree().ReadDir(p.Abs(name))
		if err != nil {
			return p.Fail("%s: %s", name, vfs.ErrnoOf(err))
		}
		for _, kid := range kids {
			if ctx.Err() != nil {
				return 1
			}
			code = max(code, p.removeAll(ctx, strings.TrimSuffix(name, "/")+"/"+kid.Name, kid))
		}
	}
	if code != 0 {
		return code
	}
	if err := p.sys.Tree().Remove(p.Abs(name)); err != nil {
		return p.Fail("%s: %s", name, vfs.ErrnoOf(err))
	}
	return 0
}

// runTouch makes empty files, and gives those that are there the time of now.
func runTouch(_ context.Context, p *Process) int {
	_, args, ok := p.Options("")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	code := 0
	for _, name := range args {
		full, now := p.Abs(name), p.sys.Now()
		_, err := p.sys.Tree().Stat(full)
		if err == nil {
			err = p.sys.Tree().Chtimes(full, now, now, true)
		} else if vfs.ErrnoOf(err) == vfs.ENOENT {
			if w, e := p.sys.Tree().Create(full, vfs.NewFileMode); e != nil {
				err = e
			} else {
				err = w.Close()
			}
		}
		if err != nil {
			code = p.Fail("'%s': %s", name, vfs.ErrnoOf(err))
		}
	}
	return code
}

// changeMode applies a mode of chmod: octal, or clauses such as u+rwx,o-w.
func changeMode(spec string, mode uint32) (uint32, bool) {
	if n, err := strconv.ParseUint(spec, 8, 16); err == nil {
		return uint32(n), n <= vfs.ModePerms
	}
	for clause := range strings.SplitSeq(spec, ",") {
		letters := strings.TrimLeft(clause, "augo")
		who := clause[:len(clause)-len(letters)]
		if letters == "" || strings.Trim(letters[1:], "rwx") != "" {
			return mode, false
		}
		var bits, classes uint32
		for _, letter := range []byte(letters[1:]) {
			bits |= map[byte]uint32{'r': 0o444, 'w': 0o222, 'x': 0o111}[letter]
		}
		for letter, class := range map[string]uint32{"u": 0o700, "g": 0o070, "o": 0o007} {
			if who == "" || strings.ContainsAny(who, "a"+letter) {
				classes |= class
			}
		}
		switch letters[0] {
		case '+':
			mode |= bits & classes
		case '-':
			mode &^= bits & classes
		case '=':
			mode = mode&^classes | bits&classes
		default:
			return mode, false
		}
	}
	return mode, true
}

// runChmod is toybox chmod, one file or folder at a time. It takes no options,
// since a mode may begin with a dash.
func runChmod(_ context.Context, p *Process) int {
	args := p.Args[1:]
	if len(args) < 2 {
		return p.Fail("Need 2 arguments (see \"chmod --help\")")
	}
	if rest, dash := strings.CutPrefix(args[0], "-"); dash && strings.Trim(rest, "rwx") != "" {
		return p.Fail("Unknown option '%s' (see \"chmod --help\")", rest)
	}
	if _, ok := changeMode(args[0], 0); !ok {
		return p.Fail("bad mode '%s'", args[0])
	}
	code := 0
	for _, name := range args[1:] {
		i, err := p.sys.Tree().Stat(p.Abs(name))
		if err != nil {
			code = p.Fail("%s: %s", name, vfs.ErrnoOf(err))
			continue
		}
		mode, _ := changeMode(args[0], i.Mode&vfs.ModePerms)
		if err := p.sys.Tree().Chmod(p.Abs(name), mode); err != nil {
			code = p.Fail("chmod '%s' to %04o: %s", name, mode, vfs.ErrnoOf(err))
		}
	}
	return code
}
