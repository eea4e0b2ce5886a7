package console

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"preship/report/message"
)

// Console holds the standard streams of the process and the little else that a
// command takes from the system around it. The zero value of a field that is a
// function or a stream means that the command must not need it.
type Console struct {
	In       io.Reader
	Out, Err io.Writer
	// InTTY, OutTTY and ErrTTY say which of them are terminals.
	InTTY, OutTTY, ErrTTY bool
	Colour                bool
	// Language is the tag of the language that sentences are written in, one of
	// [message.Languages]. Empty is English.
	Language string

	Getenv    func(string) string
	Now       func() time.Time
	ConfigDir func() (string, error) // of the user, for all programs

	// Columns and Rows are the size of the terminal that standard error is; nil
	// means that it is no terminal.
	Columns, Rows func() int
	// Case is the folder of the case that is worked on; empty if there is none.
	Case string
	// Prefix begins every message, such as the name of the handset it is about.
	Prefix string
	// Asker puts questions in another way than on the terminal; nil asks there.
	Asker func(ctx context.Context, flag, question string) (string, error)

	lines chan line // started by the first question
	drawn int       // columns of the line that is redrawn in place; 0: there is none
}

// System returns the console of this process.
func System() *Console {
	c := &Console{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		InTTY:  term.IsTerminal(int(os.Stdin.Fd())),
		ErrTTY: term.IsTerminal(int(os.Stderr.Fd())),
		OutTTY: term.IsTerminal(int(os.Stdout.Fd())),
		Getenv: os.Getenv, Now: time.Now, ConfigDir: os.UserConfigDir,
	}
	if c.ErrTTY {
		c.Columns = func() int {
			width, _, err := term.GetSize(int(os.Stderr.Fd()))
			if err != nil {
				return 0
			}
			return width
		}
		c.Rows = func() int {
			_, height, err := term.GetSize(int(os.Stderr.Fd()))
			if err != nil {
				return 0
			}
			return height
		}
	}
	c.Language, _ = message.Language("", c.Getenv) // a locale never fails
	c.Colour = c.ErrTTY && c.Getenv("NO_COLOR") == "" && c.Getenv("TERM") != "dumb"
	return c
}

// Words returns a sentence in the language of the console, escaped. Anything without words
// in that language is in English.
func (c *Console) Words(s message.Sentence) string {
	text, _ := s.In(c.Language)
	return Escape(text)
}

// Say writes one sentence to standard error.
//
//go:noinline
func (c *Console) Say(s message.Sentence) { c.Sayf("%s", s) }

// Warn is Say for something that went wrong.
func (c *Console) Warn(s message.Sentence) { c.Warnf("%s", s) }

// Print writes one sentence to standard output, and breaks it as [Wrap] does if that
// is a terminal.
//
//go:noinline
func (c *Console) Print(s message.Sentence) { c.print("%s", s) }

// print is Printf for sentences.
func (c *Console) print(format string, args ...any) {
	c.clearLine()
	width := 0
	if c.OutTTY {
		width = c.Width()
	}
	fmt.Fprintln(c.Out, Wrap(c.sprintf(format, args), width))
}

// List writes sentences to standard output as Print does, each with its number.
func (c *Console) List(sentences []message.Sentence) {
	for i, s := range sentences {
		c.print("%3d. %s", i+1, s)
	}
}

// Sayf writes one message to standard error. Arguments are escaped, the format is
// not. An argument that is a sentence is written in the language of the
// console.
func (c *Console) Sayf(format string, args ...any) {
	c.clearLine()
	fmt.Fprintln(c.Err, Wrap(Escape(c.Prefix)+c.sprintf(format, args), c.Width()))
}

// Warnf is Sayf for something that went wrong.
func (c *Console) Warnf(format string, args ...any) {
	c.clearLine()
	fmt.Fprintln(c.Err, Wrap("preship: "+c.sprintf(format, args), c.Width()))
}

// Printf writes one line of data to standard output. Arguments are as those of
// [Console.Sayf].
func (c *Console) Printf(format string, args ...any) {
	c.clearLine()
	fmt.Fprintln(c.Out, c.sprintf(format, args))
}

func (c *Console) sprintf(format string, args []any) string {
	for i, a := range args {
		if s, ok := a.(message.Sentence); ok {
			args[i] = c.Words(s)
		}
	}
	return Sprintf(format, args...)
}

// PrintJSON writes v as one indented object to standard output.
func (c *Console) PrintJSON(v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return WriteJSON(c.Out, b)
}

// PrintJSONList writes items as one indented array to standard output, each as it comes:
// thousands of them are never in memory together.
func PrintJSONList[T any](c *Console, items iter.Seq[T]) error {
	w := bufio.NewWriter(c.Out)
	before, end := "[\n  ", "[]\n"
	for item := range items {
		b, err := json.MarshalIndent(item, "  ", "  ")
		if err != nil {
			return err
		}
		_, _ = w.WriteString(before)
		escapeJSON(w, b)
		before, end = ",\n  ", "\n]\n"
	}
	_, _ = w.WriteString(end)
	return w.Flush() // returns the first error of all
}

// Width returns how many columns a message may take; 0 means any number.
func (c *Console) Width() int {
	if c.Columns == nil {
		return 0
	}
	return c.Columns()
}

// RedrawsErr reports whether standard error is a terminal on which lines can be
// rewritten in place.
func (c *Console) RedrawsErr() bool {
	return c.ErrTTY && c.Getenv("TERM") != "dumb" && c.Width() > 0 && c.Rows != nil
}

// RedrawsOut reports the same of standard output.
func (c *Console) RedrawsOut() bool {
	return c.OutTTY && c.Getenv("TERM") != "dumb" && c.Width() > 0
}

// Paint colours s where colour is allowed; code is an SGR parameter.
func (c *Console) Paint(code, s string) string {
	if !c.Colour {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// Hang writes text behind head and breaks it so that each further line begins at
// the given column.
func (c *Console) Hang(head string, column int, text string) string {
	width := c.Width()
	if width <= column+20 || !c.RedrawsOut() {
		return head + text
	}
	return hang(head, column, width, text)
}

func hang(head string, column, width int, text string) string {
	lines := strings.Split(Wrap(text, width-column), "\n")
	for i := range lines[1:] {
		lines[i+1] = strings.Repeat(" ", column) + strings.TrimSpace(lines[i+1])
	}
	return head + strings.Join(lines, "\n")
}
