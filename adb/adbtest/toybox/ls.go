package toybox

import (
	"context"
	"slices"
	"strings"

	"preship/adb/adbtest/vfs"
)

// runLs is toybox ls without options. It prints one name a line: its output is never a
// terminal here.
func runLs(_ context.Context, p *Process) int {
	if len(p.names) == 0 {
		p.names = []string{"."}
	}
	var files, folders []string
	code := p.each("%s: %s", func(name string) error {
		i, err := p.sys.Tree().Stat(p.Abs(name))
		if err != nil {
			i, err = p.sys.Tree().Lstat(p.Abs(name))
		}
		switch {
		case err != nil:
			return err
		case i.IsDir():
			folders = append(folders, name)
		default:
			files = append(files, name)
		}
		return nil
	})
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
