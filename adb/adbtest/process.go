package adbtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"preship/adb/adbtest/vfs"
)

// program is what a command does. It returns the exit status.
type program func(ctx context.Context, p *process) int

// command is one row of the table of what a handset has installed.
type command struct {
	run     program
	builtin bool // of the shell
	since   int  // first API level, 0 for any
}

// process is one running command.
type process struct {
	h      *Handset
	sh     *shell
	args   []string // args[0] is the command's own name
	dir    string
	stdin  io.Reader
	stdout *output
	stderr io.Writer
}

// output is a command's standard output: buffered, and remembering that a write
// failed.
type output struct {
	*bufio.Writer
	under io.Writer
	err   error
}

const outputBuffer = 4 << 10

func newOutput(w io.Writer) *output {
	return &output{Writer: bufio.NewWriterSize(w, outputBuffer), under: w}
}

// flush sends what is buffered. It is false once nobody reads any more.
func (o *output) flush() bool {
	if err := o.Flush(); err != nil {
		o.err = err
	}
	return o.err == nil
}

// run finds the command and runs it.
func (p *process) run(ctx context.Context) int {
	name := p.args[0]
	c, ok := p.h.lookup(name)
	if !ok {
		return p.notFound()
	}
	p.args[0] = path.Base(name)
	if t, ok := p.h.troubles.output(p.args[0]); ok {
		return p.babble(ctx, t.Bytes)
	}
	code := c.run(ctx, p)
	p.stdout.flush()
	return code
}

// lookup finds a command by its name or by its path in /system/bin.
func (h *Handset) lookup(name string) (command, bool) {
	if dir, base := path.Split(name); dir != "" {
		if path.Clean(dir) != "/system/bin" && path.Clean(dir) != "/bin" {
			return command{}, false
		}
		name = base
	}
	c, ok := h.commands[name]
	return c, ok && c.since <= h.sdk()
}

// notFound words it as mksh on Android does: a file that is there but cannot be
// run is told apart.
func (p *process) notFound() int {
	name := p.args[0]
	if strings.Contains(name, "/") {
		if i, err := p.h.tree.Stat(p.abs(name)); err == nil {
			why := "can't execute: Permission denied"
			if i.IsDir() {
				why = "can't execute: Is a directory"
			}
			fmt.Fprintf(p.stderr, "%s: %s: %s\n", shellName, name, why)
			return 126
		}
	}
	fmt.Fprintf(p.stderr, "%s: %s: inaccessible or not found\n", shellName, name)
	return exitNotFound
}

// babble prints n bytes of nothing much.
func (p *process) babble(ctx context.Context, n int64) int {
	line := []byte(strings.Repeat("0123456789abcdef", 4)[:63] + "\n")
	for n > 0 && ctx.Err() == nil {
		m, err := p.stdout.Write(line[:min(n, int64(len(line)))])
		if err != nil {
			return 1
		}
		n -= int64(m)
	}
	p.stdout.flush()
	return 0
}

// sub runs another command with this one's standard streams.
func (p *process) sub(ctx context.Context, args []string, stdin io.Reader) int {
	p.stdout.flush()
	q := *p
	q.args, q.stdin, q.stdout = args, stdin, newOutput(p.stdout.under)
	code := q.run(ctx)
	if q.stdout.err != nil {
		p.stdout.err = q.stdout.err
	}
	return code
}

// abs is a path as this process sees it.
func (p *process) abs(name string) string { return absolute(p.dir, name) }

func (p *process) printf(format string, args ...any) { fmt.Fprintf(p.stdout, format, args...) }

// complain prints a message behind the command's name.
func (p *process) complain(format string, args ...any) {
	p.stdout.flush()
	fmt.Fprintf(p.stderr, p.args[0]+": "+format+"\n", args...)
}

// fail complains and is the exit status 1.
func (p *process) fail(format string, args ...any) int {
	p.complain(format, args...)
	return 1
}

// errnoOf is the error number in an error of the tree.
func errnoOf(err error) vfs.Errno {
	if e, ok := errors.AsType[vfs.Errno](err); ok {
		return e
	}
	return vfs.EIO
}

// input opens a file for reading, "-" being standard input. The returned
// function closes it.
func (p *process) input(ctx context.Context, name string) (io.Reader, func(), error) {
	if name == "-" {
		return p.stdin, func() {}, nil
	}
	f, err := p.h.tree.Open(p.abs(name))
	if err != nil {
		return nil, nil, err
	}
	return contents(ctx, f), func() { _ = f.Close() }, nil
}

// canonical is the path of name without symbolic links, or name itself when it
// leads nowhere.
func (p *process) canonical(name string) string {
	if c, err := p.h.tree.Canonical(p.abs(name)); err == nil {
		return c
	}
	return name
}
