package adbtest

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
)

// lentGroup, media_rw, is lent by FUSE and not one of the shell's groups.
const lentGroup = 1023

func runID(_ context.Context, p *process) int {
	opts, _, ok := p.options("nGgruZ")
	if !ok {
		return 1
	}
	c := p.h.tree.who()
	switch {
	case opts.has('u') && opts.has('n'):
		p.printf("%s\n", idName(c.uid))
	case opts.has('u'):
		p.printf("%d\n", c.uid)
	case opts.has('g') && opts.has('n'):
		p.printf("%s\n", idName(c.gid))
	case opts.has('g'):
		p.printf("%d\n", c.gid)
	case opts.has('G'):
		list := []string{fmt.Sprint(c.gid)}
		for _, g := range c.groups {
			if g != lentGroup {
				list = append(list, fmt.Sprint(g))
			}
		}
		p.printf("%s\n", strings.Join(list, " "))
	case opts.has('Z'):
		p.printf("%s\n", c.label())
	default:
		groups := []string{fmt.Sprintf("%d(%s)", c.gid, idName(c.gid))}
		for _, g := range c.groups {
			if g != lentGroup {
				groups = append(groups, fmt.Sprintf("%d(%s)", g, idName(g)))
			}
		}
		p.printf("uid=%d(%s) gid=%d(%s) groups=%s context=%s\n", c.uid, idName(c.uid), c.gid, idName(c.gid), strings.Join(groups, ","), c.label())
	}
	return 0
}

func runWhoami(_ context.Context, p *process) int {
	p.printf("%s\n", idName(p.h.tree.who().uid))
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

func runUptime(_ context.Context, p *process) int {
	p.printf(" %s up 2 days,  3:04,  0 users,  load average: 1.24, 1.10, 0.98\n", p.local(p.h.now()).Format("15:04:05"))
	return 0
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

// runToybox runs an applet, or lists them.
func runToybox(ctx context.Context, p *process) int {
	switch {
	case len(p.args) == 1:
		p.printf("%s\n", strings.Join(p.h.applets(), " "))
		return 0
	case p.args[1] == "--version":
		p.printf("toybox %s\n", p.h.toyboxVersion())
		return 0
	}
	if c, ok := p.h.lookup(p.args[1]); !ok || !c.toybox {
		p.complain("Unknown command %s (see \"toybox --help\")", p.args[1])
		return exitNotFound
	}
	return p.sub(ctx, slices.Clone(p.args[1:]), p.stdin)
}

func (h *Handset) applets() []string {
	var names []string
	for name, c := range h.commands {
		if c.toybox && name != "toybox" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// toyboxVersions is what AOSP's shell_and_utilities/README.md lists.
var toyboxVersions = map[int]string{
	26: "0.7.3", 27: "0.7.3", 28: "0.7.6", 29: "0.8.0", 30: "0.8.3", 31: "0.8.4", 32: "0.8.4", 33: "0.8.6", 34: "0.8.9", 35: "0.8.11", 36: "0.8.12",
}

func (h *Handset) toyboxVersion() string {
	if v, ok := toyboxVersions[h.sdk()]; ok {
		return v
	}
	return "0.7.0"
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

func runCommandBuiltin(ctx context.Context, p *process) int {
	opts, args, ok := p.options("+vVp")
	if !ok || len(args) == 0 {
		return 0
	}
	if !opts.has('v') && !opts.has('V') {
		return p.sub(ctx, args, p.stdin)
	}
	if _, ok := p.h.lookup(args[0]); !ok {
		return 1
	}
	p.printf("/system/bin/%s\n", path.Base(args[0]))
	return 0
}

func runType(_ context.Context, p *process) int {
	code := 0
	for _, arg := range p.args[1:] {
		if _, ok := p.h.lookup(arg); !ok {
			p.printf("%s not found\n", arg)
			code = 1
			continue
		}
		p.printf("%s is a tracked alias for /system/bin/%s\n", arg, path.Base(arg))
	}
	return code
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

func runWm(_ context.Context, p *process) int {
	switch strings.Join(p.args[1:], " ") {
	case "size":
		p.printf("Physical size: 1080x2400\n")
	case "density":
		p.printf("Physical density: 440\n")
	default:
		fmt.Fprintln(p.stderr, "Window manager (window) commands:\n  help\n      Print this help text.")
		return 255
	}
	return 0
}
