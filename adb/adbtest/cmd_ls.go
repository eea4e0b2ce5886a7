package adbtest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const lsSpec = "aAbdFfhiklLmnNopqrRsStuZ1CxgcHw:\x01\x02"

// runLs is toybox ls, one name a line: its output is never a terminal here.
func runLs(ctx context.Context, p *process) int {
	opts, args, ok := p.options(lsSpec, "color=\x01", "full-time=\x02")
	if !ok {
		return 1
	}
	l := &lister{p: p, opts: opts, long: opts.any("lnog\x02"), nanoseconds: p.doubleL() || opts.has('\x02')}
	if len(args) == 0 {
		args = []string{"."}
	}
	var files, folders []entry
	for _, arg := range args {
		i, err := p.h.tree.statAs(p.abs(arg), opts.any("LH") || !l.long && !opts.has('d'))
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
	l.headings = len(folders)+len(files) > 1 || opts.has('R')
	if len(files) > 0 {
		// What is listed after something else was asked for has a line before it.
		if len(folders) > 0 {
			p.printf("\n")
		}
		l.sort(files)
		l.show(files, false)
	}
	l.sort(folders)
	for n, dir := range folders {
		l.folder(ctx, dir.shown, n > 0 || len(files) > 0)
	}
	return l.code
}

// doubleL says whether -ll was given: full times.
func (p *process) doubleL() bool {
	return slices.ContainsFunc(p.args[1:], func(arg string) bool {
		return strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--") && strings.Count(arg, "l") > 1
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
	if l.opts.has('f') {
		return
	}
	slices.SortStableFunc(entries, func(a, b entry) int {
		c := strings.Compare(a.shown, b.shown)
		switch {
		case l.opts.has('S') && a.size != b.size:
			c = cmp.Compare(b.size, a.size)
		case l.opts.has('t') && !l.time(a).Equal(l.time(b)):
			c = l.time(b).Compare(l.time(a))
		}
		if l.opts.has('r') {
			c = -c
		}
		return c
	})
}

// time is which of a file's times is shown and sorted by.
func (l *lister) time(e entry) time.Time {
	switch {
	case l.opts.has('u'):
		return e.atime
	case l.opts.has('c'):
		return e.ctime
	}
	return e.mtime
}

// size words a number of bytes, or of blocks of 1024 bytes with unit 1024.
func (l *lister) size(n, unit int64) string {
	if l.opts.has('h') {
		return humanSize(n * unit)
	}
	return strconv.FormatInt(n, 10)
}

func (l *lister) show(entries []entry, total bool) {
	var sum int64
	rows := make([][]string, len(entries))
	names := make([]string, len(entries))
	widths := make([]int, 8)
	for n, e := range entries {
		sum += blocks(e.info) / 2
		rows[n], names[n] = l.columns(e), l.name(e)
		for i, cell := range rows[n] {
			widths[i] = max(widths[i], len(cell))
		}
	}
	if total && (l.long || l.opts.has('s')) {
		l.p.printf("total %s\n", l.size(sum, 1024))
	}
	switch {
	case len(entries) == 0:
		return
	case l.opts.has('m'):
		l.p.printf("%s\n", strings.Join(names, ", "))
		return
	case l.opts.any("Cx") && !l.long && !l.opts.any("is1"):
		l.table(names)
		return
	}
	for n := range entries {
		for i, cell := range rows[n] {
			l.p.printf("%*s ", l.align(i)*widths[i], cell)
		}
		l.p.printf("%s\n", names[n])
	}
}

// table prints names in as many columns as fit on 80 characters: -C down, -x
// across.
func (l *lister) table(names []string) {
	room := 80
	if n, ok := count(l.opts['w']); ok && n > 0 {
		room = int(min(n, 1000))
	}
	at := func(row, column, rows, columns int) int {
		if l.opts.has('x') {
			return row*columns + column
		}
		return column*rows + row
	}
	for columns := len(names); columns > 0; columns-- {
		rows := (len(names) + columns - 1) / columns
		widths, total := make([]int, columns), 0
		for column := range columns {
			for row := range rows {
				if i := at(row, column, rows, columns); i < len(names) {
					widths[column] = max(widths[column], utf8.RuneCountInString(names[i]))
				}
			}
			total += widths[column] + 2
		}
		if total-2 >= room && columns > 1 {
			continue
		}
		for row := range rows {
			line := ""
			for column := range columns {
				if i := at(row, column, rows, columns); i < len(names) {
					line += fmt.Sprintf("%-*s", widths[column]+2, names[i])
				}
			}
			l.p.printf("%s\n", strings.TrimRight(line, " "))
		}
		return
	}
}

// align is -1 for the columns that are left-aligned: owner and group.
func (l *lister) align(column int) int {
	before := b2i(l.opts.has('i')) + b2i(l.opts.has('s'))
	owners := 2 - b2i(l.opts.has('o')) - b2i(l.opts.has('g'))
	if column >= before+2 && column < before+2+owners {
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
		c = append(c, l.size(blocks(e.info)/2, 1024))
	}
	if l.opts.has('Z') && !l.long {
		return append(c, "?")
	}
	if !l.long {
		return c
	}
	user, group := idName(e.uid), idName(e.gid)
	if l.opts.has('n') {
		user, group = strconv.FormatUint(uint64(e.uid), 10), strconv.FormatUint(uint64(e.gid), 10)
	}
	c = append(c, e.modeString(), strconv.FormatUint(uint64(e.nlink), 10))
	if !l.opts.has('g') {
		c = append(c, user)
	}
	if !l.opts.has('o') {
		c = append(c, group)
	}
	layout := "2006-01-02 15:04"
	if l.nanoseconds {
		layout = statTime
	}
	return append(c, l.size(e.size, 1), l.p.local(l.time(e)).Format(layout))
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

// humanSize is toybox's -h: at most three digits, of which one may be behind the
// point. It is rounded at every division, but not where there is a point.
func humanSize(n int64) string {
	whole, before, unit := n, n, 0
	for ; whole > 999 && unit < 6; unit++ {
		before, whole = whole, (whole+512)/1024
	}
	switch {
	case unit == 0:
		return strconv.FormatInt(n, 10)
	case whole < 10:
		return fmt.Sprintf("%d.%d%c", before/1024, (before%1024*100+50)/1024/10, "BKMGTPE"[unit])
	}
	return fmt.Sprintf("%d%c", whole, "BKMGTPE"[unit])
}
