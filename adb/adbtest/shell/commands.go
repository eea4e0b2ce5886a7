package shell

import (
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"preship/adb/adbtest/toybox"
	"preship/adb/adbtest/vfs"
)

// builtins are the commands that the shell itself has, besides those of the
// interpreter.
var builtins = map[string]func(ctx context.Context, sh *shell, p *toybox.Process) int{
	"cd": runCD, "pwd": runPWD, "trap": runTrap,
	"print": func(_ context.Context, _ *shell, p *toybox.Process) int { return toybox.RunPrint(p) },
}

// runPWD prints the folder, with -P the one without symbolic links.
func runPWD(_ context.Context, sh *shell, p *toybox.Process) int {
	dir := path.Clean(p.Abs("."))
	if real, err := sh.sys.Tree().Canonical(dir); err == nil && slices.Contains(p.Args, "-P") {
		dir = real
	}
	p.Printf("%s\n", dir)
	return 0
}

// runCD is reached by a cd that cannot work.
func runCD(_ context.Context, sh *shell, p *toybox.Process) int {
	full := path.Clean(p.Abs(strings.Join(p.Args[1:], " ")))
	fmt.Fprintf(p.Stderr, "%s: cd: %s: %s\n", toybox.Shell, full, vfs.ErrnoOf(sh.sys.Tree().Enter(full)))
	return 2
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

// ownTests are the words of test that ask for the shell's own state, at which the
// interpreter would look in the computer.
var ownTests = []string{"-t", "-O", "-G"}

// isOwnTest reports whether these are test's words with one of ownTests.
func isOwnTest(args []string) bool {
	return (args[0] == "[" || args[0] == "test") && slices.ContainsFunc(args[1:], func(arg string) bool { return slices.Contains(ownTests, arg) })
}

// test answers whether a number is the shell's terminal, or a file its own.
func (sh *shell) test(hc interp.HandlerContext, args []string) error {
	if args[0] == ours+"[" {
		args = args[:len(args)-1]
	}
	if len(args) != 3 || !slices.Contains(ownTests, args[1]) {
		fmt.Fprintf(hc.Stderr, "%s: test: unexpected operator/operand\n", toybox.Shell)
		return interp.ExitStatus(2)
	}
	who := sh.sys.Tree().Credential()
	i, err := sh.sys.Tree().Stat(toybox.Absolute(slashed(hc.Dir), args[2]))
	is := map[string]bool{"0": hc.Stdin == nil, "1": hc.Stdout == sh.stdout, "2": hc.Stderr == sh.stderr}
	if map[string]bool{"-t": sh.term != nil && is[args[2]], "-O": err == nil && i.UID == who.UID, "-G": err == nil && i.GID == who.GID}[args[1]] {
		return nil
	}
	return interp.ExitStatus(1)
}

// source runs a file in this shell, as a function: it may return, and has arguments.
func (sh *shell) source(ctx context.Context, hc interp.HandlerContext, args []string) error {
	if len(args) == 0 {
		fmt.Fprintf(hc.Stderr, "%s: .: missing argument\n", toybox.Shell)
		return interp.ExitStatus(1)
	}
	name := args[0]
	if !strings.Contains(name, "/") {
		name = "/system/bin/" + name
	}
	f, err := sh.sys.Tree().Open(toybox.Absolute(slashed(hc.Dir), name))
	if err != nil {
		fmt.Fprintf(hc.Stderr, "%s: .: %s: %s\n", toybox.Shell, args[0], vfs.ErrnoOf(err))
		return interp.ExitStatus(1)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(vfs.NewReader(ctx, f, 0), maxLine))
	if err != nil {
		return interp.ExitStatus(1)
	}
	call := "_preship_source"
	for _, arg := range args[1:] {
		call += " " + quote(arg)
	}
	return hc.Builtin(ctx, []string{"eval", ownText("_preship_source() { :\n" + string(text) + "\n}\n" + call)})
}

// ownScript reads a text as [prepare] has it.
func ownScript(text string) (*syntax.File, error) {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangMirBSDKorn)).Parse(strings.NewReader(text), toybox.Shell)
	if err == nil {
		err = prepare(file)
	}
	return file, err
}

// ownText is a text for eval as [prepare] has it, or the refusal of one.
func ownText(text string) string {
	file, err := ownScript(text)
	var b strings.Builder
	if err == nil {
		err = syntax.NewPrinter().Print(&b, file)
	}
	if err != nil {
		return "echo " + quote(toybox.Shell+": "+syntaxText(err)) + " >&2; (exit 1)"
	}
	return b.String()
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

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
		words += " " + quote(arg)
	}
	err := hc.Builtin(ctx, []string{"eval", words + " <<'" + end + "'\n" + text + "\n" + end + "\n"})
	if err == nil && ended {
		return interp.ExitStatus(1)
	}
	return err
}

// prepare makes $$, $PPID and $0 those of the handset's processes. It refuses what the
// parser takes but the interpreter does not survive, or would reach for the computer to
// do: it panics on an assignment without a name, and makes FIFOs for process
// substitution, which mksh has not got.
func prepare(node syntax.Node) error {
	unexpected := ""
	syntax.Walk(node, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.ParamExp:
			if n.Param != nil && ownNames[n.Param.Value] != "" {
				n.Param.Value = ownNames[n.Param.Value]
			}
		case *syntax.Assign:
			if n.Name != nil && n.Name.Value == "" {
				unexpected = "="
			}
		case *syntax.ProcSubst:
			unexpected = n.Op.String()
		case *syntax.UnaryTest: // looked up in the computer's list of users
			if n.Op == syntax.TsUsrOwn || n.Op == syntax.TsGrpOwn {
				unexpected = n.Op.String()
			}
		case *syntax.CoprocClause:
			unexpected = "coproc"
		}
		return unexpected == ""
	})
	if unexpected != "" {
		return fmt.Errorf("syntax error: unexpected '%s'", unexpected)
	}
	return nil
}
