package toybox

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"preship/adb/adbtest/vfs"
)

// runLs is toybox ls without options. It prints one name a line: its output is never a
// terminal here.
func runLs(_ context.Context, p *Process) int {
	_, args, ok := p.Options("")
	if !ok {
		return 1
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	var files, folders []string
	code := 0
	for _, arg := range args {
		i, err := p.sys.Tree().Stat(p.Abs(arg))
		if err != nil {
			i, err = p.sys.Tree().Lstat(p.Abs(arg))
		}
		switch {
		case err != nil:
			code = p.Fail("%s: %s", arg, vfs.ErrnoOf(err))
		case i.IsDir():
			folders = append(folders, arg)
		default:
			files = append(files, arg)
		}
	}
	if len(files) > 0 && len(folders) > 0 { // files listed beside folders have a line before them
		p.Printf("\n")
	}
	p.printSorted(files)
	slices.Sort(folders)
	for n, dir := range folders {
		if n > 0 || len(files) > 0 {
			p.Printf("\n")
		}
		if len(folders)+len(files) > 1 {
			p.Printf("%s:\n", dir)
		}
		kids, err := p.sys.Tree().ReadDir(p.Abs(dir))
		if err != nil {
			code = p.Fail("%s: %s", dir, vfs.ErrnoOf(err))
		}
		var names []string
		for _, kid := range kids {
			if !strings.HasPrefix(kid.Name, ".") {
				names = append(names, kid.Name)
			}
		}
		p.printSorted(names)
	}
	return code
}

func (p *Process) printSorted(names []string) {
	slices.Sort(names)
	for _, name := range names {
		p.Printf("%s\n", name)
	}
}

// runStat is stat -c.
func runStat(_ context.Context, p *Process) int {
	opts, files, ok := p.Options("c:")
	switch {
	case !ok || !p.needs(files, 1):
		return 1
	case !opts.has('c'):
		return p.Fail("only -c is emulated")
	}
	code := 0
	for _, name := range files {
		i, err := p.sys.Tree().Lstat(p.Abs(name))
		if err != nil {
			code = p.Fail("'%s': %s", name, vfs.ErrnoOf(err))
			continue
		}
		values := map[string]string{
			"%%": "%", "%a": strconv.FormatUint(uint64(i.Mode&vfs.ModePerms), 8), "%f": strconv.FormatUint(uint64(i.Mode), 16),
			"%n": name, "%s": number(i.Size), "%Y": number(i.MTime.Unix()),
		}
		p.Printf("%s\n", statField.ReplaceAllStringFunc(opts['c'], func(field string) string {
			if value, ok := values[field]; ok {
				return value
			}
			return "?"
		}))
	}
	return code
}

var statField = regexp.MustCompile(`%.`)

func number(n int64) string { return strconv.FormatInt(n, 10) }
