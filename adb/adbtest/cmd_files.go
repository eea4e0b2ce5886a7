package adbtest

import (
	"context"
	"strings"
)

func runMkdir(_ context.Context, p *process) int {
	opts, args, ok := p.options("vpm:Z:", "parents=p")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	mode := p.sh.umask.folder()
	if opts.has('m') {
		if mode, ok = changeMode(opts['m'], 0o777, true, p.sh.umask.Load()); !ok {
			return p.fail("bad mode '%s'", opts['m'])
		}
	}
	code := 0
	for _, arg := range args {
		for _, folder := range toMake(arg, opts.has('p')) {
			err := p.h.tree.mkdir(p.abs(folder), mode)
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
			if opts.has('v') {
				p.complain("created directory '%s'", folder)
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

func runRmdir(_ context.Context, p *process) int {
	opts, args, ok := p.options("p\x01", "ignore-fail-on-non-empty=\x01")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	code := 0
	for _, arg := range args {
		for name := arg; name != ""; {
			i, err := p.h.tree.lstat(p.abs(name))
			switch {
			case err == nil && !i.isDir():
				err = pathError("rmdir", name, eNOTDIR)
			case err == nil:
				err = p.h.tree.remove(p.abs(name))
			}
			if err != nil {
				code = p.fail("%s: %s", name, errnoOf(err))
				break
			}
			if !opts.has('p') {
				break
			}
			name = strings.TrimRight(name[:max(0, strings.LastIndex(strings.TrimRight(name, "/"), "/"))], "/")
		}
	}
	return code
}

func runUnlink(_ context.Context, p *process) int {
	if !p.needs(p.args[1:], 1) {
		return 1
	}
	i, err := p.h.tree.lstat(p.abs(p.args[1]))
	switch {
	case err == nil && i.isDir():
		err = pathError("unlink", p.args[1], eISDIR)
	case err == nil:
		err = p.h.tree.remove(p.abs(p.args[1]))
	}
	if err != nil {
		return p.fail("couldn't unlink '%s': %s", p.args[1], errnoOf(err))
	}
	return 0
}

func runRm(ctx context.Context, p *process) int {
	opts, args, ok := p.options("firRv")
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
			code = max(code, p.removeAll(ctx, arg, i, opts))
		}
	}
	return code
}

func (p *process) removeAll(ctx context.Context, name string, i info, opts options) int {
	code, verb := 0, "rm"
	if i.isDir() {
		verb = "rmdir"
		kids, err := p.h.tree.readDir(p.abs(name))
		if err != nil {
			return p.fail("%s: %s", name, errnoOf(err))
		}
		for _, kid := range kids {
			if ctx.Err() != nil {
				return 1
			}
			code = max(code, p.removeAll(ctx, strings.TrimSuffix(name, "/")+"/"+kid.name, kid, opts))
		}
	}
	if opts.has('i') && !p.confirmed("rm %s", name) || code != 0 {
		return code
	}
	if err := p.h.tree.remove(p.abs(name)); err != nil {
		return p.fail("%s: %s", name, errnoOf(err))
	}
	if opts.has('v') {
		p.printf("%s '%s'\n", verb, name)
	}
	return 0
}

func runMkfifo(_ context.Context, p *process) int {
	_, args, ok := p.options("m:Z:")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	code := 0
	for _, arg := range args {
		if err := p.h.tree.mkfifo(p.abs(arg), p.sh.umask.file()); err != nil {
			code = p.fail("%s: %s", arg, errnoOf(err))
		}
	}
	return code
}
