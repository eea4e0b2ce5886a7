package adbtest

import (
	"bytes"
	"context"
	"io"
	"path"
	"regexp"
	"strings"
)

const grepSpec = "ivcnqlLEFwxhHobsazre*f*A:B:C:m:M*S*"

// runGrep is toybox grep. Its status is 2 when a file cannot be opened, but not
// when one turns out to be a folder.
func runGrep(ctx context.Context, p *process) int {
	p.minusContext()
	opts, args, ok := p.options(grepSpec, "include=M", "exclude=S", "color=\x01", "line-number=n", "ignore-case=i", "recursive=r")
	if !ok {
		return 2
	}
	switch p.args[0] {
	case "egrep":
		opts['E'] = ""
	case "fgrep":
		opts['F'] = ""
	}
	g := &grep{p: p, opts: opts, end: '\n'}
	if args, ok = g.patterns(ctx, args); !ok {
		return 2
	}
	if opts.has('z') {
		g.end = 0
	}
	g.before, g.after = g.around('B'), g.around('A')
	if len(args) == 0 && opts.has('r') {
		args = []string{"."}
	}
	g.names = (len(args) > 1 || opts.has('r')) && !opts.has('h') || opts.has('H')
	g.files(ctx, args)
	if g.status != 0 {
		return g.status
	}
	return b2i(!g.found)
}

// minusContext turns -3 into -C 3.
func (p *process) minusContext() {
	for i, arg := range p.args[1:] {
		if len(arg) > 1 && arg[0] == '-' && strings.Trim(arg[1:], "0123456789") == "" && !strings.HasPrefix(p.args[i], "-") {
			p.args[i+1] = "-C" + arg[1:]
		}
	}
}

type grep struct {
	p             *process
	opts          options
	re            *regexp.Regexp
	end           byte
	names         bool
	before, after int
	found         bool
	parted        bool // something with context was printed
	status        int
}

// around is how many lines of context are wanted on one side.
func (g *grep) around(side byte) int {
	for _, letter := range []byte{side, 'C'} {
		if n, ok := count(g.opts[letter]); ok && n > 0 {
			return int(min(n, 1000))
		}
	}
	return 0
}

