package toybox

import (
	"context"
	"fmt"
	"path"
	"strings"

	"preship/adb/adbtest/vfs"
)

// lentGroup, media_rw, is lent by FUSE and not one of the shell's groups.
const lentGroup = 1023

// runID prints who the shell is: with -u the number, with -un the name.
func runID(_ context.Context, p *Process) int {
	opts, _, ok := p.Options("nu")
	if !ok {
		return 1
	}
	c := p.sys.Tree().Credential()
	switch {
	case opts.has('u') && opts.has('n'):
		p.Printf("%s\n", vfs.IDName(c.UID))
	case opts.has('u'):
		p.Printf("%d\n", c.UID)
	default:
		groups := []string{fmt.Sprintf("%d(%s)", c.GID, vfs.IDName(c.GID))}
		for _, g := range c.Groups {
			if g != lentGroup {
				groups = append(groups, fmt.Sprintf("%d(%s)", g, vfs.IDName(g)))
			}
		}
		p.Printf("uid=%d(%s) gid=%d(%s) groups=%s context=%s\n", c.UID, vfs.IDName(c.UID), c.GID, vfs.IDName(c.GID), strings.Join(groups, ","), c.Label())
	}
	return 0
}

func runUname(_ context.Context, p *Process) int {
	opts, _, ok := p.Options("aomvrnsp")
	if !ok {
		return 1
	}
	release, version := p.sys.Kernel()
	fields := []struct {
		letter byte
		value  string
	}{
		{'s', "Linux"},
		{'n', "localhost"},
		{'r', release},
		{'v', version},
		{'m', "aarch64"},
		{'o', "Toybox"},
	}
	var out []string
	for _, f := range fields {
		if opts.has('a') || opts.has(f.letter) || len(opts) == 0 && f.letter == 's' {
			out = append(out, f.value)
		}
	}
	p.Printf("%s\n", strings.Join(out, " "))
	return 0
}

func runWhich(_ context.Context, p *Process) int {
	_, args, ok := p.Options("a")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	code := 0
	for _, arg := range args {
		if _, ok := p.sys.Lookup(arg); !ok {
			code = 1
			continue
		}
		p.Printf("/system/bin/%s\n", path.Base(arg))
	}
	return code
}
