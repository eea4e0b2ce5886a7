package shell

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"preship/adb/adbtest/toybox"

	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// Script is what a shell runs.
type Script struct {
	Source io.Reader // nil is the shell's own input: a script, or its terminal
	Name   string    // $0; "" is the path of the shell
	Args   []string  // $1 and on
	Flags  []string  // options as of set, such as -e
	Dir    string    // the folder in which it begins; "" is the root
	Env    []string  // variables it inherits, as NAME=value
}

// Run interprets one line as /system/bin/sh -c would and returns its exit
// status. Everything it started has ended when it returns. It ends early when
// ctx is done, provided that reads of stdin and writes of the output then fail.
func Run(ctx context.Context, sys System, line string, sio IO) int {
	return RunScript(ctx, sys, Script{Source: strings.NewReader(line)}, sio)
}

// RunScript runs a script, a line after the other as they come, until it ends or runs
// exit. It returns the exit status.
func RunScript(ctx context.Context, sys System, script Script, sio IO) int {
	typed := script.Source == nil && sio.Term != nil
	if typed {
		sio.Stdout, sio.Stderr = sio.Term.out, sio.Term.out
	}
	sh := newShell(sys, script, sio)
	defer sh.close()
	runner, err := sh.runner(slices.Concat(script.Flags, []string{"--"}, script.Args))
	if err != nil {
		fmt.Fprintf(sh.stderr, "%s: %v\n", toybox.Shell, err)
		return exitSyntax
	}
	s := &session{sh: sh, runner: runner, source: script.Source}
	if typed {
		s.term = sio.Term
	}
	for s.parse(ctx) && ctx.Err() == nil {
	}
	return s.finish(ctx)
}

// session is one run of a script.
type session struct {
	sh     *shell
	runner *interp.Runner
	source io.Reader // nil is the shell's own input
	term   *Terminal // nil unless the script is typed on it
	last   int       // exit status
	exited bool      // by exit, and not by the end of the script
}

// own runs a line that is not the script's.
func (s *session) own(ctx context.Context, line string) {
	file, err := syntax.NewParser().Parse(strings.NewReader(line), "")
	if err != nil {
		return
	}
	for _, stmt := range file.Stmts { // not the whole, which would end the shell
		_ = s.runner.Run(ctx, stmt)
	}
}

// finish runs the traps and waits for what the script left in the background: it holds
// the output open, so adbd waits for it too.
func (s *session) finish(ctx context.Context) int {
	if !s.exited {
		if err := s.runner.Run(ctx, &syntax.File{}); s.runner.Exited() { // the trap of EXIT
			s.last = exitCode(err)
		}
	}
	if s.term == nil {
		_ = interp.Params("+x")(s.runner) // the wait is not the script's
		s.own(ctx, "wait")
	}
	if code, ok := s.sh.onSignal(ctx, s.runner); ok {
		return code
	}
	return s.last
}

// parse runs line after line. It is true when it must begin again, because a
// line was given up: by ^C, or because it is no shell.
func (s *session) parse(ctx context.Context) (again bool) {
	lines, end := s.listen(ctx)
	defer func() { end() }()
	parser := syntax.NewParser(syntax.Variant(syntax.LangMirBSDKorn))
	s.prompt(false)
	// The loop is not left early: the parser may still have a word to say about a
	// here-document without an end, and panics if there is no loop to say it to.
	done := false
	for stmts, err := range parser.InteractiveSeq(lines) {
		switch {
		case done:
			continue
		case lines.ctx.Err() != nil:
			s.interrupted(ctx)
			again, done = s.term != nil, true
		case err != nil:
			fmt.Fprintf(s.sh.stderr, "%s: %s\n", toybox.Shell, syntaxText(err))
			s.last = exitSyntax
			again, done = s.term != nil, true // a script ends with its first such line
		case parser.Incomplete():
			s.prompt(true)
		default:
			end()
			if done = !s.statements(ctx, stmts); !done {
				lines.ctx, end = s.enter(ctx)
				s.prompt(false)
			}
		}
		if done {
			lines.stop()
		}
	}
	if done {
		return again
	}
	if lines.ctx.Err() != nil && ctx.Err() == nil {
		s.interrupted(ctx)
		return true
	}
	return false
}

