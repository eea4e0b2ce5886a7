package shell

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"preship/adb/adbtest/toybox"

	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// session is a shell that was given no line: it runs what comes in line by line,
// and on a terminal prompts for it.
type session struct {
	sh     *shell
	runner *interp.Runner
	term   *Terminal // nil without one
	last   int       // exit status
}

// RunSession runs a session until its input ends or it runs exit. It returns the
// exit status.
func RunSession(ctx context.Context, sys System, sio IO) int {
	if sio.Term != nil {
		sio.Stdout, sio.Stderr = sio.Term.out, sio.Term.out
	}
	sh := newShell(sys, sio)
	defer sh.close()
	runner, err := sh.runner()
	if err != nil {
		fmt.Fprintf(sh.stderr, "%s: %v\n", toybox.Shell, err)
		return exitSyntax
	}
	s := &session{sh: sh, runner: runner, term: sio.Term}
	for s.parse(ctx) && ctx.Err() == nil {
	}
	if code, ok := sh.onSignal(ctx, runner); ok {
		return code
	}
	return s.last
}

// parse runs line after line. It is true when it has to begin anew, because a
// line was given up: by ^C, or because it is no shell.
func (s *session) parse(ctx context.Context) (again bool) {
	lines, end := s.listen(ctx)
	defer end()
	parser := syntax.NewParser(syntax.Variant(syntax.LangMirBSDKorn))
	s.prompt(false)
	for stmts, err := range parser.InteractiveSeq(lines) {
		switch {
		case lines.ctx.Err() != nil:
			s.interrupted(ctx)
			return s.term != nil
		case err != nil:
			fmt.Fprintf(s.sh.stderr, "%s: %s\n", toybox.Shell, syntaxText(err))
			s.last = exitSyntax
			return s.term != nil // a script ends with its first such line
		case parser.Incomplete():
			s.prompt(true)
			continue
		}
		end()
		if !s.statements(ctx, stmts) {
			return false
		}
		lines.ctx, end = s.enter(ctx)
		s.prompt(false)
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
	line, err := syntax.NewParser().Parse(strings.NewReader("(exit "+strconv.Itoa(statusInterrupted)+")"), "")
	if err != nil {
		return
	}
	for _, stmt := range line.Stmts { // not the whole, which would end the shell
		_ = s.runner.Run(ctx, stmt)
	}
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
		if err := checkLine(stmt); err != nil {
			fmt.Fprintf(s.sh.stderr, "%s: %s\n", toybox.Shell, err)
			s.last = exitSyntax
			return s.term != nil
		}
		s.sh.usePID(stmt)
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
	return !s.runner.Exited() && ctx.Err() == nil
}

// prompt prints Android's prompt (mkshrc): the status unless it is 0, the name of
// the handset, the folder. A statement that is not complete has a shorter one.
func (s *session) prompt(incomplete bool) {
	if s.term == nil {
		return
	}
	text := "> "
	if !incomplete {
		text = fmt.Sprintf("%s:%s %s ", s.sh.hostname(), slashed(s.runner.Dir), s.sh.sign())
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

func (l *lineReader) input() io.Reader {
	if t := l.session.term; t != nil {
		return t.input(l.ctx)
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
