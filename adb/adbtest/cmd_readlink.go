package adbtest

import (
	"context"
	"path"
	"strings"

	"preship/adb/adbtest/vfs"
)

func runReadlink(_ context.Context, p *process) int {
	opts, args, ok := p.options("ef")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	code := 0
	for _, arg := range args {
		target, ok := p.readlink(arg, opts)
		if !ok {
			code = 1
			continue
		}
		p.printf("%s\n", target)
	}
	return code
}

// readlink is where a link points; with -f where it leads, the last name of
// which need not exist; with -e it must.
func (p *process) readlink(name string, opts options) (string, bool) {
	if !opts.any("ef") {
		i, err := p.h.tree.Lstat(p.abs(name))
		return i.Target, err == nil && i.IsLink()
	}
	full, err := p.h.tree.Canonical(p.abs(name))
	if err == nil || opts.has('e') {
		return full, err == nil
	}
	return p.leadsTo(name)
}

// leadsTo is the path a name would have that does not exist. A link that leads to
// itself leads nowhere.
func (p *process) leadsTo(name string) (string, bool) {
	full := p.abs(name)
	for links := 0; ; links++ {
		if links > vfs.MaxLinks {
			return "", false
		}
		i, err := p.h.tree.Lstat(full)
		if err != nil || !i.IsLink() {
			break
		}
		full = absolute(path.Dir(path.Clean(full)), i.Target)
	}
	dir, base := path.Split(path.Clean(full))
	if above, err := p.h.tree.Canonical(dir); err == nil {
		return strings.TrimSuffix(above, "/") + "/" + base, true
	}
	return "", false
}
