package toybox

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"preship/adb/adbtest/vfs"
)

// count reads a number of bytes, blocks or lines; toybox takes suffixes of
// powers of 1024.
func count(s string) (int64, bool) {
	shift := 0
	if s != "" {
		if at := strings.IndexByte("kmgt", s[len(s)-1]|0x20); at >= 0 {
			shift, s = 10*(at+1), s[:len(s)-1]
		} else {
			s = strings.TrimSuffix(s, "c")
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n << shift, err == nil
}

// runHead prints the first lines, or with -c the first bytes, of each file.
func runHead(ctx context.Context, p *Process) int {
	for i, arg := range p.Args[1:] { // -5 is the old form of -n 5
		if len(arg) > 1 && arg[0] == '-' && strings.Trim(arg[1:], "0123456789") == "" && p.Args[i] != "-n" && p.Args[i] != "-c" {
			p.Args[i+1] = "-n" + arg[1:]
		}
	}
	opts, files, ok := p.Options("n:c:")
	if !ok {
		return 1
	}
	limit := int64(10)
	for _, letter := range []byte("nc") {
		if !opts.has(letter) {
			continue
		}
		if limit, ok = count(opts[letter]); !ok {
			return p.Fail("not integer: %s", opts[letter])
		}
		if limit < 0 {
			return p.Fail("-%c < 0 (see \"head --help\")", letter)
		}
	}
	gap := ""
	return p.eachInput(ctx, files, func(name string, r io.Reader) error {
		if len(files) > 1 {
			p.Printf("%s==> %s <==\n", gap, name)
			gap = "\n"
		}
		if opts.has('c') {
			_, err := io.CopyN(p.stdout, r, limit)
			return err
		}
		return p.copyLines(bufio.NewReader(r), limit)
	})
}

func (p *Process) copyLines(b *bufio.Reader, n int64) error {
	for range n {
		line, err := b.ReadSlice('\n')
		_, _ = p.stdout.Write(line)
		for err == bufio.ErrBufferFull {
			line, err = b.ReadSlice('\n')
			_, _ = p.stdout.Write(line)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sortRoom bounds the text that sort takes into memory.
const sortRoom = 16 << 20

// runSort prints the lines of its files, or of standard input, in the order of
// their bytes.
func runSort(ctx context.Context, p *Process) int {
	_, files, ok := p.Options("")
	if !ok {
		return 2
	}
	var all [][]byte
	code := p.eachInput(ctx, files, func(_ string, r io.Reader) error {
		b, err := io.ReadAll(io.LimitReader(r, sortRoom))
		for line := range bytes.Lines(b) {
			all = append(all, bytes.TrimSuffix(line, []byte("\n")))
		}
		return err
	})
	slices.SortFunc(all, bytes.Compare)
	for _, line := range all {
		p.Printf("%s\n", line)
	}
	if code != 0 {
		return 2
	}
	return 0
}

// wcCounts are lines, words and bytes.
type wcCounts [3]int64

func runWc(ctx context.Context, p *Process) int {
	opts, files, ok := p.Options("lwc")
	if !ok {
		return 1
	}
	var total wcCounts
	code := p.eachInput(ctx, files, func(name string, r io.Reader) error {
		n, err := countAll(r)
		for i := range total {
			total[i] += n[i]
		}
		if err == nil {
			p.Printf("%s\n", wcLine(n, name, opts, len(files)))
		}
		return err
	})
	if len(files) > 1 {
		p.Printf("%s\n", wcLine(total, "total", opts, len(files)))
	}
	return code
}

// wcLine returns one line of wc. Only the numbers of a single file, and a single
// number of standard input, are not aligned.
func wcLine(n wcCounts, name string, opts Letters, files int) string {
	var cells []string
	for i, letter := range []byte("lwc") {
		if opts.has(letter) || !opts.any("lwc") {
			cells = append(cells, strconv.FormatInt(n[i], 10))
		}
	}
	line := ""
	for i, cell := range cells {
		if i > 0 {
			line += " "
		}
		if files > 1 || files == 0 && len(cells) > 1 {
			cell = fmt.Sprintf("%7s", cell)
		}
		line += cell
	}
	if name != "-" {
		line += " " + name
	}
	return line
}

func countAll(r io.Reader) (n wcCounts, err error) {
	buf := make([]byte, copyBuffer)
	word := false
	for {
		got, err := r.Read(buf)
		for _, c := range buf[:got] {
			space := c == ' ' || c >= '\t' && c <= '\r'
			if !space && !word {
				n[1]++
			}
			word = !space
			if c == '\n' {
				n[0]++
			}
		}
		n[2] += int64(got)
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

// maxTextLine bounds a line that is searched.
const maxTextLine = 4 << 20

// runGrep prints the lines that match a basic regular expression. It takes no options.
func runGrep(ctx context.Context, p *Process) int {
	opts, args, ok := p.Options("EFcinqv")
	if !ok {
		return 2
	}
	if len(args) == 0 {
		p.complain("no REGEX")
		return 2
	}
	_, extended := opts['E']
	_, fixed := opts['F']
	_, counts := opts['c']
	_, folds := opts['i']
	_, numbers := opts['n']
	_, quiet := opts['q']
	_, inverts := opts['v']
	pattern := args[0]
	switch {
	case fixed:
		pattern = regexp.QuoteMeta(pattern)
	case !extended:
		pattern = literalSigns.Replace(pattern)
	}
	if folds {
		pattern = "(?i)" + pattern
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		p.complain("bad regex '%s': Invalid regular expression", args[0])
		return 2
	}
	hits := 0
	code := p.eachInput(ctx, args[1:], func(name string, r io.Reader) error {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, maxTextLine)
		found := 0
		for n := 1; lines.Scan(); n++ {
			if re.Match(lines.Bytes()) == inverts {
				continue
			}
			hits, found = hits+1, found+1
			if counts || quiet {
				continue
			}
			if len(args) > 2 {
				p.Printf("%s:", name)
			}
			if numbers {
				p.Printf("%d:", n)
			}
			p.Printf("%s\n", lines.Bytes())
		}
		if counts && !quiet {
			if len(args) > 2 {
				p.Printf("%s:", name)
			}
			p.Printf("%d\n", found)
		}
		if err := lines.Err(); err != nil { // unlike a file that cannot be opened
			p.complain("%s: %s", name, vfs.ErrnoOf(err))
		}
		return nil
	})
	switch {
	case code != 0:
		return 2
	case hits == 0:
		return 1
	}
	return 0
}

// literalSigns turns a basic regular expression into one of package regexp: groups and
// counts lose their backslash, and the same signs without one are plain text.
var literalSigns = strings.NewReplacer(`\(`, "(", `\)`, ")", `\{`, "{", `\}`, "}", `\|`, `\|`, "(", `\(`, ")", `\)`, "{", `\{`, "}", `\}`, "|", `\|`, "+", `\+`, "?", `\?`)
