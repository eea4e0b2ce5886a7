package adbtest

import (
	"bufio"
	"context"
	"io"
	"path"
	"regexp"
	"strings"
	"time"
)

// runEcho is mksh's own echo, which reads backslash sequences unless -E.
func runEcho(_ context.Context, p *process) int {
	args, newline, escapes := p.args[1:], true, true
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && strings.Trim(args[0][1:], "neE") == "" {
		newline = newline && !strings.Contains(args[0], "n")
		escapes = !strings.Contains(args[0], "E")
		args = args[1:]
	}
	s := strings.Join(args, " ")
	if escapes {
		before, _, cut := strings.Cut(s, `\c`)
		s, newline = unescape(before), newline && !cut
	}
	p.printf("%s", s)
	if newline {
		p.printf("\n")
	}
	return 0
}

func runTrue(context.Context, *process) int  { return 0 }
func runFalse(context.Context, *process) int { return 1 }

func runYes(ctx context.Context, p *process) int {
	line := strings.Join(p.args[1:], " ")
	if line == "" {
		line = "y"
	}
	for ctx.Err() == nil {
		if _, err := p.stdout.WriteString(line + "\n"); err != nil {
			return 1
		}
	}
	return 1
}

// runSleep waits; a fraction and the suffixes m, h and d are toybox's.
func runSleep(ctx context.Context, p *process) int {
	if len(p.args) < 2 {
		return p.fail("Needs 1 argument (see \"sleep --help\")")
	}
	var total time.Duration
	for _, arg := range p.args[1:] {
		if !strings.HasSuffix(arg, "m") && !strings.HasSuffix(arg, "h") && !strings.HasSuffix(arg, "s") {
			arg += "s"
		}
		d, err := time.ParseDuration(arg)
		if err != nil || d < 0 {
			return p.fail("Not a number '%s'", strings.TrimSuffix(arg, "s"))
		}
		total += d
	}
	timer := time.NewTimer(total)
	defer timer.Stop()
	select {
	case <-timer.C:
		return 0
	case <-ctx.Done():
		return 1
	}
}

func runBasename(_ context.Context, p *process) int {
	if len(p.args) < 2 {
		return p.fail("Needs 1 argument (see \"basename --help\")")
	}
	base := path.Base(p.args[1])
	if len(p.args) > 2 && base != p.args[2] {
		base = strings.TrimSuffix(base, p.args[2])
	}
	p.printf("%s\n", base)
	return 0
}

func runDirname(_ context.Context, p *process) int {
	for _, arg := range p.args[1:] {
		p.printf("%s\n", path.Dir(arg))
	}
	return 0
}

// runTr replaces or deletes bytes; ranges are understood, classes are not.
func runTr(ctx context.Context, p *process) int {
	opts, args, ok := p.options("+dsc")
	if !ok {
		return 1
	}
	if len(args) == 0 || len(args) < 2 && !opts.has('d') {
		return p.fail("Needs 2 arguments (see \"tr --help\")")
	}
	from := ranges(unescape(args[0]))
	to := ""
	if !opts.has('d') {
		to = ranges(unescape(args[1]))
	}
	return p.eachInput(ctx, nil, func(_ string, r io.Reader) error {
		b := bufio.NewReader(r)
		for {
			c, err := b.ReadByte()
			if err != nil {
				return err
			}
			at := strings.IndexByte(from, c)
			switch {
			case at < 0:
			case to == "":
				continue
			default:
				c = to[min(at, len(to)-1)]
			}
			if err := p.stdout.WriteByte(c); err != nil {
				return err
			}
		}
	})
}

func ranges(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if i+2 < len(s) && s[i+1] == '-' && s[i] <= s[i+2] {
			for c := int(s[i]); c <= int(s[i+2]); c++ {
				b.WriteByte(byte(c))
			}
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// grepLine bounds a line that grep looks at.
const grepLine = 4 << 20

func runGrep(ctx context.Context, p *process) int {
	opts, args, ok := p.options("ivcnqlEFwxhHoe:sa")
	if !ok {
		return 2
	}
	pattern := opts['e']
	if !opts.has('e') {
		if len(args) == 0 {
			p.complain("no REGEX")
			return 2
		}
		pattern, args = args[0], args[1:]
	}
	re, err := grepPattern(pattern, opts)
	if err != nil {
		p.complain("bad REGEX '%s'", pattern)
		return 2
	}
	g := &grep{p: p, opts: opts, re: re, names: len(args) > 1 && !opts.has('h') || opts.has('H')}
	if code := p.eachInput(ctx, args, g.search); code != 0 {
		return 2
	}
	return b2i(!g.found)
}

func grepPattern(pattern string, opts options) (*regexp.Regexp, error) {
	switch {
	case opts.has('F'):
		pattern = regexp.QuoteMeta(pattern)
	case !opts.has('E'):
		pattern = basicPattern(pattern)
	}
	if opts.has('w') {
		pattern = `\b(?:` + pattern + `)\b`
	}
	if opts.has('x') {
		pattern = `^(?:` + pattern + `)$`
	}
	if opts.has('i') {
		pattern = `(?i)` + pattern
	}
	return regexp.Compile(pattern)
}

// basicPattern turns a basic regular expression into an extended one: what is
// special with a backslash in the one is so without it in the other.
func basicPattern(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			if strings.IndexByte("(){}|+?", s[i]) < 0 {
				b.WriteByte('\\')
			}
			b.WriteByte(s[i])
		case strings.IndexByte("(){}|+?", s[i]) >= 0:
			b.WriteByte('\\')
			b.WriteByte(s[i])
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

type grep struct {
	p     *process
	opts  options
	re    *regexp.Regexp
	names bool
	found bool
}

func (g *grep) search(name string, r io.Reader) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, grepLine)
	hits := 0
	prefix := ""
	if g.names {
		prefix = name + ":"
	}
	for n := 1; lines.Scan(); n++ {
		if g.re.Match(lines.Bytes()) == g.opts.has('v') {
			continue
		}
		g.found = true
		hits++
		switch {
		case g.opts.has('q'):
			return nil
		case g.opts.has('l'):
			g.p.printf("%s\n", name)
			return nil
		case g.opts.has('c'):
		case g.opts.has('o'):
			for _, m := range g.re.FindAll(lines.Bytes(), -1) {
				g.p.printf("%s%s\n", prefix, m)
			}
		case g.opts.has('n'):
			g.p.printf("%s%d:%s\n", prefix, n, lines.Bytes())
		default:
			g.p.printf("%s%s\n", prefix, lines.Bytes())
		}
	}
	if g.opts.has('c') {
		g.p.printf("%s%d\n", prefix, hits)
	}
	return lines.Err()
}
