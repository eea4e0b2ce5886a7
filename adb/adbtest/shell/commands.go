package shell

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

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

// asksTerminal reports whether these are test's words for "is it a terminal".
func asksTerminal(args []string) bool {
	if args[0] == "[" && args[len(args)-1] == "]" {
		args = args[:len(args)-1]
	} else if args[0] != "test" {
		return false
	}
	return len(args) == 3 && args[1] == "-t" && args[2] != "" && strings.Trim(args[2], "0123456789") == ""
}

// testTerminal answers for the handset's terminal: the interpreter would look
// at the computer's files.
func (sh *shell) testTerminal(hc interp.HandlerContext, args []string) error {
	is := map[string]bool{"0": hc.Stdin == nil, "1": hc.Stdout == sh.stdout, "2": hc.Stderr == sh.stderr}
	if sh.term == nil || !is[args[2]] {
		return interp.ExitStatus(1)
	}
	return nil
}

// read reads a line of the shell's own input, which is not a file of the
// computer, and lets the interpreter's read split it.
func (sh *shell) read(ctx context.Context, hc interp.HandlerContext, args []string) error {
	var line []byte
	ended := true
	if sh.stdin != nil {
		line, ended = readLine(sh.stdin)
	}
	text := strings.TrimSuffix(strings.ReplaceAll(string(line), "\x00", ""), "\n")
	end := "END"
	for end == text {
		end += "_"
	}
	words := "read"
	for _, arg := range args {
		words += " '" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
	}
	err := hc.Builtin(ctx, []string{"eval", words + " <<'" + end + "'\n" + text + "\n" + end + "\n"})
	if err == nil && ended {
		return interp.ExitStatus(1)
	}
	return err
}

// checkLine refuses what the parser takes but the interpreter does not survive,
// or would reach for the computer to do: it panics on an assignment without a
// name, and makes FIFOs for process substitution, which mksh has not got.
func checkLine(file syntax.Node) error {
	var problem error
	syntax.Walk(file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Assign:
			if n.Name != nil && n.Name.Value == "" {
				problem = errors.New("syntax error: unexpected '='")
			}
		case *syntax.ProcSubst:
			problem = fmt.Errorf("syntax error: unexpected '%s'", n.Op)
		case *syntax.CoprocClause:
			problem = errors.New("syntax error: unexpected 'coproc'")
		}
		return problem == nil
	})
	return problem
}
