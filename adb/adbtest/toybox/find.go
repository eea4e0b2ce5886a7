package toybox

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"preship/adb/adbtest/vfs"
)

// runFind is toybox find with the test -type, the limit -maxdepth, and the actions
// -print and -print0.
func runFind(ctx context.Context, p *Process) int {
	f := &finder{p: p, maxDepth: math.MaxInt, end: "\n"}
	args := p.Args[1:]
	var roots []string
	for len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		roots, args = append(roots, args[0]), args[1:]
	}
	if len(roots) == 0 {
		roots = []string{"."}
	}
	if err := f.parse(args); err != nil {
		return p.Fail("%s", err)
	}
	for _, root := range roots {
		i, err := p.sys.Tree().Lstat(p.Abs(root))
		if err != nil {
			f.code = p.Fail("'%s': %s", root, vfs.ErrnoOf(err))
			continue
		}
		if !f.visit(ctx, root, i, 0) {
			break
		}
	}
	return f.code
}

// finder is one run of find.
type finder struct {
	p        *Process
	kind     uint32 // the only type of file to print, 0 for any
	maxDepth int
	end      string // of each path
	code     int
}

// fileTypes are the letters of -type.
var fileTypes = map[string]uint32{"f": vfs.ModeFile, "d": vfs.ModeDir, "l": vfs.ModeLink, "p": vfs.ModeFIFO, "c": vfs.ModeChar}

// parse reads the expression. Its errors are worded as toybox words them: of a
// word it does not know, toybox means to name it, and names the next.
func (f *finder) parse(args []string) error {
	for ; len(args) > 0; args = args[1:] {
		word := args[0]
		switch word {
		case "-print", "-print0":
			f.end = map[string]string{"-print": "\n", "-print0": "\x00"}[word]
			continue
		case "-type", "-maxdepth":
		default:
			return fmt.Errorf("bad arg '%s'", append(args[1:], "(null)")[0])
		}
		if args = args[1:]; len(args) == 0 {
			return fmt.Errorf("'%s' needs 1 arg", word)
		}
		ok := false
		if word == "-type" {
			if f.kind, ok = fileTypes[args[0]]; !ok {
				return fmt.Errorf("bad -type '%s'", args[0])
			}
			continue
		}
		n, err := strconv.Atoi(args[0])
		if err != nil || n < 0 {
			return fmt.Errorf("not integer: %s", args[0])
		}
		f.maxDepth = n
	}
	return nil
}

// visit prints one file and goes below it. It is false once the output is closed
// or ctx done.
func (f *finder) visit(ctx context.Context, name string, i vfs.Info, depth int) bool {
	if f.kind == 0 || f.kind == i.Mode&vfs.ModeType {
		if _, err := f.p.stdout.WriteString(name + f.end); err != nil {
			f.p.stdout.err = err
		}
	}
	if i.IsDir() && depth < f.maxDepth {
		kids, err := f.p.sys.Tree().ReadDir(f.p.Abs(name))
		if err != nil {
			f.code = f.p.Fail("%s: %s", name, vfs.ErrnoOf(err))
		}
		for _, kid := range kids {
			if !f.visit(ctx, strings.TrimSuffix(name, "/")+"/"+kid.Name, kid, depth+1) {
				return false
			}
		}
	}
	return ctx.Err() == nil && f.p.stdout.err == nil
}
