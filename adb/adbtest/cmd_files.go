package adbtest

import (
	"context"
	"strings"
)

func runMkdir(_ context.Context, p *process) int {
	opts, args, ok := p.options("p")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	code := 0
	for _, arg := range args {
		for _, folder := range toMake(arg, opts.has('p')) {
			err := p.h.tree.mkdir(p.abs(folder), newFolderMode)
			if i, e := p.h.tree.stat(p.abs(folder)); err != nil && opts.has('p') && e == nil {
				if i.isDir() {
					continue
				}
				err = pathError("mkdir", folder, eNOTDIR)
			}
			if err != nil {
				code = p.fail("'%s': %s", arg, errnoOf(err))
				break
			}
		}
	}
	return code
}

// toMake is a folder, behind those above it if they are to be made too.
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

func runRm(ctx context.Context, p *process) int {
	opts, args, ok := p.options("frR")
	if !ok || len(args) == 0 && !opts.has('f') && !p.needs(args, 1) {
		return 1
	}
	code := 0
	for _, arg := range args {
		switch strings.TrimRight(arg, "/") {
		case ".", "..", "": // toybox passes over them without a word
			continue
		}
		i, err := p.h.tree.lstat(p.abs(strings.TrimRight(arg, "/")))
		switch {
		case err != nil:
			if !opts.has('f') || errnoOf(err) != eNOENT {
				code = p.fail("%s: %s", arg, errnoOf(err))
			}
		case strings.HasSuffix(arg, "/") && i.isLink():
		case i.isDir() && !opts.any("rR"):
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
			code = max(code, p.removeAll(ctx, strings.TrimSuffix(name, "/")+"/"+kid.name, kid))
		}
	}
	if code != 0 {
		return code
	}
	if err := p.h.tree.remove(p.abs(name)); err != nil {
		return p.fail("%s: %s", name, errnoOf(err))
	}
	return 0
}
