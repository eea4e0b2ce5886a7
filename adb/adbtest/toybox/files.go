package toybox

import (
	"context"
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
