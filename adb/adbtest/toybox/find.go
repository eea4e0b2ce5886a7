package toybox

import (
	"context"
	"fmt"
	"path"
	"strconv"
	"strings"

	"preship/adb/adbtest/vfs"
)

// runFind is toybox find with the tests -type and -name, the limits -maxdepth
// and -mindepth, and the actions -print and -print0.
func runFind(ctx context.Context, p *Process) int {
	f := &finder{p: p, maxDepth: -1}
	args := p.Args[1:]
	var roots []string
	for len(args) > 0 && !strings.HasPrefix(args[0], "-") && args[0] != "!" && args[0] != "(" {
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
	words    []findWord
	acts     bool // an action was given, so that -print is not implied
	minDepth int
	maxDepth int // below 0: no limit
	code     int
}

// found is the file that a word tests.
type found struct {
	vfs.Info
	path string
}

// findWord is a test, or an action that is always true.
type findWord func(at found) bool

// fileTypes are the letters of -type.
var fileTypes = map[string]uint32{"f": vfs.ModeFile, "d": vfs.ModeDir, "l": vfs.ModeLink, "p": vfs.ModeFIFO, "c": vfs.ModeChar}

// parse reads the expression. Its errors are worded as toybox words them: of a
// word it does not know, toybox means to name it, and names the next.
func (f *finder) parse(args []string) error {
	for len(args) > 0 {
		word := args[0]
		args = args[1:]
		switch word {
		case "-a":
			continue
		case "-print", "-print0":
			f.acts = true
			f.words = append(f.words, f.printer(map[string]string{"-print": "\n", "-print0": "\x00"}[word]))
			continue
		case "-type", "-name", "-maxdepth", "-mindepth":
		default:
			return fmt.Errorf("bad arg '%s'", append(args, "(null)")[0])
		}
		if len(args) == 0 {
			return fmt.Errorf("'%s' needs 1 arg", word)
		}
		if err := f.test(word, args[0]); err != nil {
			return err
		}
		args = args[1:]
	}
	return nil
}

// test adds a word that takes a value.
func (f *finder) test(word, value string) (err error) {
	switch word {
	case "-type":
		kind, ok := fileTypes[value]
		if !ok {
			return fmt.Errorf("bad -type '%s'", value)
		}
		f.words = append(f.words, func(at found) bool { return at.Mode&vfs.ModeType == kind })
	case "-name":
		f.words = append(f.words, func(at found) bool {
			hit, err := path.Match(value, path.Base(at.path))
			return hit && err == nil
		})
	case "-maxdepth":
		f.maxDepth, err = depth(value)
	case "-mindepth":
		f.minDepth, err = depth(value)
	}
	return err
}

func depth(value string) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("not integer: %s", value)
	}
	return n, nil
}

// printer returns the action that prints the path and an end.
func (f *finder) printer(end string) findWord {
	return func(at found) bool {
		if _, err := f.p.stdout.WriteString(at.path + end); err != nil {
			f.p.stdout.err = err
		}
		return true
	}
}

// visit tests one file and goes below it. It is false once the output is closed
// or ctx done.
func (f *finder) visit(ctx context.Context, name string, i vfs.Info, depth int) bool {
	if depth >= f.minDepth {
		f.evaluate(found{i, name})
	}
	if i.IsDir() && (f.maxDepth < 0 || depth < f.maxDepth) {
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

func (f *finder) evaluate(at found) {
	for _, word := range f.words {
		if !word(at) {
			return
		}
	}
	if !f.acts {
		f.printer("\n")(at)
	}
}
