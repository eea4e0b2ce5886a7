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
	Dial(ctx context.Context, port string) (conn io.ReadWriter, ok bool)
	// Listen waits for one connection of a computer to a port. ok is false if the port is
	// taken, and conn is nil if ctx ended first.
	Listen(ctx context.Context, port string) (conn io.ReadWriter, ok bool)
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
	stdout *output
}

// NewProcess makes a process of args that is not running yet, in the folder dir.
func NewProcess(sys System, args []string, dir string, stdin io.Reader, stdout, stderr io.Writer) *Process {
	return &Process{Args: args, Stdin: stdin, Stderr: stderr, sys: sys, dir: dir, stdout: newOutput(stdout)}
}

// output is a command's standard output: buffered, and remembering that a write
// failed.
type output struct {
	*bufio.Writer
	under io.Writer
	err   error
}

// ExitNotFound is the exit status of a command that is not there.
const ExitNotFound = 127

// Shell is the path of the shell, which begins its messages.
const Shell = "/system/bin/sh"

const outputBuffer = 4 << 10

func newOutput(w io.Writer) *output {
	return &output{Writer: bufio.NewWriterSize(w, outputBuffer), under: w}
}

// flush sends the buffer. It returns false once the reader is gone.
func (o *output) flush() bool {
	if err := o.Flush(); err != nil {
		o.err = err
	}
	return o.err == nil
}

// Run finds the program and runs it.
func (p *Process) Run(ctx context.Context) int {
	run, ok := p.sys.Lookup(p.Args[0])
	if !ok && p.isScript() {
		p.Args = append([]string{"sh"}, p.Args...)
		run, ok = p.sys.Lookup("sh")
	}
	if !ok {
		return p.notFound()
	}
	p.Args[0] = path.Base(p.Args[0])
	code := run(ctx, p)
	p.stdout.flush()
	return code
}

// isScript reports whether the name is the path of a file that may be run and is text,
// which the shell takes for a script.
func (p *Process) isScript() bool {
	name := p.Abs(p.Args[0])
	i, err := p.sys.Tree().Stat(name)
	if err != nil || !strings.Contains(p.Args[0], "/") || !i.IsRegular() || p.sys.Tree().May(name, vfs.WantExec) != nil {
		return false
	}
	f, err := p.sys.Tree().Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	var head [64]byte
	n, _ := f.ReadAt(head[:], 0)
	return !bytes.ContainsRune(head[:n], 0)
}

// notFound prints the message of mksh on Android. A file that cannot be run has
// another message than a missing one.
func (p *Process) notFound() int {
	name := p.Args[0]
	if strings.Contains(name, "/") {
		if i, err := p.sys.Tree().Stat(p.Abs(name)); err == nil {
			why := "can't execute: Permission denied"
			if i.IsDir() {
				why = "can't execute: Is a directory"
			}
			fmt.Fprintf(p.Stderr, "%s: %s: %s\n", Shell, name, why)
			return 126
		}
	}
	fmt.Fprintf(p.Stderr, "%s: %s: inaccessible or not found\n", Shell, name)
	return ExitNotFound
}

// Sub runs another command in place of this one and returns its exit status.
func (p *Process) Sub(ctx context.Context, args []string, stdin io.Reader) int {
	p.stdout.flush()
	q := *p
	q.Args, q.Stdin, q.stdout = args, stdin, newOutput(p.stdout.under)
	code := q.Run(ctx)
	if q.stdout.err != nil {
		p.stdout.err = q.stdout.err
	}
	return code
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
func (p *Process) Flush() bool { return p.stdout.flush() }

// Write prints bytes, which go out with the next Flush at the latest.
func (p *Process) Write(b []byte) (int, error) { return p.stdout.Write(b) }

// Direct sends the buffer and returns the standard output behind it.
func (p *Process) Direct() io.Writer {
	p.stdout.flush()
	return p.stdout.under
}

// Printf prints to the standard output, by way of a buffer.
func (p *Process) Printf(format string, args ...any) { fmt.Fprintf(p.stdout, format, args...) }

// complain prints a message behind the command's name.
func (p *Process) complain(format string, args ...any) {
	p.stdout.flush()
	fmt.Fprintf(p.Stderr, p.Args[0]+": "+format+"\n", args...)
}

// Fail prints a message behind the command's name, on standard error. It returns
// the exit status 1.
func (p *Process) Fail(format string, args ...any) int {
	p.complain(format, args...)
	return 1
}

// input opens a file for reading, "-" being standard input. The returned
// function closes it.
func (p *Process) input(ctx context.Context, name string) (io.Reader, func(), error) {
	if name == "-" {
		return p.Stdin, func() {}, nil
	}
	f, err := p.sys.Tree().Open(p.Abs(name))
	if err != nil {
		return nil, nil, err
	}
	return vfs.NewReader(ctx, f, 0), func() { _ = f.Close() }, nil
}

// canonical returns the path of name without symbolic links, or name itself when it
// leads nowhere.
func (p *Process) canonical(name string) string {
	if c, err := p.sys.Tree().Canonical(p.Abs(name)); err == nil {
		return c
	}
	return name
}

// Command is one row of the table of programs.
type Command struct {
	Run   Program
	Since int // first API level, 0 for any
}

// applets is every applet of toybox.
var Applets = map[string]Command{
	"echo":      {Run: runEcho},
	"cat":       {Run: runCat},
	"chmod":     {Run: runChmod},
	"dd":        {Run: runDD},
	"df":        {Run: runDF},
	"false":     {Run: runFalse},
	"find":      {Run: runFind},
	"grep":      {Run: runGrep},
	"head":      {Run: runHead},
	"id":        {Run: runID},
	"ln":        {Run: runLn},
	"mktemp":    {Run: runMktemp},
	"nc":        {Run: runNC},
	"timeout":   {Run: runTimeout},
	"uptime":    {Run: runUptime},
	"ls":        {Run: runLs},
	"md5sum":    {Run: runHash},
	"mkdir":     {Run: runMkdir},
	"mv":        {Run: runMv},
	"ps":        {Run: runPs},
	"readlink":  {Run: runReadlink},
	"rm":        {Run: runRm},
	"rmdir":     {Run: runRmdir},
	"sha256sum": {Run: runHash, Since: 26},
	"sleep":     {Run: runSleep},
	"sort":      {Run: runSort},
	"stat":      {Run: runStat},
	"tar":       {Run: runTar},
	"touch":     {Run: runTouch},
	"true":      {Run: runTrue},
	"uname":     {Run: runUname},
	"wc":        {Run: runWc},
	"which":     {Run: runWhich},
	"xargs":     {Run: runXargs},
	"yes":       {Run: runYes},
}