// patterns takes the patterns from the options, or else the first argument, and
// returns the other arguments.
func (g *grep) patterns(ctx context.Context, args []string) ([]string, bool) {
	p := g.p
	var list []string
	if g.opts.has('e') {
		list = strings.Split(g.opts['e'], "\n")
	}
	if g.opts.has('f') {
		for name := range strings.SplitSeq(g.opts['f'], "\n") {
			if p.eachInput(ctx, []string{name}, func(_ string, r io.Reader) error {
				b, err := readText(r)
				list = append(list, strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")...)
				return err
			}) != 0 {
				return nil, false
			}
		}
	}
	if !g.opts.any("ef") {
		if len(args) == 0 {
			p.complain("no REGEX")
			return nil, false
		}
		list, args = strings.Split(args[0], "\n"), args[1:]
	}
	for i, one := range list {
		switch {
		case g.opts.has('F'):
			list[i] = regexp.QuoteMeta(one)
		case !g.opts.has('E'):
			list[i] = basicPattern(one)
		}
		if _, err := regexp.Compile(list[i]); err != nil {
			p.complain("bad regex '%s': Invalid regular expression", one)
			return nil, false
		}
	}
	g.re = grepPattern(list, g.opts)
	return args, g.re != nil
}

func grepPattern(list []string, opts options) *regexp.Regexp {
	pattern := `(?:` + strings.Join(list, "|") + `)`
	if opts.has('w') {
		pattern = `\b` + pattern + `\b`
	}
	if opts.has('x') {
		pattern = `^` + pattern + `$`
	}
	if opts.has('i') {
		pattern = `(?i)` + pattern
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil
	}
	re.Longest()
	return re
}

// basicPattern turns a basic regular expression into an extended one: groups
// and counts are written with a backslash in the one and without in the other,
// and what a basic one has not got is plain text. Word ends are \< and \>.
func basicPattern(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			switch {
			case strings.IndexByte("(){}", s[i]) >= 0:
				b.WriteByte(s[i])
			case s[i] == '<' || s[i] == '>':
				b.WriteString(`\b`)
			default:
				b.WriteString(s[i-1 : i+1])
			}
		case strings.IndexByte("(){}|+?", s[i]) >= 0:
			b.WriteString(`\` + s[i:i+1])
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// files searches what was named, and with -r what lies below.
func (g *grep) files(ctx context.Context, args []string) {
	if len(args) == 0 {
		args = []string{"-"}
	}
	for _, name := range args {
		if i, err := g.p.h.tree.stat(g.p.abs(name)); g.opts.has('r') && name != "-" && err == nil && i.isDir() {
			g.below(ctx, name)
			continue
		}
		g.one(ctx, name, false)
	}
}

// below searches a folder; links in it are followed to files, but not walked.
func (g *grep) below(ctx context.Context, dir string) {
	kids, err := g.p.h.tree.readDir(g.p.abs(dir))
	if err != nil {
		g.complain(dir, errnoOf(err).Error())
		return
	}
	for _, kid := range kids {
		if ctx.Err() != nil || g.p.stdout.err != nil {
			return
		}
		name := strings.TrimSuffix(dir, "/") + "/" + kid.name
		switch {
		case kid.isDir():
			g.below(ctx, name)
		case g.wanted(kid.name):
			g.one(ctx, name, true)
		}
	}
}

// wanted applies --include and --exclude to a name.
func (g *grep) wanted(name string) bool {
	listed := func(letter byte) bool {
		for pattern := range strings.SplitSeq(g.opts[letter], "\n") {
			if matches(pattern, path.Base(name)) {
				return true
			}
		}
		return false
	}
	return (!g.opts.has('M') || listed('M')) && (!g.opts.has('S') || !listed('S'))
}

func (g *grep) complain(name, why string) {
	if !g.opts.has('s') {
		g.p.complain("%s: %s", name, why)
	}
}

func (g *grep) one(ctx context.Context, name string, walked bool) {
	r, closer, err := g.p.input(ctx, name)
	switch {
	case err != nil && walked: // toybox opens nothing and reads from that
		g.complain(name, "Bad file descriptor")
		return
	case err != nil:
		g.complain(name, errnoOf(err).Error())
		g.status = 2
		return
	}
	defer closer()
	if name == "-" {
		name = "(standard input)"
	}
	if err := g.search(name, r); err != nil {
		g.complain(name, errnoOf(err).Error())
	}
}

func (g *grep) search(name string, r io.Reader) error {
	lines := newLines(r, g.end)
	f := &grepFile{grep: g, name: name}
	most := int64(1) << 62
	if n, ok := count(g.opts['m']); ok {
		most = n
	}
	for f.hits < most && lines.Scan() {
		f.n++
		line := lines.Bytes()
		if g.re.Match(line) != g.opts.has('v') {
			g.found = true
			f.hits++
			if g.opts.any("qlL") {
				break
			}
			f.hit(line)
		} else {
			f.miss(line)
		}
		f.offset += int64(len(line)) + 1
	}
	switch {
	case g.opts.has('q'):
	case g.opts.has('l') && f.hits > 0, g.opts.has('L') && f.hits == 0 && lines.Err() == nil:
		g.p.printf("%s\n", name)
	case g.opts.has('c') && lines.Err() == nil:
		g.p.printf("%s%d\n", f.prefix(':'), f.hits)
	}
	return lines.Err()
}

// grepFile is where grep is in one file.
type grepFile struct {
	*grep
	name    string
	n, hits int64
	offset  int64
	held    [][]byte // lines before the next hit
	owed    int      // lines of context still to print
	last    int64    // number of the line printed last
}

func (f *grepFile) prefix(sep byte) string {
	if f.names {
		return f.name + string(sep)
	}
	return ""
}

func (f *grepFile) print(n, offset int64, text []byte, sep byte) {
	f.p.printf("%s", f.prefix(sep))
	if f.opts.has('n') {
		f.p.printf("%d%c", n, sep)
	}
	if f.opts.has('b') {
		f.p.printf("%d%c", offset, sep)
	}
	f.p.printf("%s%c", text, f.end)
	f.last = n
}

func (f *grepFile) hit(line []byte) {
	switch {
	case f.opts.has('c'):
		return
	case f.opts.has('o'):
		for _, at := range f.re.FindAllIndex(line, -1) {
			if at[0] < at[1] {
				f.print(f.n, f.offset+int64(at[0]), line[at[0]:at[1]], ':')
			}
		}
		return
	}
	first := f.n - int64(len(f.held))
	if f.before+f.after > 0 && f.parted && first > f.last+1 {
		f.p.printf("--\n")
	}
	for i, text := range f.held {
		f.print(first+int64(i), 0, text, '-')
	}
	f.print(f.n, f.offset, line, ':')
	f.held, f.owed, f.parted = f.held[:0], f.after, true
}

func (f *grepFile) miss(line []byte) {
	switch {
	case f.opts.any("coqlL"):
	case f.owed > 0:
		f.owed--
		f.print(f.n, f.offset, line, '-')
	case f.before > 0:
		if len(f.held) == f.before {
			f.held = f.held[1:]
		}
		f.held = append(f.held, bytes.Clone(line))
	}
}
