package adbtest

import (
	"context"
	"fmt"
)

// runTTY names the terminal of standard input, of which there is but one.
func runTTY(_ context.Context, p *process) int {
	opts, _, ok := p.options("s")
	switch {
	case !ok:
		return 2
	case p.sh.term != nil && p.stdin == p.sh.stdin:
		if !opts.has('s') {
			p.printf("/dev/pts/0\n")
		}
		return 0
	case !opts.has('s'):
		p.printf("not a tty\n")
	}
	return 1
}

// runStty tells the size of the terminal, and takes settings without effect.
func runStty(_ context.Context, p *process) int {
	if p.sh.term == nil || p.stdin != p.sh.stdin {
		return p.fail("tcgetattr: Not a typewriter")
	}
	rows, cols := p.sh.term.size()
	switch {
	case len(p.args) == 1:
		p.printf("speed 38400 baud; rows %d; columns %d;\n", rows, cols)
	case p.args[1] == "size":
		p.printf("%d %d\n", rows, cols)
	}
	return 0
}

// runRemount makes the system writable, for whoever is root on a build for
// developers; others have no such command.
func runRemount(_ context.Context, p *process) int {
	if !p.h.isRoot() {
		fmt.Fprintln(p.stderr, "Not running as root. Try \"adb root\" first.")
		return 1
	}
	p.printf("Remount succeeded\n")
	return 0
}
