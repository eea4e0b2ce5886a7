package toybox

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"preship/adb/adbtest/vfs"
)

// runFind is toybox find with the test -type, the limit -maxdepth, and the actions
// -print and -print0.
func runFind(ctx context.Context, p *Process) int {
	f := &finder{maxDepth: math.MaxInt, end: "\n"}
	args := p.Args[1:]
	for len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		p.names, args = append(p.names, args[0]), args[1:]
	}
	if len(p.names) == 0 {
		p.names = []string{"."}
	}
	if err := f.parse(args); err != nil {
		return p.Fail("%s", err)
	}
	code, err := p.walk(ctx, "'%s': %s", f.maxDepth, func(name string, i vfs.Info) (err error) {
		if f.kind == 0 || f.kind == i.Mode&vfs.ModeType {
			_, err = p.stdout.WriteString(name + f.end)
		}
		return err
	})
	if err != nil { // the reader is gone
		return 1
	}
	return code
}

// finder is the expression of find.
type finder struct {
	kind     uint32 // the only type of file to print, 0 for any
	maxDepth int
	end      string // of each path
}

// fileTypes are the letters of -type, and ends the ways to end a path.
var (
	fileTypes = map[string]uint32{"f": vfs.ModeFile, "d": vfs.ModeDir, "l": vfs.ModeLink}
	ends      = map[string]string{"-print": "\n", "-print0": "\x00"}
)

// parse reads the expression. Its errors are worded as toybox words them: of a
// word it does not know, toybox means to name it, and names the next.
func (f *finder) parse(args []string) (err error) {
	for ; len(args) > 0; args = args[1:] {
		word := args[0]
		if end, ok := ends[word]; ok {
			f.end = end
			continue
		}
		next := "(null)"
		if len(args) > 1 {
			next = args[1]
		}
		kind, ok := fileTypes[next]
		switch {
		case word != "-type" && word != "-maxdepth":
			return fmt.Errorf("bad arg '%s'", next)
		case len(args) == 1:
			return fmt.Errorf("'%s' needs 1 arg", word)
		case word == "-type" && !ok:
			return fmt.Errorf("bad -type '%s'", next)
		case word == "-type":
			f.kind = kind
		default:
			if f.maxDepth, err = strconv.Atoi(next); err != nil || f.maxDepth < 0 {
				return fmt.Errorf("not integer: %s", next)
			}
		}
		args = args[1:]
	}
	return nil
}

// walk calls fn with every file that is named, and with all below it down to a depth,
// until fn returns an error or ctx is done. What cannot be looked at is complained of: a
// name in this form. code is 1 then.
func (p *Process) walk(ctx context.Context, form string, depth int, fn func(name string, i vfs.Info) error) (code int, err error) {
	var visit func(name string, i vfs.Info, depth int) error
	visit = func(name string, i vfs.Info, depth int) error {
		if err := fn(name, i); err != nil || !i.IsDir() || depth == 0 {
			return err
		}
		kids, err := p.sys.Tree().ReadDir(p.Abs(name))
		if err != nil {
			code = p.Fail("%s: %s", name, vfs.ErrnoOf(err))
		}
		for _, kid := range kids {
			if err := visit(below(name, kid), kid, depth-1); err != nil {
				return err
			}
		}
		return ctx.Err()
	}
	for _, name := range p.names {
		i, err := p.sys.Tree().Lstat(p.Abs(name))
		if err != nil {
			code = p.Fail(form, name, vfs.ErrnoOf(err))
		} else if err := visit(name, i, depth); err != nil {
			return code, err
		}
	}
	return code, nil
}

// xargsBytes is about what one command line may hold; toybox leaves room below
// the kernel's 128 KiB for one argument list.
const xargsBytes = 96 << 10

// runXargs is toybox xargs: it reads words, or with -0 names that end in NUL, from
// standard input and runs the command on batches of them as they come.
func runXargs(ctx context.Context, p *Process) int {
	line := p.names
	if len(line) == 0 {
		line = []string{"echo"}
	}
	words := bufio.NewScanner(p.Stdin)
	words.Buffer(nil, xargsBytes)
	words.Split(bufio.ScanWords)
	if p.opts.has('0') {
		words.Split(scanNames)
	}
	code := 0
	// With no input at all the command still runs once.
	for ran, more := false, true; more && ctx.Err() == nil && p.Flush(); ran = true {
		var batch []string
		for size := 0; size < xargsBytes; size += len(words.Bytes()) + 1 {
			if more = words.Scan(); !more {
				break
			}
			batch = append(batch, words.Text())
		}
		if len(batch) == 0 && (ran || words.Err() != nil) {
			break
		}
		switch status := p.Sub(ctx, slices.Concat(line, batch), strings.NewReader("")); {
		case status == ExitNotFound || status == exitNoExec:
			return status
		case status != 0:
			code = 123
		}
	}
	if words.Err() == bufio.ErrTooLong {
		return p.Fail("argument too long")
	}
	return code
}

// scanNames splits a text at each NUL.
func scanNames(text []byte, ended bool) (used int, name []byte, err error) {
	if at := bytes.IndexByte(text, 0); at >= 0 {
		return at + 1, text[:at], nil
	}
	if ended && len(text) > 0 {
		return len(text), text, nil
	}
	return 0, nil, nil
}
