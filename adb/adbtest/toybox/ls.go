package toybox

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"preship/adb/adbtest/vfs"
)

// runLs is toybox ls with the options -1, -A, -a, -d and -l. It prints one name
// a line: its output is never a terminal here.
func runLs(_ context.Context, p *Process) int {
	opts, args, ok := p.Options("1Aadl")
	if !ok {
		return 1
	}
	l := &lister{p: p, opts: opts}
	if len(args) == 0 {
		args = []string{"."}
	}
	var files, folders []entry
	for _, arg := range args {
		i, err := p.sys.Tree().StatAs(p.Abs(arg), !opts.any("dl"))
		if err != nil {
			i, err = p.sys.Tree().Lstat(p.Abs(arg))
		}
		switch {
		case err != nil:
			l.code = p.Fail("%s: %s", arg, vfs.ErrnoOf(err))
		case i.IsDir() && !opts.has('d'):
			folders = append(folders, entry{i, arg})
		default:
			files = append(files, entry{i, arg})
		}
	}
	if len(files) > 0 {
		// Files listed beside folders have a line before them.
		if len(folders) > 0 {
			p.Printf("\n")
		}
		l.show(files)
	}
	slices.SortStableFunc(folders, byName)
	for n, dir := range folders {
		if n > 0 || len(files) > 0 {
			p.Printf("\n")
		}
		if len(folders)+len(files) > 1 {
			p.Printf("%s:\n", dir.shown)
		}
		l.folder(dir.shown)
	}
	return l.code
}

// entry is a file and the name it is listed by.
type entry struct {
	vfs.Info
	shown string
}

func byName(a, b entry) int { return strings.Compare(a.shown, b.shown) }

// lister is one run of ls.
type lister struct {
	p    *Process
	opts Letters
	code int
}

// folder lists the files in a folder.
func (l *lister) folder(name string) {
	kids, err := l.p.sys.Tree().ReadDir(l.p.Abs(name))
	if err != nil {
		l.code = l.p.Fail("%s: %s", name, vfs.ErrnoOf(err))
		return
	}
	var entries []entry
	if l.opts.has('a') {
		for _, dot := range []string{".", ".."} {
			if i, err := l.p.sys.Tree().Stat(l.p.Abs(name) + "/" + dot); err == nil {
				entries = append(entries, entry{i, dot})
			}
		}
	}
	var sum int64
	for _, kid := range kids {
		if !strings.HasPrefix(kid.Name, ".") || l.opts.any("Aa") {
			entries = append(entries, entry{kid, kid.Name})
		}
	}
	for _, e := range entries {
		sum += blocks(e.Info) / 2
	}
	if l.opts.has('l') {
		l.p.Printf("total %d\n", sum)
	}
	l.show(entries)
}

func (l *lister) show(entries []entry) {
	slices.SortStableFunc(entries, byName)
	if !l.opts.has('l') {
		for _, e := range entries {
			l.p.Printf("%s\n", e.shown)
		}
		return
	}
	widths := make([]int, 6)
	rows := make([][]string, len(entries))
	for n, e := range entries {
		rows[n] = l.columns(e)
		for i, cell := range rows[n] {
			widths[i] = max(widths[i], len(cell))
		}
	}
	for n, r := range rows {
		l.p.Printf("%-*s %*s %-*s %-*s %*s %s %s", widths[0], r[0], widths[1], r[1], widths[2], r[2], widths[3], r[3], widths[4], r[4], r[5], entries[n].shown)
		if entries[n].IsLink() {
			l.p.Printf(" -> %s", entries[n].Target)
		}
		l.p.Printf("\n")
	}
}

// columns returns the columns of -l before the name.
func (l *lister) columns(e entry) []string {
	return []string{
		e.ModeString(), strconv.FormatUint(uint64(e.NLink), 10), vfs.IDName(e.UID), vfs.IDName(e.GID),
		strconv.FormatInt(e.Size, 10), e.MTime.In(l.p.sys.Now().Location()).Format("2006-01-02 15:04"),
	}
}
