package toybox

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"preship/adb/adbtest/vfs"
)

// Program runs a command and returns its exit status.
type Program func(ctx context.Context, p *Process) int

// System is the handset that processes run on.
type System interface {
	// Tree returns its files.
	Tree() *vfs.Tree
	// Now returns its time, in its time zone.
	Now() time.Time
	// Lookup finds a program by its name or its path.
	Lookup(name string) (Program, bool)
	// Processes lists the running processes, for ps.
	Processes() []Running
	// Mounts lists the mounted file systems, for df: "/" first.
	Mounts() []Mount
	// Dial connects to a port of the handset. ok is false if nothing listens there.
	Dial(ctx context.Context, port string) (conn io.ReadWriteCloser, ok bool)
	// Listen waits for one connection of a computer to a port. ok is false if the port is
	// taken, and conn is nil if ctx ended first.
	Listen(ctx context.Context, port string) (conn io.ReadWriteCloser, ok bool)
	// WrongHash reports whether the hash of a file comes out wrong.
	WrongHash(path string) bool
}

// Process is one running command.
type Process struct {
	Args   []string // Args[0] is the command's own name
	Stdin  io.Reader
	Stderr io.Writer
	Env    []string // exported variables, as NAME=value

	sys    System
	dir    string
	under  io.Writer     // standard output
	stdout *bufio.Writer // before it; once a write failed, all later ones do
	opts   Letters       // of a program of toybox
	names  []string      // its arguments besides them
}

// NewProcess makes a process of args that is not running yet, in the folder dir.
func NewProcess(sys System, args []string, dir string, stdin io.Reader, stdout, stderr io.Writer) *Process {
	return &Process{Args: args, Stdin: stdin, Stderr: stderr, sys: sys, dir: dir, under: stdout, stdout: bufio.NewWriter(stdout)}
}

// Exit statuses of a command that is not there, or that cannot be run.
const (
	ExitNotFound = 127
	exitNoExec   = 126
)

// Shell is the path of the shell, which begins its messages.
const Shell = "/system/bin/sh"

// Run finds the program and runs it. A file that may be run and is text is a script.
func (p *Process) Run(ctx context.Context) int {
	run, ok := p.sys.Lookup(p.Args[0])
	if !ok {
		if why, exit := p.refusal(); exit != 0 {
			p.Flush()
			fmt.Fprintf(p.Stderr, "%s: %s: %s\n", Shell, p.Args[0], why)
			return exit
		}
		p.Args = append([]string{"sh"}, p.Args...)
		run, _ = p.sys.Lookup("sh")
	}
	p.Args[0] = path.Base(p.Args[0])
	code := run(ctx, p)
	p.Flush()
	return code
}

// refusal says why a name that is no program's is no script's either, in the words of
// mksh on Android, with the exit status. The latter is 0 for a script.
func (p *Process) refusal() (why string, exit int) {
	name := p.Abs(p.Args[0])
	i, err := p.sys.Tree().Stat(name)
	switch {
	case err != nil || !strings.Contains(p.Args[0], "/"):
		return "inaccessible or not found", ExitNotFound
	case i.IsDir():
		return "can't execute: Is a directory", exitNoExec
	case i.IsRegular() && p.sys.Tree().May(name, vfs.WantExec) == nil:
		var head [64]byte
		if f, err := p.sys.Tree().Open(name); err == nil {
			n, _ := f.ReadAt(head[:], 0)
			_ = f.Close()
			if !bytes.ContainsRune(head[:n], 0) {
				return "", 0
			}
		}
	}
	return "can't execute: Permission denied", exitNoExec
}

// Sub runs another command in place of this one and returns its exit status.
func (p *Process) Sub(ctx context.Context, args []string, stdin io.Reader) int {
	q := *p
	q.Args, q.Stdin = args, stdin
	return q.Run(ctx)
}

// Absolute returns name seen from dir. It is not cleaned: only the
// tree knows the symbolic links that a ".." follows.
func Absolute(dir, name string) string {
	switch {
	case name == "":
		return ""
	case path.IsAbs(name):
		return name
	}
	return path.Clean("/"+dir) + "/" + name
}

// Abs returns a path as this process sees it.
func (p *Process) Abs(name string) string { return Absolute(p.dir, name) }

// Flush sends the buffer. It returns false once the reader is gone.
func (p *Process) Flush() bool { return p.stdout.Flush() == nil }

// Write prints bytes, which go out with the next Flush at the latest.
func (p *Process) Write(b []byte) (int, error) { return p.stdout.Write(b) }

// Direct sends the buffer and returns the standard output behind it.
func (p *Process) Direct() io.Writer {
	p.Flush()
	return p.under
}

// Printf prints to the standard output, by way of a buffer.
func (p *Process) Printf(format string, args ...any) { fmt.Fprintf(p.stdout, format, args...) }

// complain prints a message behind the command's name.
func (p *Process) complain(format string, args ...any) {
	p.Flush()
	fmt.Fprintf(p.Stderr, p.Args[0]+": "+format+"\n", args...)
}

// Fail prints a message behind the command's name, on standard error. It returns
// the exit status 1.
func (p *Process) Fail(format string, args ...any) int {
	p.complain(format, args...)
	return 1
}

// input opens a file for reading from an offset, "-" being standard input. The returned
// function closes it.
func (p *Process) input(ctx context.Context, name string, offset int64) (io.Reader, func(), error) {
	if name == "-" {
		_, err := io.CopyN(io.Discard, p.Stdin, offset)
		if err == io.EOF {
			err = nil
		}
		return p.Stdin, func() {}, err
	}
	f, err := p.sys.Tree().Open(p.Abs(name))
	if err != nil {
		return nil, nil, err
	}
	return vfs.NewReader(ctx, f, offset), func() { _ = f.Close() }, nil
}
