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

// Sh is the program sh: it runs the line of -c, a file, or with -s or without either
// what its input holds.
func Sh(ctx context.Context, sys System, p *toybox.Process) int {
	opts, args, ok := p.Options("+c:isex")
	if !ok {
		return 1
	}
	script := Script{Name: p.Args[0], Dir: path.Clean(p.Abs(".")), Env: p.Env}
	for _, letter := range []byte("ex") {
		if _, given := opts[letter]; given {
			script.Flags = append(script.Flags, "-"+string(letter))
		}
	}
	if len(args) > 0 && args[0] == "-" {
		args = args[1:]
	}
	line, isLine := opts['c']
	_, isInput := opts['s']
	if isLine {
		script.Source = strings.NewReader(line)
	}
	if len(args) > 0 && !isInput {
		script.Name, args = args[0], args[1:]
		if !isLine {
			f, err := sys.Tree().Open(p.Abs(script.Name))
			if err != nil {
				_ = p.Fail("%s: %s", script.Name, vfs.ErrnoOf(err))
				return toybox.ExitNotFound
			}
			defer f.Close()
			script.Source = vfs.NewReader(ctx, f, 0)
		}
	}
	script.Args = args
	return RunScript(ctx, sys, script, IO{Stdin: p.Stdin, Stdout: p.Direct(), Stderr: p.Stderr})
}
