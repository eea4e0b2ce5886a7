package adbtest

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// runLs is toybox ls, one name a line: its output is never a terminal here.
func runLs(ctx context.Context, p *process) int {
	opts, args, ok := p.options("aAbdFfhiklLmnopqrRsStuUZ1CxgGcH")
	if !ok {
		return 1
	}
	l := &lister{p: p, opts: opts}
	l.long = opts.has('l') || opts.has('n') || opts.has('o') || opts.has('g')
	if p.doubleL() {
		l.nanoseconds = true
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	var files, folders []entry
	for _, arg := range args {
		i, err := p.h.tree.statAs(p.abs(arg), opts.has('L') || opts.has('H') || !l.long && !opts.has('d'))
		if err != nil {
			i, err = p.h.tree.lstat(p.abs(arg))
		}
		switch {
		case err != nil:
			l.code = p.fail("%s: %s", arg, errnoOf(err))
		case i.isDir() && !opts.has('d'):
			folders = append(folders, entry{i, arg})
		default:
			files = append(files, entry{i, arg})
		}
	}
	l.show(files, false)
	l.headings = len(args) > 1 || opts.has('R')
	l.sort(folders)
	for n, dir := range folders {
		l.folder(ctx, dir.shown, n > 0 || len(files) > 0)
	}
	return l.code
}

// doubleL says whether -ll was given: full times.
func (p *process) doubleL() bool {
	return slices.ContainsFunc(p.args[1:], func(arg string) bool {
		return strings.HasPrefix(arg, "-") && strings.Count(arg, "l") > 1
	})
}

type entry struct {
	info
	shown string
}

type lister struct {
	p           *process
	opts        options
	long        bool
	nanoseconds bool
	headings    bool
	code        int
}

// folder lists one folder and, with -R, those in it.
func (l *lister) folder(ctx context.Context, name string, gap bool) {
	if ctx.Err() != nil || l.p.stdout.err != nil {
		return
	}
	kids, err := l.p.h.tree.readDir(l.p.abs(name))
	if err != nil {
		l.code = l.p.fail("%s: %s", name, errnoOf(err))
		return
	}
	if l.headings {
		if gap {
			l.p.printf("\n")
		}
		l.p.printf("%s:\n", name)
	}
	var entries []entry
	if l.opts.has('a') || l.opts.has('f') {
		for _, dot := range []string{".", ".."} {
			if i, err := l.p.h.tree.stat(l.p.abs(name) + "/" + dot); err == nil {
				entries = append(entries, entry{i, dot})
			}
		}
	}
	for _, kid := range kids {
		if !strings.HasPrefix(kid.name, ".") || l.opts.has('a') || l.opts.has('A') || l.opts.has('f') {
			entries = append(entries, entry{kid, kid.name})
		}
	}
	l.sort(entries)
	l.show(entries, true)
	if !l.opts.has('R') {
		return
	}
	for _, e := range entries {
		if e.isDir() && e.shown != "." && e.shown != ".." {
			l.folder(ctx, strings.TrimSuffix(name, "/")+"/"+e.shown, true)
		}
	}
}

func (l *lister) sort(entries []entry) {
	if l.opts.has('f') || l.opts.has('U') {
		return
	}
	slices.SortStableFunc(entries, func(a, b entry) int {
		c := strings.Compare(a.shown, b.shown)
		switch {
		case l.opts.has('S') && a.size != b.size:
			c = b2i(a.size < b.size) - b2i(a.size > b.size)
		case l.opts.has('t') && !a.mtime.Equal(b.mtime):
			c = b.mtime.Compare(a.mtime)
		}
		if l.opts.has('r') {
			c = -c
		}
		return c
	})
}

func (l *lister) show(entries []entry, total bool) {
	var sum int64
	rows := make([][]string, len(entries))
	widths := make([]int, 8)
	for n, e := range entries {
		sum += blocks(e.info) / 2
		rows[n] = l.columns(e)
		for i, cell := range rows[n] {
			widths[i] = max(widths[i], len(cell))
		}
	}
	if total && (l.long || l.opts.has('s')) {
		l.p.printf("total %d\n", sum)
	}
	if l.opts.has('m') {
		names := make([]string, len(entries))
		for n, e := range entries {
			names[n] = l.name(e)
		}
		l.p.printf("%s\n", strings.Join(names, ", "))
		return
	}
	for n, e := range entries {
		for i, cell := range rows[n] {
			l.p.printf("%*s ", l.align(i)*widths[i], cell)
		}
		l.p.printf("%s\n", l.name(e))
	}
}

// align is -1 for the columns that are left-aligned: owner and group.
func (l *lister) align(column int) int {
	before := b2i(l.opts.has('i')) + b2i(l.opts.has('s'))
	if column == before+2 || column == before+3 {
		return -1
	}
	return 1
}

// columns are what stands before the name.
func (l *lister) columns(e entry) []string {
	var c []string
	if l.opts.has('i') {
		c = append(c, strconv.FormatUint(e.ino, 10))
	}
	if l.opts.has('s') {
		c = append(c, strconv.FormatInt(blocks(e.info)/2, 10))
	}
	if !l.long {
		return c
	}
	user, group, size := idName(e.uid), idName(e.gid), strconv.FormatInt(e.size, 10)
	if l.opts.has('n') {
		user, group = strconv.FormatUint(uint64(e.uid), 10), strconv.FormatUint(uint64(e.gid), 10)
	}
	if l.opts.has('h') {
		size = humanSize(e.size)
	}
	layout := "2006-01-02 15:04"
	if l.nanoseconds {
		layout = statTime
	}
	return append(c, e.modeString(), strconv.FormatUint(uint64(e.nlink), 10), user, group, size, l.p.local(e.mtime).Format(layout))
}

func (l *lister) name(e entry) string {
	s := e.shown
	if l.opts.has('b') {
		s = escapeName(s)
	}
	switch {
	case l.long && e.isLink():
		s += " -> " + e.target
	case (l.opts.has('F') || l.opts.has('p')) && e.isDir():
		s += "/"
	case l.opts.has('F') && e.isLink():
		s += "@"
	case l.opts.has('F') && e.isFIFO():
		s += "|"
	case l.opts.has('F') && e.isRegular() && e.mode&0o111 != 0:
		s += "*"
	}
	return s
}

// escapeName is how -b writes what would not be clear: white space, backslash
// and bytes that are no UTF-8.
func escapeName(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch at := strings.IndexByte("\a\b\x1b\f\n\r\t\v\\ ", s[i]); {
		case at >= 0:
			b.WriteByte('\\')
			b.WriteByte(`abefnrtv\ `[at])
		case s[i] < ' ' || s[i] == 0x7f || r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\%03o`, s[i])
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

// humanSize is toybox's -h: one digit behind the point below ten.
func humanSize(n int64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10)
	}
	f, unit := float64(n), 0
	for f >= 1000 && unit < 6 {
		f /= 1024
		unit++
	}
	if f < 10 {
		return fmt.Sprintf("%.1f%c", f, "BKMGTPE"[unit])
	}
	return fmt.Sprintf("%.0f%c", f, "BKMGTPE"[unit])
}

func runReadlink(_ context.Context, p *process) int {
	opts, args, ok := p.options("fnq")
	if !ok {
		return 1
	}
	code := 0
	for _, arg := range args {
		if opts.has('f') {
			p.printf("%s\n", p.canonical(arg))
			continue
		}
		i, err := p.h.tree.lstat(p.abs(arg))
		if err != nil || !i.isLink() {
			code = 1
			continue
		}
		p.printf("%s\n", i.target)
	}
	return code
}

func runRealpath(_ context.Context, p *process) int {
	for _, arg := range p.args[1:] {
		full := p.canonical(arg)
		if full == arg {
			full = path.Clean(p.abs(arg))
		}
		p.printf("%s\n", full)
	}
	return 0
}
