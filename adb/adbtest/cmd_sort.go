package adbtest

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// sortKey is one -k: which fields to compare, and how.
type sortKey struct {
	from, to int // fields, from 1; to 0 is the end of the line
	how      options
}

type sorter struct {
	opts options
	keys []sortKey
}

const sortLetters = "bdfghinrVx"

func runSort(ctx context.Context, p *process) int {
	opts, files, ok := p.options("gnrVbdfiucst:k*o:xzmM", "reverse=r", "unique=u")
	if !ok {
		return 2
	}
	s := &sorter{opts: opts}
	if opts.has('k') {
		for spec := range strings.SplitSeq(opts['k'], "\n") {
			key, ok := parseSortKey(spec, opts)
			if !ok {
				p.complain("bad -k @ %s", spec)
				return 2
			}
			s.keys = append(s.keys, key)
		}
	}
	end := "\n"
	if opts.has('z') {
		end = "\x00"
	}
	var lines []string
	code := p.eachInput(ctx, files, func(_ string, r io.Reader) error {
		b, err := readText(r)
		if text := strings.TrimSuffix(string(b), end); len(b) > 0 {
			lines = append(lines, strings.Split(text, end)...)
		}
		return err
	})
	if code != 0 {
		return 2
	}
	if opts.has('c') {
		return p.sortCheck(s, lines)
	}
	slices.SortStableFunc(lines, s.compare)
	if opts.has('u') {
		lines = slices.CompactFunc(lines, func(a, b string) bool { return s.keyed(a, b) == 0 })
	}
	return p.sortOut(lines, end, opts)
}

func (p *process) sortOut(lines []string, end string, opts options) int {
	text := strings.Join(lines, end)
	if len(lines) > 0 {
		text += end
	}
	if !opts.has('o') {
		p.printf("%s", text)
		return 0
	}
	w, err := p.h.tree.create(p.abs(opts['o']), p.sh.umask.file())
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	if err != nil {
		return p.fail("%s: %s", opts['o'], errnoOf(err)) + 1
	}
	return 0
}

func (p *process) sortCheck(s *sorter, lines []string) int {
	for n := 1; n < len(lines); n++ {
		if c := s.compare(lines[n-1], lines[n]); c > 0 || c == 0 && s.opts.has('u') {
			return p.fail("-: Check line %d", n+1)
		}
	}
	return 0
}

// parseSortKey reads "2", "2n", "2,3" or "2,2nr". Offsets within a field are
// read over: nothing here needs them.
func parseSortKey(spec string, all options) (sortKey, bool) {
	k := sortKey{how: options{}}
	start, end, ranged := strings.Cut(spec, ",")
	parts := []struct {
		text string
		dst  *int
	}{{start, &k.from}, {end, &k.to}}
	for i, part := range parts {
		if i == 1 && !ranged {
			break
		}
		digits := part.text[:len(part.text)-len(strings.TrimLeft(part.text, "0123456789."))]
		number, _, _ := strings.Cut(digits, ".")
		n, err := strconv.Atoi(number)
		if err != nil {
			return k, false
		}
		*part.dst = n
		for _, letter := range []byte(part.text[len(digits):]) {
			if strings.IndexByte(sortLetters, letter) < 0 {
				return k, false
			}
			k.how[letter] = ""
		}
	}
	if len(k.how) == 0 {
		k.how = all
	}
	return k, k.from > 0
}

// field is the part of a line a key compares.
func (s *sorter) field(line string, k sortKey) string {
	if sep, ok := s.opts['t']; ok && sep != "" {
		parts := strings.Split(line, sep[:1])
		to := len(parts)
		if k.to > 0 {
			to = min(k.to, to)
		}
		return strings.Join(parts[min(k.from-1, to):to], sep[:1])
	}
	starts := fieldStarts(line)
	if k.from > len(starts) {
		return ""
	}
	end := len(line)
	if k.to > 0 && k.to < len(starts) {
		end = starts[k.to]
	}
	return line[starts[k.from-1]:max(end, starts[k.from-1])]
}

