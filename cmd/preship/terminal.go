package main

// This file is the only one that writes for a person to read. The rules are:
//
//   - Data goes to standard output, everything else to standard error.
//   - Messages are calm, lower-case, and end with the next thing to do.
//   - What a handset, a file or a report said is escaped: no control character,
//     no direction override, no invalid UTF-8 reaches the terminal.
//   - No colour and no animation off a terminal; NO_COLOR and TERM=dumb are kept.
//   - A question is asked only on a terminal; a script is told the flag instead.

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/term"
)

// env is what a command touches of the world around it.
type env struct {
	in             io.Reader
	out, err       io.Writer
	inTTY, errTTY  bool
	outTTY         bool
	getenv         func(string) string
	now            func() time.Time
	configDir      func() (string, error)
	lines          chan inputLine // started by the first question
	colour         bool
	pendingNewline bool       // a progress bar stands on the current line
	columns        func() int // of the terminal that standard error is; nil: it is none
	rows           func() int // of the same
	prefix         string     // of every message, such as the handset it is about
	again          string     // the command that goes on, where that is not the same one
	told           string     // an error that the person was told of already
	// free is how many bytes may still be written to the disk of a folder; nil asks
	// the system.
	free func(dir string) (int64, error)
	// asker puts questions in another way than on the terminal; nil: there.
	asker func(ctx context.Context, flag, question string) (string, error)
}

func systemEnv() *env {
	e := &env{
		in: os.Stdin, out: os.Stdout, err: os.Stderr,
		inTTY:  term.IsTerminal(int(os.Stdin.Fd())),
		errTTY: term.IsTerminal(int(os.Stderr.Fd())),
		outTTY: term.IsTerminal(int(os.Stdout.Fd())),
		getenv: os.Getenv, now: time.Now, configDir: os.UserConfigDir,
	}
	if e.errTTY {
		e.columns = func() int {
			width, _, err := term.GetSize(int(os.Stderr.Fd()))
			if err != nil {
				return 0
			}
			return width
		}
		e.rows = func() int {
			_, height, err := term.GetSize(int(os.Stderr.Fd()))
			if err != nil {
				return 0
			}
			return height
		}
	}
	e.colour = e.errTTY && e.getenv("NO_COLOR") == "" && e.getenv("TERM") != "dumb"
	return e
}

// say writes one line to standard error. Arguments are escaped, the format is not.
func (e *env) say(format string, args ...any) {
	e.endBar()
	fmt.Fprintln(e.err, wrap(escape(e.prefix)+escapef(format, args...), e.width()))
}

// draws says whether standard error is a terminal on which lines can be written
// anew in place.
func (e *env) draws() bool {
	return e.errTTY && e.getenv("TERM") != "dumb" && e.width() > 0 && e.rows != nil
}

// warn is say for something that went wrong.
func (e *env) warn(format string, args ...any) {
	e.endBar()
	fmt.Fprintln(e.err, wrap("preship: "+escapef(format, args...), e.width()))
}

// print writes one line of data to standard output.
func (e *env) print(format string, args ...any) {
	e.endBar()
	fmt.Fprintln(e.out, escapef(format, args...))
}

// width is how many columns a message may take; 0 is any number, off a terminal.
func (e *env) width() int {
	if e.columns == nil {
		return 0
	}
	return e.columns()
}

// wrap breaks a message at spaces, so that a terminal does not break it inside a
// word, and indents what follows like its beginning. Colours are not counted.
func wrap(s string, width int) string {
	indent := len(s) - len(strings.TrimLeft(s, " ")) + 2
	if width < indent+20 {
		return s
	}
	var b strings.Builder
	column := 0
	for i, word := range strings.Split(s, " ") {
		n := utf8.RuneCountInString(colours.ReplaceAllString(word, ""))
		switch {
		case i == 0:
		case column+1+n > width && column > indent:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	return b.String()
}

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

func (e *env) endBar() {
	if e.pendingNewline {
		fmt.Fprintln(e.err)
		e.pendingNewline = false
	}
}

func escapef(format string, args ...any) string {
	for i, a := range args {
		switch v := a.(type) {
		case string:
			args[i] = escape(v)
		case error:
			args[i] = escape(v.Error())
		case fmt.Stringer:
			args[i] = escape(v.String())
		}
	}
	return fmt.Sprintf(format, args...)
}

// escape makes s safe to show: one line, no control or direction-changing
// characters, valid UTF-8.
func escape(s string) string {
	if !strings.ContainsFunc(s, unsafeRune) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unsafeRune(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

func unsafeRune(r rune) bool {
	switch {
	case r < 0x20, 0x7f <= r && r < 0xa0, r == utf8.RuneError:
		return true
	case 0x200b <= r && r <= 0x200f, 0x2028 <= r && r <= 0x202e, 0x2060 <= r && r <= 0x206f, r == 0xfeff:
		return true // zero-width and direction-changing characters
	}
	return false
}

// paint colours s where colour is allowed; code is an SGR parameter.
func (e *env) paint(code, s string) string {
	if !e.colour {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

type inputLine struct {
	text string
	err  error
}

// ask shows a question on the terminal and reads one line. Where nobody can be
// asked it fails, naming the flag that answers instead.
func (e *env) ask(ctx context.Context, g *globals, flag, question string) (string, error) {
	if g.noInput || !e.inTTY {
		return "", usagef("this needs an answer and nobody can be asked here; give it with %s", flag)
	}
	if e.asker != nil {
		return e.asker(ctx, flag, question)
	}
	e.endBar()
	fmt.Fprint(e.err, wrap(question+" ", e.width()))
	if e.lines == nil {
		e.lines = make(chan inputLine)
		// A read of a terminal cannot be interrupted; the goroutine ends with the process.
		go e.readLines()
	}
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case l := <-e.lines:
		return strings.TrimSpace(l.text), l.err
	}
}

func (e *env) readLines() {
	s := bufio.NewScanner(e.in)
	for s.Scan() {
		e.lines <- inputLine{text: s.Text()}
	}
	err := s.Err()
	if err == nil {
		err = io.ErrUnexpectedEOF
	}
	for {
		e.lines <- inputLine{err: fmt.Errorf("reading the answer: %w", err)}
	}
}
