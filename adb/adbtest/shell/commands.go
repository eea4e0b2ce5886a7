package shell

import (
	"context"
	"fmt"
	"path"
	"strings"

	"preship/adb/adbtest/toybox"
	"preship/adb/adbtest/vfs"
)

// builtins are the commands that the shell itself has, besides those of the
// interpreter.
var builtins = map[string]func(ctx context.Context, sh *shell, p *toybox.Process) int{
	"cd": runCD, "command": runCommand, "trap": runTrap,
}

// runCD is reached by a cd that cannot work.
func runCD(_ context.Context, sh *shell, p *toybox.Process) int {
	full := path.Clean(p.Abs(strings.Join(p.Args[1:], " ")))
	fmt.Fprintf(p.Stderr, "%s: cd: %s: %s\n", toybox.Shell, full, vfs.ErrnoOf(sh.sys.Tree().Enter(full)))
	return 2
}

// runCommand runs a command, or with -v names it.
func runCommand(ctx context.Context, sh *shell, p *toybox.Process) int {
	opts, args, ok := p.Options("+v")
	if !ok || len(args) == 0 {
		return 0
	}
	if _, named := opts['v']; !named {
		return p.Sub(ctx, args, p.Stdin)
	}
	if _, ok := sh.sys.Lookup(args[0]); !ok {
		return 1
	}
	p.Printf("/system/bin/%s\n", path.Base(args[0]))
	return 0
}

// Sh runs a line in a shell of its own.
func Sh(ctx context.Context, sys System, p *toybox.Process) int {
	opts, args, ok := p.Options("+c:")
	if !ok {
		return 1
	}
	line, given := opts['c']
	if !given {
		if len(args) > 0 {
			return p.Fail("%s: No such file or directory", args[0])
		}
		return 0
	}
	return Run(ctx, sys, line, IO{Stdin: p.Stdin, Stdout: p.Direct(), Stderr: p.Stderr})
}
