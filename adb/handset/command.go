package handset

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"preship/report/pattern"
)

// Errors of [Command.With].
var (
	// ErrArguments: too few or too many arguments for the row's blanks.
	ErrArguments = errors.New("wrong number of arguments")
	// ErrArgument: an argument no blank may hold, because a shell could not be
	// given it unchanged, a program could take it for an option, or the row
	// allows only certain words there.
	ErrArgument = errors.New("argument not allowed")
)

// maxLine bounds a filled line, in bytes. A service string of adb ends at 65,535 bytes.
const maxLine = 32 << 10

// Command is one row of the command table: a line preship may send to a handset.
type Command struct {
	Name    string // for people and scripts: "battery"
	Line    string // shell line with {blanks}, or an adb service such as "format-data:"
	Service bool   // Line is an adb service, not a shell line
	Writes  bool   // changes something on the handset, if only the page it shows
	Why     string // what the answer is used for
	Since   int    // first API level that has it, 0 means any

	// Only lists the words a blank may hold. A blank without an entry holds
	// any one shell word that is not an option.
	Only map[string][]string
	// Form has the pattern of the words that a blank may hold. A blank without an entry
	// holds any.
	Form map[string]func() *regexp.Regexp
	// Timeout is the longest an answer may take, or, if the row Streams, the
	// longest silence; 0 means 30 s. [Line.Limit] is the one to ask.
	Timeout time.Duration
	Streams bool  // the answer grows with what the handset holds
	Rate    int64 // bytes a second that the handset works through at least, 0: see [Line.Over]
}

// blank is a placeholder in a row's line.
var blank = pattern.New(`\{[a-z]+\}`)

// With fills the row's blanks, left to right. Each argument becomes exactly one
// shell word: it is single-quoted unless it consists of plain characters only.
// The error is ErrArguments or ErrArgument.
func (c *Command) With(args ...string) (Line, error) {
	spots := blanks(c.Line)
	if len(spots) != len(args) {
		return Line{}, fmt.Errorf("%s: %w: got %d, want %d", c.Name, ErrArguments, len(args), len(spots))
	}
	var b strings.Builder
	last := 0
	for i, spot := range spots {
		name := c.Line[spot[0]+1 : spot[1]-1]
		if err := c.allows(name, args[i]); err != nil {
			return Line{}, err
		}
		b.WriteString(c.Line[last:spot[0]])
		b.WriteString(quote(args[i]))
		last = spot[1]
	}
	b.WriteString(c.Line[last:])
	if b.Len() > maxLine {
		return Line{}, fmt.Errorf("%s: %w: line longer than %d bytes", c.Name, ErrArgument, maxLine)
	}
	return Line{text: b.String(), row: c}, nil
}

// Must is With for rows without blanks and for constant arguments. It panics on an error.
func (c *Command) Must(args ...string) Line {
	l, err := c.With(args...)
	if err != nil {
		panic(err)
	}
	return l
}

func (c *Command) allows(name, arg string) error {
	only, limited := c.Only[name]
	switch {
	case limited && !slices.Contains(only, arg):
		return fmt.Errorf("%s: {%s}: %w: %q is not one of %v", c.Name, name, ErrArgument, arg, only)
	case c.Form[name] != nil && !c.Form[name]().MatchString(arg):
		return fmt.Errorf("%s: {%s}: %w: %q", c.Name, name, ErrArgument, arg)
	case strings.ContainsRune(arg, 0):
		return fmt.Errorf("%s: {%s}: %w: holds a NUL byte", c.Name, name, ErrArgument)
	case strings.HasPrefix(arg, "-"):
		return fmt.Errorf("%s: {%s}: %w: %q begins with a dash and would be read as an option", c.Name, name, ErrArgument, arg)
	}
	return nil
}

// Line is a filled row, ready to be sent. Its zero value is not a line.
type Line struct {
	text   string
	row    *Command
	work   int64         // bytes, see Over
	within time.Duration // see Within
}

// String returns the line as it is sent.
func (l Line) String() string { return l.text }

// Command returns the row the line was made from.
func (l Line) Command() *Command { return l.row }

// Args returns what the blanks of the row were filled with, left to right.
func (l Line) Args() []string {
	args, _ := l.row.args(l.text)
	return args
}

// Match returns the row that could have made line: its literal text is there
// and each blank holds exactly one word, written the way [Command.With] writes
// it. Where several rows could, the one with the most literal text is it.
func Match(line string) (*Command, bool) {
	var best *Command
	most := -1
	for _, c := range Commands {
		if n := literals(c.Line); n > most && c.made(line) {
			best, most = c, n
		}
	}
	return best, best != nil
}

// blanks returns where the blanks of a line begin and end.
func blanks(line string) [][]int {
	if !strings.Contains(line, "{") {
		return nil // most lines
	}
	return blank().FindAllStringIndex(line, -1)
}

// literals counts the bytes of a line outside its blanks.
func literals(line string) int {
	n := len(line)
	for _, spot := range blanks(line) {
		n -= spot[1] - spot[0]
	}
	return n
}

// made reports whether With can return line.
func (c *Command) made(line string) bool {
	_, ok := c.args(line)
	return ok
}

// args returns the words in the blanks of line, false if With cannot return it.
func (c *Command) args(line string) ([]string, bool) {
	var args []string
	last := 0
	for _, spot := range blanks(c.Line) {
		rest, ok := strings.CutPrefix(line, c.Line[last:spot[0]])
		if !ok {
			return nil, false
		}
		word, arg, ok := firstWord(rest)
		if !ok || c.allows(c.Line[spot[0]+1:spot[1]-1], arg) != nil {
			return nil, false
		}
		args = append(args, arg)
		line, last = rest[len(word):], spot[1]
	}
	return args, line == c.Line[last:]
}
