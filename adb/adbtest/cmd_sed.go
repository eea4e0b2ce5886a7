package adbtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// errSedPattern is what toybox calls every mistake in a script.
var errSedPattern = errors.New("bad pattern")

// sedCommand is one command of a script: s, p, d, q, =, y and their addresses.
type sedCommand struct {
	from, to *sedAddress // nil: none
	not      bool
	verb     byte
	re       *regexp.Regexp
	with     string // of s: Go's form of the replacement
	nth      int
	all      bool
	print    bool
	inside   bool // within from,to
}

// sedAddress is a line number, the last line, or a pattern.
type sedAddress struct {
	line int
	last bool
	re   *regexp.Regexp
}

// runSed is toybox sed as far as one-liners go.
func runSed(ctx context.Context, p *process) int {
	opts, args, ok := p.options("niEre*sz", "expression=e")
	if !ok {
		return 1
	}
	script := opts['e']
	if !opts.has('e') {
		if len(args) == 0 {
			return p.fail("no pattern")
		}
		script, args = args[0], args[1:]
	}
	commands, err := parseSed(script, opts.any("Er"))
	if err != nil {
		return p.fail("bad pattern '%s'@%d (%s)", script, len(script), script[max(0, len(script)-1):])
	}
	if opts.has('i') {
		return p.sedInPlace(ctx, args, commands, opts)
	}
	run := &sed{commands: commands, quiet: opts.has('n'), out: p.stdout}
	return p.eachInput(ctx, args, func(_ string, r io.Reader) error {
		if run.quit {
			return nil
		}
		b, err := readText(r)
		run.text(string(b))
		return err
	})
}

func (p *process) sedInPlace(ctx context.Context, files []string, commands []*sedCommand, opts options) int {
	return p.eachInput(ctx, files, func(name string, r io.Reader) error {
		b, err := readText(r)
		if err != nil {
			return err
		}
		var out strings.Builder
		run := &sed{commands: commands, quiet: opts.has('n'), out: &out}
		run.text(string(b))
		w, err := p.h.tree.create(p.abs(name), p.sh.umask.file())
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, out.String())
		return errors.Join(err, w.Close())
	})
}

type sed struct {
	commands []*sedCommand
	quiet    bool
	quit     bool
	n        int
	out      io.Writer
}

// text runs the script over lines; the last keeps not having a newline.
func (s *sed) text(text string) {
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	for i, line := range lines {
		if s.quit {
			return
		}
		s.n++
		body, end := strings.CutSuffix(line, "\n")
		s.line(body, map[bool]string{true: "\n"}[end], i == len(lines)-1)
	}
}

func (s *sed) line(body, end string, last bool) {
	for _, c := range s.commands {
		if !c.selects(s.n, last, body) {
			continue
		}
		switch c.verb {
		case 'd':
			return
		case 'p':
			_, _ = io.WriteString(s.out, body+end)
		case '=':
			_, _ = fmt.Fprintf(s.out, "%d\n", s.n)
		case 'q':
			s.quit = true
		case 's':
			changed, hit := c.substitute(body)
			body = changed
			if hit && c.print {
				_, _ = io.WriteString(s.out, body+end)
			}
		}
		if s.quit {
			break
		}
	}
	if !s.quiet {
		_, _ = io.WriteString(s.out, body+end)
	}
}

func (a *sedAddress) is(n int, last bool, body string) bool {
	switch {
	case a.last:
		return last
	case a.re != nil:
		return a.re.MatchString(body)
	}
	return n == a.line
}

func (c *sedCommand) selects(n int, last bool, body string) bool {
	hit := true
	switch {
	case c.from == nil:
	case c.to == nil:
		hit = c.from.is(n, last, body)
	case c.inside:
		c.inside = !c.to.is(n, last, body) && (c.to.line == 0 || n < c.to.line)
	default:
		hit = c.from.is(n, last, body)
		c.inside = hit && (c.to.line == 0 || c.to.line > n)
	}
	return hit != c.not
}

// substitute replaces the nth match, or all from it on.
func (c *sedCommand) substitute(body string) (string, bool) {
	var out strings.Builder
	at, hits, done := 0, 0, false
	for _, m := range c.re.FindAllStringSubmatchIndex(body, -1) {
		hits++
		if hits < c.nth || done && !c.all {
			continue
		}
		out.WriteString(body[at:m[0]])
		out.Write(c.re.ExpandString(nil, c.with, body, m))
		at, done = m[1], true
	}
	return out.String() + body[at:], done
}

