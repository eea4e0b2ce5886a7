package adbtest

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"preship/adb/adbtest/vfs"
)

// lentGroup, media_rw, is lent by FUSE and not one of the shell's groups.
const lentGroup = 1023

// runID prints who the shell is: with -u the number, with -un the name.
func runID(_ context.Context, p *process) int {
	opts, _, ok := p.options("nu")
	if !ok {
		return 1
	}
	c := p.h.tree.Credential()
	switch {
	case opts.has('u') && opts.has('n'):
		p.printf("%s\n", vfs.IDName(c.UID))
	case opts.has('u'):
		p.printf("%d\n", c.UID)
	default:
		groups := []string{fmt.Sprintf("%d(%s)", c.GID, vfs.IDName(c.GID))}
		for _, g := range c.Groups {
			if g != lentGroup {
				groups = append(groups, fmt.Sprintf("%d(%s)", g, vfs.IDName(g)))
			}
		}
		p.printf("uid=%d(%s) gid=%d(%s) groups=%s context=%s\n", c.UID, vfs.IDName(c.UID), c.GID, vfs.IDName(c.GID), strings.Join(groups, ","), c.Label())
	}
	return 0
}

func runUname(_ context.Context, p *process) int {
	opts, _, ok := p.options("aomvrnsp")
	if !ok {
		return 1
	}
	fields := []struct {
		letter byte
		value  string
	}{
		{'s', "Linux"},
		{'n', "localhost"},
		{'r', "4.14.190-perf-g" + androidID(p.h.Serial(), 7)[:12]},
		{'v', "#1 SMP PREEMPT " + time.Unix(p.h.built(), 0).UTC().Format("Mon Jan 2 15:04:05 UTC 2006")},
		{'m', "aarch64"},
		{'o', "Toybox"},
	}
	var out []string
	for _, f := range fields {
		if opts.has('a') || opts.has(f.letter) || len(opts) == 0 && f.letter == 's' {
			out = append(out, f.value)
		}
	}
	p.printf("%s\n", strings.Join(out, " "))
	return 0
}

// built is when the OS was built, in seconds since 1970.
func (h *Handset) built() int64 {
	n, _ := count(h.prop("ro.build.date.utc"))
	return n
}

func runWhich(_ context.Context, p *process) int {
	_, args, ok := p.options("a")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	code := 0
	for _, arg := range args {
		if _, ok := p.h.lookup(arg); !ok {
			code = 1
			continue
		}
		p.printf("/system/bin/%s\n", path.Base(arg))
	}
	return code
}

// runSh runs a line in a shell of its own.
func runSh(ctx context.Context, p *process) int {
	opts, args, ok := p.options("+c:")
	if !ok {
		return 1
	}
	line, given := opts['c']
	if !given {
		if len(args) > 0 {
			return p.fail("%s: No such file or directory", args[0])
		}
		return 0
	}
	p.stdout.flush()
	return p.h.runShell(ctx, line, shellIO{stdin: p.stdin, stdout: p.stdout.under, stderr: p.stderr})
}

// runCommandBuiltin runs a command, or with -v names it.
func runCommandBuiltin(ctx context.Context, p *process) int {
	opts, args, ok := p.options("+v")
	if !ok || len(args) == 0 {
		return 0
	}
	if !opts.has('v') {
		return p.sub(ctx, args, p.stdin)
	}
	p.args = append(p.args[:1], args[:1]...)
	return runWhich(ctx, p)
}

func runReboot(_ context.Context, p *process) int {
	_, args, ok := p.options("p")
	if !ok {
		return 1
	}
	target := strings.Join(args, "")
	p.h.reboot(target)
	return 0
}