// interrupted sets the status that Ctrl-C leaves, for the prompt and for $?.
func (s *session) interrupted(ctx context.Context) {
	s.last = statusInterrupted
	s.own(ctx, "(exit "+strconv.Itoa(statusInterrupted)+")")
}

// enter is the terminal's, or without one nothing.
func (s *session) enter(ctx context.Context) (context.Context, func()) {
	if s.term == nil {
		return ctx, func() {}
	}
	return s.term.enter(ctx)
}

// statements runs what one line came to, each in the foreground. It is false
// once the shell is to end.
func (s *session) statements(ctx context.Context, stmts []*syntax.Stmt) bool {
	for _, stmt := range stmts {
		if err := prepare(stmt); err != nil {
			fmt.Fprintf(s.sh.stderr, "%s: %s\n", toybox.Shell, err)
			s.last = exitSyntax
			return s.term != nil
		}
		if !s.statement(ctx, stmt) {
			return false
		}
	}
	return true
}

func (s *session) statement(ctx context.Context, stmt *syntax.Stmt) (more bool) {
	fg, end := s.enter(ctx)
	defer end()
	if s.term != nil {
		s.sh.connect(s.term.input(fg), s.term.output(fg))
	}
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(s.sh.stderr, "%s: syntax error: %v\n", toybox.Shell, r)
			s.last, more = exitSyntax, s.term != nil
		}
	}()
	s.last = exitCode(s.runner.Run(fg, stmt))
	if context.Cause(fg) == errInterrupted && ctx.Err() == nil {
		s.interrupted(ctx)
		return true
	}
	s.exited = s.runner.Exited()
	return !s.exited && ctx.Err() == nil
}

// prompt prints Android's prompt (mkshrc): the status unless it is 0, the name of
// the handset, the folder. A statement that is not complete has a shorter one.
func (s *session) prompt(incomplete bool) {
	if s.term == nil {
		return
	}
	text := "> "
	if !incomplete {
		sign := "$"
		if s.sh.sys.Tree().Credential().UID == 0 {
			sign = "#"
		}
		text = fmt.Sprintf("%s:%s %s ", s.sh.sys.Hostname(), slashed(s.runner.Dir), sign)
		if s.last != 0 {
			text = strconv.Itoa(s.last) + "|" + text
		}
	}
	_, _ = io.WriteString(s.term.out, text)
}

// lineReader hands the parser one line a read, and reads no byte behind it: the
// rest belongs to the commands.
type lineReader struct {
	ctx     context.Context //nolint:containedctx // of the prompt
	session *session
	rest    []byte
	ended   bool
}

func (s *session) listen(ctx context.Context) (*lineReader, func()) {
	ctx, end := s.enter(ctx)
	return &lineReader{ctx: ctx, session: s}, end
}

func (l *lineReader) Read(p []byte) (int, error) {
	if len(l.rest) == 0 && !l.ended {
		l.rest, l.ended = readLine(l.input())
	}
	n := copy(p, l.rest)
	if l.rest = l.rest[n:]; n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// stop gives the parser no further line.
func (l *lineReader) stop() { l.rest, l.ended = nil, true }

func (l *lineReader) input() io.Reader {
	switch s := l.session; {
	case s.source != nil:
		return s.source
	case s.term != nil:
		return s.term.input(l.ctx)
	}
	return l.session.sh.stdin
}

// maxLine bounds a line of a script.
const maxLine = 1 << 20

// readLine reads a line and not a byte more; it always ends in a newline. ended
// says that the input has.
func readLine(r io.Reader) (line []byte, ended bool) {
	var b [1]byte
	for len(line) < maxLine {
		n, err := r.Read(b[:])
		if n == 1 {
			line = append(line, b[0])
			if b[0] == '\n' {
				return line, false
			}
		}
		if err != nil {
			ended = true
			break
		}
	}
	if len(line) > 0 {
		line = append(line, '\n')
	}
	return line, ended
}
