package toybox

import (
	"bufio"
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
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n << shift, err == nil
}

// oldLines is the old form of -n.
var oldLines = regexp.MustCompile(`^-\d+$`)

// runHead prints the first lines, or with -c the first bytes, of each file.
func runHead(ctx context.Context, p *Process) int {
	if len(p.Args) > 1 && oldLines.MatchString(p.Args[1]) {
		p.Args[1] = "-n" + p.Args[1][1:]
	}
	limit, ok := int64(10), false
	if p.opts, p.names, ok = p.Options("n:c:"); !ok {
		return 1
	}
	for _, letter := range []byte("nc") {
		if !p.opts.has(letter) {
			continue
		}
		if limit, ok = count(p.opts[letter]); !ok {
			return p.Fail("not integer: %s", p.opts[letter])
		}
		if limit < 0 {
			return p.Fail("-%c < 0 (see \"head --help\")", letter)
		}
	}
	gap, many := "", len(p.names) > 1
	return p.eachInput(ctx, func(name string, r io.Reader) (err error) {
		if many {
			p.Printf("%s==> %s <==\n", gap, name)
			gap = "\n"
		}
		if p.opts.has('c') {
			_, err = io.CopyN(p.stdout, r, limit)
			return err
		}
		b := bufio.NewReader(r)
		for n := int64(0); n < limit && err == nil; {
			var line []byte
			line, err = b.ReadSlice('\n')
			_, _ = p.stdout.Write(line)
			if err == bufio.ErrBufferFull {
				err = nil
			} else {
				n++
			}
		}
		return err
	})
}

// sortRoom bounds the text that sort takes into memory.
const sortRoom = 16 << 20

// runSort prints the lines of its files, or of standard input, in the order of
// their bytes.
func runSort(ctx context.Context, p *Process) int {
	var all []string
	code := p.eachInput(ctx, func(_ string, r io.Reader) error {
		b, err := io.ReadAll(io.LimitReader(r, sortRoom))
		for line := range strings.Lines(string(b)) {
			all = append(all, strings.TrimSuffix(line, "\n"))
		}
		return err
	})
	slices.Sort(all)
	for _, line := range all {
		p.Printf("%s\n", line)
	}
	return code * exitTrouble
}

// wcCounts are lines, words and bytes.
type wcCounts [3]int64

// runWc counts. Only the numbers of a single file, and a single number of standard
// input, are not aligned.
func runWc(ctx context.Context, p *Process) int {
	var total wcCounts
	files, width := len(p.names), 0
	if files > 1 || files == 0 && len(p.opts) != 1 {
		width = 7
	}
	show := func(n wcCounts, name string) {
		var cells []string
		for i, letter := range []byte("lwc") {
			if p.opts.has(letter) || len(p.opts) == 0 {
				cells = append(cells, fmt.Sprintf("%*d", width, n[i]))
			}
		}
		if name != "-" {
			cells = append(cells, name)
		}
		p.Printf("%s\n", strings.Join(cells, " "))
	}
	code := p.eachInput(ctx, func(name string, r io.Reader) error {
		n, err := countAll(r)
		for i := range total {
			total[i] += n[i]
		}
		if err == nil {
			show(n, name)
		}
		return err
	})
	if files > 1 {
		show(total, "total")
	}
	return code
}

func countAll(r io.Reader) (n wcCounts, err error) {
	b := bufio.NewReaderSize(r, copyBuffer)
	for word := false; ; {
		c, err := b.ReadByte()
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		space := c == ' ' || c >= '\t' && c <= '\r'
		if !space && !word {
			n[1]++
		}
		word = !space
		if c == '\n' {
			n[0]++
		}
		n[2]++
	}
}

// maxTextLine bounds a line that is searched.
const maxTextLine = 4 << 20

// runGrep prints the lines that match a basic regular expression, with -E an extended one.
func runGrep(ctx context.Context, p *Process) int {
	if len(p.names) == 0 {
		p.complain("no REGEX")
		return exitTrouble
	}
	given, pattern := p.names[0], p.names[0]
	p.names = p.names[1:]
	switch {
	case p.opts.has('F'):
		pattern = regexp.QuoteMeta(pattern)
	case !p.opts.has('E'):
		pattern = literalSigns.Replace(pattern)
	}
	if p.opts.has('i') {
		pattern = "(?i)" + pattern
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		p.complain("bad regex '%s': Invalid regular expression", given)
		return exitTrouble
	}
	counts, quiet, many, hits := p.opts.has('c'), p.opts.has('q'), len(p.names) > 1, 0
	code := p.eachInput(ctx, func(name string, r io.Reader) error {
		head := ""
		if many {
			head = name + ":"
		}
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, maxTextLine)
		found := 0
		for n := 1; lines.Scan(); n++ {
			if re.Match(lines.Bytes()) == p.opts.has('v') {
				continue
			}
			hits, found = hits+1, found+1
			switch {
			case counts || quiet:
			case p.opts.has('n'):
				p.Printf("%s%d:%s\n", head, n, lines.Bytes())
			default:
				p.Printf("%s%s\n", head, lines.Bytes())
			}
		}
		if counts && !quiet {
			p.Printf("%s%d\n", head, found)
		}
		if err := lines.Err(); err != nil { // unlike a file that cannot be opened
			p.complain("%s: %s", name, vfs.ErrnoOf(err))
		}
		return nil
	})
	switch {
	case code != 0:
		return exitTrouble
	case hits == 0:
		return 1
	}
	return 0
}

// literalSigns turns a basic regular expression into one of package regexp: groups and
// counts lose their backslash, and the same signs without one are plain text.
var literalSigns = strings.NewReplacer(`\(`, "(", `\)`, ")", `\{`, "{", `\}`, "}", `\|`, `\|`, "(", `\(`, ")", `\)`, "{", `\{`, "}", `\}`, "|", `\|`, "+", `\+`, "?", `\?`)
