package toybox

import (
	"context"
	"path"
	"strings"

	"preship/adb/adbtest/vfs"
)

func runReadlink(_ context.Context, p *Process) int {
	opts, args, ok := p.Options("ef")
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
		p.Printf("%s\n", target)
	}
	return code
}

// readlink returns the target of a link; with -f where it leads, the last name of
// which need not exist; with -e it must.
func (p *Process) readlink(name string, opts Letters) (string, bool) {
	if !opts.any("ef") {
		i, err := p.sys.Tree().Lstat(p.Abs(name))
		return i.Target, err == nil && i.IsLink()
	}
	full, err := p.sys.Tree().Canonical(p.Abs(name))
	if err == nil || opts.has('e') {
		return full, err == nil
	}
	return p.leadsTo(name)
}

// leadsTo returns the path a name would have that does not exist. A link that leads to
// itself leads nowhere.
func (p *Process) leadsTo(name string) (string, bool) {
	full := p.Abs(name)
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