// parseSed reads commands that newlines or semicolons part.
func parseSed(script string, extended bool) ([]*sedCommand, error) {
	var list []*sedCommand
	for rest := strings.TrimLeft(script, "; \t\n"); rest != ""; rest = strings.TrimLeft(rest, "; \t\n") {
		c := &sedCommand{nth: 1}
		var err error
		if c.from, rest, err = sedAddressOf(rest, extended); err != nil {
			return nil, err
		}
		if after, ok := strings.CutPrefix(rest, ","); ok && c.from != nil {
			if c.to, rest, err = sedAddressOf(after, extended); err != nil || c.to == nil {
				return nil, errSedPattern
			}
		}
		rest = strings.TrimLeft(rest, " ")
		if after, ok := strings.CutPrefix(rest, "!"); ok {
			c.not, rest = true, strings.TrimLeft(after, " ")
		}
		if rest == "" || strings.IndexByte("dpq=s", rest[0]) < 0 {
			return nil, errSedPattern
		}
		c.verb, rest = rest[0], rest[1:]
		if c.verb == 's' {
			if rest, err = c.parseSubstitution(rest, extended); err != nil {
				return nil, err
			}
		}
		if rest != "" && strings.IndexByte("; \t\n", rest[0]) < 0 {
			return nil, errSedPattern
		}
		list = append(list, c)
	}
	return list, nil
}

func sedAddressOf(s string, extended bool) (*sedAddress, string, error) {
	digits := s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
	switch {
	case digits != "":
		n, err := strconv.Atoi(digits)
		return &sedAddress{line: n}, s[len(digits):], err
	case strings.HasPrefix(s, "$"):
		return &sedAddress{last: true}, s[1:], nil
	case strings.HasPrefix(s, "/"):
		pattern, rest, ok := sedDelimited(s[1:], '/')
		if !ok {
			return nil, s, errSedPattern
		}
		re, err := sedPattern(pattern, extended, false)
		return &sedAddress{re: re}, rest, err
	}
	return nil, s, nil
}

// sedDelimited cuts at the delimiter; one behind a backslash is text.
func sedDelimited(s string, end byte) (text, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == end:
			return b.String(), s[i+1:], true
		case s[i] == '\\' && i+1 < len(s):
			if s[i+1] != end {
				b.WriteByte('\\')
			}
			i++
		}
		b.WriteByte(s[i])
	}
	return "", s, false
}

func sedPattern(pattern string, extended, fold bool) (*regexp.Regexp, error) {
	if !extended {
		pattern = basicPattern(pattern)
	}
	if fold {
		pattern = "(?i)" + pattern
	}
	return regexp.Compile(pattern)
}

func (c *sedCommand) parseSubstitution(s string, extended bool) (rest string, err error) {
	if s == "" {
		return s, errSedPattern
	}
	pattern, rest, ok := sedDelimited(s[1:], s[0])
	if !ok {
		return rest, errSedPattern
	}
	with, rest, ok := sedDelimited(rest, s[0])
	if !ok {
		return rest, errSedPattern
	}
	flags := rest[:len(rest)-len(strings.TrimLeft(rest, "gpiI0123456789"))]
	c.all, c.print = strings.Contains(flags, "g"), strings.Contains(flags, "p")
	if n, err := strconv.Atoi(strings.Trim(flags, "gpiI")); err == nil && n > 0 {
		c.nth = n
	}
	c.with = sedReplacement(with)
	c.re, err = sedPattern(pattern, extended, strings.ContainsAny(flags, "iI"))
	return rest[len(flags):], err
}

// sedReplacement turns & and \1 into what package regexp expands.
func sedReplacement(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '$':
			b.WriteString("$$")
		case s[i] == '&':
			b.WriteString("${0}")
		case s[i] == '\\' && i+1 < len(s):
			i++
			switch {
			case s[i] >= '0' && s[i] <= '9':
				b.WriteString("${" + s[i:i+1] + "}")
			case s[i] == 'n':
				b.WriteByte('\n')
			case s[i] == 't':
				b.WriteByte('\t')
			default:
				b.WriteByte(s[i])
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
