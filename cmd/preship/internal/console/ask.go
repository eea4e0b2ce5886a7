package console

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"golang.org/x/term"

	"preship/report/message"
)

// UnaskedError reports a question that could not be asked, since standard input is
// no terminal.
type UnaskedError struct {
	Flag string // answers the question instead
}

func (e *UnaskedError) Error() string { return e.Unwrap().Error() }

// Unwrap returns an error with the sentence.
func (e *UnaskedError) Unwrap() error {
	return message.Error(message.Say("ask.unasked", "flag", e.Flag), nil)
}

type line struct {
	text string
	err  error
}

// Ask shows a question, which must be escaped already, and reads one line without
// the spaces around it. Off a terminal the error is an [UnaskedError] that names
// flag.
func (c *Console) Ask(ctx context.Context, flag, question string) (string, error) {
	if !c.InTTY {
		return "", &UnaskedError{flag}
	}
	if c.Asker != nil {
		return c.Asker(ctx, flag, question)
	}
	c.clearLine()
	fmt.Fprint(c.Err, Wrap(question+" ", c.Width()))
	if c.lines == nil {
		c.lines = make(chan line)
		// A read of a terminal cannot be interrupted; the goroutine ends with the process.
		go c.readLines()
	}
	select {
	case <-ctx.Done():
		fmt.Fprintln(c.Err) // the question is its own line
		return "", ctx.Err()
	case l := <-c.lines:
		return strings.TrimSpace(l.text), l.err
	}
}

func (c *Console) readLines() {
	s := bufio.NewScanner(c.In)
	for s.Scan() {
		c.lines <- line{text: s.Text()}
	}
	err := s.Err()
	if err == nil {
		err = io.ErrUnexpectedEOF
	}
	for {
		c.lines <- line{err: message.Error(message.Say("ask.error.read"), err)}
	}
}

// ReadInput gives fn the standard input that a flag names with "-". At a terminal it first
// names the awaited input. It returns as soon as ctx ends; fn may then still be reading.
func (c *Console) ReadInput(ctx context.Context, what message.Sentence, fn func(io.Reader) error) error {
	if c.InTTY {
		key := "Ctrl-D"
		if runtime.GOOS == "windows" {
			key = "Ctrl-Z"
		}
		c.Say(message.Say("ask.input", "what", what, "key", key))
	}
	read := make(chan error, 1)
	// A read of a terminal cannot be interrupted; the goroutine ends with the process.
	go func() { read <- fn(c.In) }()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-read:
		return err
	}
}

// AskSecret is [Console.Ask] for an answer that is not shown while it is typed.
func (c *Console) AskSecret(ctx context.Context, flag, question string) (string, error) {
	in, ok := c.In.(*os.File)
	if !c.InTTY || !ok {
		return "", &UnaskedError{flag}
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	c.clearLine()
	fmt.Fprint(c.Err, question+" ")
	typed, err := readUnseen(ctx, int(in.Fd()))
	fmt.Fprintln(c.Err)
	return typed, err
}

// readUnseen reads a line that the terminal does not show. When ctx ends it makes
// the terminal echo again: the process may work on for a while, and
// its caller's shell after it.
func readUnseen(ctx context.Context, fd int) (string, error) {
	before, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	typed := make(chan line, 1)
	// A read of a terminal cannot be interrupted; the goroutine ends with the process.
	go func() {
		b, err := term.ReadPassword(fd)
		typed <- line{string(b), err}
	}()
	select {
	case <-ctx.Done():
		return "", errors.Join(ctx.Err(), term.Restore(fd, before))
	case l := <-typed:
		return l.text, l.err
	}
}
