package shell

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"preship/adb/adbtest/toybox"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// IO is the input and the output of a shell line. Stdin is only read when a command
// reads it and may be nil. Stdout and Stderr are written by several goroutines,
// one at a time. The caller closes them.
type IO struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Term           *Terminal // the terminal these belong to; nil without one
}

// Exit statuses of the shell itself.
const (
	exitSyntax   = 1
	exitPipe     = 141 // killed by SIGPIPE
	signalStatus = 128 // and the number of the signal that ended a command
)

func exitCode(err error) int {
	if err == nil {
		return 0
	}
	if status, ok := errors.AsType[interp.ExitStatus](err); ok {
		return int(status)
	}
	return exitSyntax
}

// syntaxText words a parse error as mksh does where the two mean the same.
func syntaxText(err error) string {
	e, ok := errors.AsType[syntax.ParseError](err)
	switch {
	case !ok:
		return err.Error()
	case strings.Contains(e.Text, "without closing quote"):
		return "no closing quote"
	}
	return "syntax error: " + e.Text
}

// System is the handset that a shell runs on.
type System interface {
	toybox.System
	// Hostname is what the prompt and $HOSTNAME show.
	Hostname() string
	// Jobs are the processes of all its shells.
	Jobs() *Jobs
}

// shell is one run of the interpreter.
type shell struct {
	sys            System
	script         Script
	began          bool // the interpreter has read its own settings from the environment
	job            toybox.Running
	stdin          io.Reader
	stdout, stderr *sharedWriter
	term           *Terminal
	traps          traps
	alive          context.Context //nolint:containedctx // ends with the shell
	end            func()
	feeding        sync.WaitGroup // the files that feed reads
}

func newShell(sys System, script Script, sio IO) *shell {
	output := &sync.Mutex{}
	script.Name, script.Dir = cmp.Or(script.Name, toybox.Shell), cmp.Or(script.Dir, "/")
	alive, end := context.WithCancel(context.Background())
	return &shell{
		alive: alive, end: end, sys: sys, script: script, stdin: sio.Stdin, term: sio.Term, job: sys.Jobs().start("sh", ADBD),
		traps:  traps{actions: map[string]string{}},
		stdout: &sharedWriter{mu: output, w: sio.Stdout},
		stderr: &sharedWriter{mu: output, w: sio.Stderr},
	}
}

// close ends what the shell left behind.
func (sh *shell) close() {
	sh.sys.Jobs().end(sh.job)
	sh.end()
	sh.feeding.Wait()
}

// connect changes what the shell's terminal is for the next command.
func (sh *shell) connect(in io.Reader, out io.Writer) {
	sh.stdin = in
	for _, w := range []*sharedWriter{sh.stdout, sh.stderr} {
		w.mu.Lock()
		w.w = out
		w.mu.Unlock()
	}
}

func (sh *shell) runner(params []string) (*interp.Runner, error) {
	r, err := interp.New(
		interp.Params(params...),
		interp.Env(sh.environ()),
		interp.Dir("/"),
		interp.StdIO(nil, sh.stdout, sh.stderr), // stdin: see process
		interp.CallHandler(sh.replaceBuiltins),
		interp.ExecHandlers(func(interp.ExecHandlerFunc) interp.ExecHandlerFunc { return sh.exec }),
		interp.OpenHandler(sh.open),
		interp.ReadDirHandler2(sh.readDir),
		interp.StatHandler(sh.stat),
		interp.AccessHandler(sh.access),
	)
	if err != nil {
		return nil, err
	}
	r.Dir = sh.script.Dir // on every computer, whatever its own paths look like
	r.Reset()
	sh.began = true
	return r, nil
}

// ours marks a command that the interpreter has built in, but not as mksh and
// toybox do it, or with an eye on the computer it runs on.
const ours = "\x00"

// replaced are those commands. Most of them mksh has not got.
var replaced = []string{
	".", "source", "pwd", "bind", "caller", "command", "compgen", "complete", "compopt", "declare", "dirs", "disown", "echo", "enable", "hash", "help",
	"history", "kill", "logout", "mapfile", "popd", "pushd", "readarray", "shopt", "type", "ulimit", "umask",
}

func (sh *shell) replaceBuiltins(ctx context.Context, args []string) ([]string, error) {
	switch {
	case args[0] == "eval":
		return []string{"eval", ownText(strings.Join(args[1:], " "))}, nil
	case slices.Contains(replaced, args[0]):
	case args[0] == "cd" && len(args) == 2 && !sh.canEnter(ctx, args[1]):
	case args[0] == "trap" && sh.traps.takes(args[1:]):
	case args[0] == "read" && interp.HandlerCtx(ctx).Stdin == nil:
	case isOwnTest(args):
	default:
		return args, nil
	}
	return append([]string{ours + args[0]}, args[1:]...), nil
}

// canEnter reports whether cd would work; if not, runCD words why as mksh does.
func (sh *shell) canEnter(ctx context.Context, name string) bool {
	if name == "" || name == "-" {
		return true
	}
	return sh.sys.Tree().Enter(toybox.Absolute(slashed(interp.HandlerCtx(ctx).Dir), name)) == nil
}

// exec runs one command that is no builtin.
func (sh *shell) exec(ctx context.Context, args []string) error {
	hc := interp.HandlerCtx(ctx)
	switch args[0] {
	case ours + "read":
		return sh.read(ctx, hc, args[1:])
	case ours + "[", ours + "test":
		return sh.test(hc, args)
	case ours + ".", ours + "source":
		return sh.source(ctx, hc, args[1:])
	}
	args[0] = strings.TrimPrefix(args[0], ours)
	out := &brokenPipe{w: hc.Stdout}
	var stdin io.Reader = hc.Stdin
	if hc.Stdin == nil {
		stdin = sh.stdin
	}
	if stdin == nil {
		stdin = strings.NewReader("")
	}
	p := toybox.NewProcess(sh.sys, args, path.Clean("/"+hc.Dir), stdin, out, hc.Stderr)
	for name, v := range hc.Env.Each {
		if v.Exported && v.Kind == expand.String {
			p.Env = append(p.Env, name+"="+v.Str)
		}
	}
	job := sh.sys.Jobs().start(path.Base(args[0]), sh.job.PID)
	defer sh.sys.Jobs().end(job)
	code := 0
	if run, ok := builtins[args[0]]; ok {
		code = run(ctx, sh, p)
		p.Flush()
	} else {
		code = p.Run(ctx)
	}
	if out.broken {
		return hc.Builtin(ctx, []string{"exit", fmt.Sprint(exitPipe)})
	}
	if code != 0 {
		return interp.ExitStatus(code)
	}
	return nil
}

// brokenPipe notes that the reader is gone. A real process dies of SIGPIPE
// then, and so must a loop around one.
type brokenPipe struct {
	w      io.Writer
	broken bool
}

// maxSubstitution bounds what $(…) collects in memory.
const maxSubstitution = 8 << 20

func (b *brokenPipe) Write(p []byte) (int, error) {
	if s, ok := b.w.(*strings.Builder); ok && s.Len() > maxSubstitution {
		b.broken = true
	}
	if b.broken {
		return 0, os.ErrClosed
	}
	n, err := b.w.Write(p)
	b.broken = err != nil
	return n, err
}

// sharedWriter lets the commands of a pipeline share an output.
type sharedWriter struct {
	mu *sync.Mutex
	w  io.Writer
}

func (s *sharedWriter) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(p)
}
