package toybox

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
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

// xargsBytes is about what one command line may hold; toybox leaves room below
// the kernel's 128 KiB for one argument list.
const xargsBytes = 96 << 10

// runXargs is toybox xargs: it reads names from standard input and runs the
// command on batches of them as they come.
func runXargs(ctx context.Context, p *Process) int {
	opts, line, ok := p.Options("+0")
	if !ok {
		return 1
	}
	if len(line) == 0 {
		line = []string{"echo"}
	}
	words := wordReader(p.Stdin, opts.has('0'))
	code, ran := 0, false
	for more := true; more && ctx.Err() == nil && p.stdout.err == nil; {
		var batch []string
		batch, more = takeBatch(words)
		// With no input at all the command still runs once.
		if len(batch) == 0 && ran {
			break
		}
		ran = true
		switch status := p.Sub(ctx, slices.Concat(line, batch), strings.NewReader("")); {
		case status == ExitNotFound || status == 126:
			return status
		case status == 255:
			p.complain("%s: exited with status 255; aborting", line[0])
			return 124
		case status != 0:
			code = 123
		}
	}
	return code
}

// takeBatch collects words for one command line. more is false at the end of
// the input.
func takeBatch(words func() (string, bool)) (batch []string, more bool) {
	for size := 0; size < xargsBytes; {
		word, ok := words()
		if !ok {
			return batch, false
		}
		batch = append(batch, word)
		size += len(word) + 1
	}
	return batch, true
}

// wordReader returns the words of r one by one: ended by NUL, by a newline, or by
// any white space with quotes undone.
func wordReader(r io.Reader, nul bool) func() (string, bool) {
	b := bufio.NewReader(r)
	end := byte('\n')
	if nul {
		end = 0
	}
	var rest []string
	return func() (string, bool) {
		for len(rest) == 0 {
			word, err := b.ReadString(end)
			word = strings.TrimSuffix(word, string(rune(end)))
			switch {
			case err != nil && word == "":
				return "", false
			case nul:
				rest = []string{word}
			default:
				rest = strings.Fields(word)
			}
		}
		word := rest[0]
		rest = rest[1:]
		return word, true
	}
}