// fieldStarts says where each field begins: with the blanks before it.
func fieldStarts(line string) []int {
	starts := []int{0}
	for i := 1; i < len(line); i++ {
		if (line[i] == ' ' || line[i] == '\t') && line[i-1] != ' ' && line[i-1] != '\t' {
			starts = append(starts, i)
		}
	}
	return starts
}

func (s *sorter) compare(a, b string) int {
	c := s.keyed(a, b)
	if c == 0 && !s.opts.has('s') {
		c = strings.Compare(a, b)
		if s.opts.has('r') {
			c = -c
		}
	}
	return c
}

// keyed compares what the keys name, without the last resort.
func (s *sorter) keyed(a, b string) int {
	if len(s.keys) == 0 {
		return compareText(a, b, s.opts)
	}
	for _, k := range s.keys {
		if c := compareText(s.field(a, k), s.field(b, k), k.how); c != 0 {
			return c
		}
	}
	return 0
}

func compareText(a, b string, how options) (c int) {
	if how.has('b') {
		a, b = strings.TrimLeft(a, " \t"), strings.TrimLeft(b, " \t")
	}
	if how.has('f') {
		a, b = strings.ToUpper(a), strings.ToUpper(b)
	}
	switch {
	case how.has('n') || how.has('g'):
		c = cmp.Compare(leadingNumber(a), leadingNumber(b))
	case how.has('x'):
		x, _ := strconv.ParseUint(strings.TrimSpace(a), 16, 64)
		y, _ := strconv.ParseUint(strings.TrimSpace(b), 16, 64)
		c = cmp.Compare(x, y)
	case how.has('V'):
		c = compareVersions(a, b)
	default:
		c = strings.Compare(a, b)
	}
	if how.has('r') {
		c = -c
	}
	return c
}

// leadingNumber is the number a text begins with, 0 for none.
func leadingNumber(s string) float64 {
	s = strings.TrimLeft(s, " \t")
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.' || end == 0 && s[0] == '-') {
		end++
	}
	n, _ := strconv.ParseFloat(s[:end], 64)
	return n
}

// compareVersions compares runs of digits as numbers.
func compareVersions(a, b string) int {
	for a != "" && b != "" {
		x, y := len(a)-len(strings.TrimLeft(a, "0123456789")), len(b)-len(strings.TrimLeft(b, "0123456789"))
		if x > 0 && y > 0 {
			m, _ := strconv.ParseUint(a[:x], 10, 64)
			n, _ := strconv.ParseUint(b[:y], 10, 64)
			if m != n {
				return cmp.Compare(m, n)
			}
			a, b = a[x:], b[y:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// runUniq drops lines that repeat the one before.
func runUniq(ctx context.Context, p *process) int {
	opts, files, ok := p.options("zicdu")
	if !ok {
		return 1
	}
	end := byte('\n')
	if opts.has('z') {
		end = 0
	}
	in := p.stdin
	if len(files) > 0 && files[0] != "-" {
		r, closer, err := p.input(ctx, files[0])
		if err != nil {
			return p.fail("No file %s: %s", files[0], errnoOf(err))
		}
		defer closer()
		in = r
	}
	show := func(line string, times int) {
		if times == 0 || opts.has('d') && times < 2 || opts.has('u') && times > 1 {
			return
		}
		if opts.has('c') {
			line = fmt.Sprintf("%7d %s", times, line)
		}
		p.printf("%s%c", line, end)
	}
	last, times := "", 0
	lines := newLines(in, end)
	for lines.Scan() {
		line := lines.Text()
		if times > 0 && (line == last || opts.has('i') && strings.EqualFold(line, last)) {
			times++
			continue
		}
		show(last, times)
		last, times = line, 1
	}
	show(last, times)
	return 0
}
