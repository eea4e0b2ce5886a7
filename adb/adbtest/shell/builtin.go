package shell

import (
	"context"
	"strings"

	"mvdan.cc/sh/v3/interp"
)

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
