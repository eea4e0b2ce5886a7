package adbtest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"slices"
	"strconv"
	"strings"
)

// eachInput calls fn with every file named, or standard input when none is, and
// words what cannot be opened or read as toybox does.
func (p *process) eachInput(ctx context.Context, files []string, fn func(name string, r io.Reader) error) int {
	if len(files) == 0 {
		files = []string{"-"}
	}
	code := 0
	for _, name := range files {
		r, closer, err := p.input(ctx, name)
		if err == nil {
			err = fn(name, r)
			closer()
		}
		switch {
		case ctx.Err() != nil || p.stdout.err != nil:
			return 1
		case err != nil && err != io.EOF:
			code = p.fail("%s: %s", name, errnoOf(err))
		}
	}
	return code
}

// copyBuffer is how much is read at once.
const copyBuffer = 64 << 10

func runCat(ctx context.Context, p *process) int {
	_, files, ok := p.options("uvte")
	if !ok {
		return 1
	}
	return p.eachInput(ctx, files, func(_ string, r io.Reader) error {
		buf := make([]byte, copyBuffer)
		for {
			n, err := r.Read(buf)
			if _, werr := p.stdout.Write(buf[:n]); werr != nil || !p.stdout.flush() {
				return nil
			}
			if err != nil {
				return err
			}
		}
	})
}

// count reads the argument of -n or -c; toybox takes suffixes of powers of 1024.
func count(s string) (int64, bool) {
	shift := 0
	if s != "" {
		if at := strings.IndexByte("kMGT", s[len(s)-1]); at >= 0 {
			shift, s = 10*(at+1), s[:len(s)-1]
		} else {
			s = strings.TrimSuffix(s, "c")
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n << shift, err == nil
}

// minusNumber turns -5 into -n 5, the old form that head and tail still take.
func (p *process) minusNumber() {
	for i, arg := range p.args {
		if len(arg) > 1 && arg[0] == '-' && strings.Trim(arg[1:], "0123456789") == "" {
			p.args[i] = "-n" + arg[1:]
		}
	}
}

func runHead(ctx context.Context, p *process) int {
	p.minusNumber()
	opts, files, ok := p.options("n:c:qv")
	if !ok {
		return 1
	}
	limit, bytewise := int64(10), opts.has('c')
	for _, letter := range []byte("nc") {
		if opts.has(letter) {
			if limit, ok = count(strings.TrimPrefix(opts[letter], "-")); !ok {
				return p.fail("not integer: %s", opts[letter])
			}
		}
	}
	first := true
	return p.eachInput(ctx, files, func(name string, r io.Reader) error {
		p.title(opts, len(files), name, &first)
		if bytewise {
			_, err := io.CopyN(p.stdout, r, limit)
			return err
		}
		b := bufio.NewReader(r)
		for range limit {
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
	})
}

// title is the line before each file when head or tail show several.
func (p *process) title(opts options, files int, name string, first *bool) {
	if files < 2 && !opts.has('v') || opts.has('q') {
		return
	}
	if !*first {
		p.printf("\n")
	}
	*first = false
	p.printf("==> %s <==\n", name)
}

// tailRoom bounds what tail keeps.
const tailRoom = 8 << 20

func runTail(ctx context.Context, p *process) int {
	p.minusNumber()
	opts, files, ok := p.options("n:c:qv")
	if !ok {
		return 1
	}
	limit, bytewise, fromStart := int64(10), opts.has('c'), false
	for _, letter := range []byte("nc") {
		if opts.has(letter) {
			fromStart = strings.HasPrefix(opts[letter], "+")
			if limit, ok = count(strings.TrimLeft(opts[letter], "+-")); !ok {
				return p.fail("not integer: %s", opts[letter])
			}
		}
	}
	first := true
	return p.eachInput(ctx, files, func(name string, r io.Reader) error {
		p.title(opts, len(files), name, &first)
		if fromStart {
			return p.skipHead(r, limit, bytewise)
		}
		kept, err := lastBytes(r)
		if err != nil {
			return err
		}
		_, err = p.stdout.Write(cutTail(kept, limit, bytewise))
		return err
	})
}

func (p *process) skipHead(r io.Reader, from int64, bytewise bool) error {
	b := bufio.NewReader(r)
	for i := int64(1); i < from; i++ {
		var err error
		if bytewise {
			_, err = b.Discard(1)
		} else {
			_, err = b.ReadBytes('\n')
		}
		if err != nil {
			return err
		}
	}
	_, err := io.Copy(p.stdout, b)
	return err
}

// lastBytes reads to the end and keeps the last tailRoom bytes.
func lastBytes(r io.Reader) ([]byte, error) {
	var kept []byte
	buf := make([]byte, copyBuffer)
	for {
		n, err := r.Read(buf)
		kept = append(kept, buf[:n]...)
		if len(kept) > 2*tailRoom {
			kept = append(kept[:0], kept[len(kept)-tailRoom:]...)
		}
		if err == io.EOF {
			return kept, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func cutTail(b []byte, limit int64, bytewise bool) []byte {
	if bytewise {
		return b[max(0, int64(len(b))-limit):]
	}
	at := len(b)
	for ; limit > 0 && at > 0; limit-- {
		at = bytes.LastIndexByte(b[:at-1], '\n') + 1
		if at == 0 {
			break
		}
	}
	if limit <= 0 && at == len(b) {
		return nil
	}
	return b[at:]
}

func runWc(ctx context.Context, p *process) int {
	opts, files, ok := p.options("lwcm")
	if !ok {
		return 1
	}
	var total [3]int64
	show := func(n [3]int64, name string) {
		var cells []string
		for i, letter := range []byte("lwc") {
			if len(opts) == 0 || opts.has(letter) {
				cells = append(cells, strconv.FormatInt(n[i], 10))
			}
		}
		if len(cells) > 1 {
			for i := range cells {
				cells[i] = strings.Repeat(" ", max(0, 7-len(cells[i]))) + cells[i]
			}
		}
		if name != "-" {
			cells = append(cells, name)
		}
		p.printf("%s\n", strings.Join(cells, " "))
	}
	code := p.eachInput(ctx, files, func(name string, r io.Reader) error {
		n, err := countAll(r)
		for i := range total {
			total[i] += n[i]
		}
		if err == nil {
			show(n, name)
		}
		return err
	})
	if len(files) > 1 {
		show(total, "total")
	}
	return code
}

// countAll counts lines, words and bytes.
func countAll(r io.Reader) (n [3]int64, err error) {
	buf := make([]byte, copyBuffer)
	word := false
	for {
		got, err := r.Read(buf)
		for _, c := range buf[:got] {
			space := strings.IndexByte(" \t\n\r\v\f", c) >= 0
			if !space && !word {
				n[1]++
			}
			word = !space
			n[0] += int64(b2i(c == '\n'))
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

// sortRoom bounds what sort and base64 take into memory.
const sortRoom = 16 << 20

func runSort(ctx context.Context, p *process) int {
	opts, files, ok := p.options("runzfbt:k:")
	if !ok {
		return 1
	}
	var lines []string
	end := "\n"
	if opts.has('z') {
		end = "\x00"
	}
	code := p.eachInput(ctx, files, func(_ string, r io.Reader) error {
		b, err := io.ReadAll(io.LimitReader(r, sortRoom))
		if s := strings.TrimSuffix(string(b), end); s != "" {
			lines = append(lines, strings.Split(s, end)...)
		}
		return err
	})
	slices.SortStableFunc(lines, func(a, b string) int {
		c := strings.Compare(a, b)
		if opts.has('n') {
			x, _ := strconv.ParseFloat(strings.TrimSpace(a), 64)
			y, _ := strconv.ParseFloat(strings.TrimSpace(b), 64)
			c = b2i(x > y) - b2i(x < y)
		}
		if opts.has('r') {
			c = -c
		}
		return c
	})
	if opts.has('u') {
		lines = slices.Compact(lines)
	}
	for _, line := range lines {
		p.printf("%s%s", line, end)
	}
	return code
}

func runBase64(ctx context.Context, p *process) int {
	opts, files, ok := p.options("diw:")
	if !ok {
		return 1
	}
	width := int64(76)
	if opts.has('w') {
		if width, ok = count(opts['w']); !ok {
			return p.fail("not integer: %s", opts['w'])
		}
	}
	return p.eachInput(ctx, files, func(_ string, r io.Reader) error {
		if opts.has('d') {
			_, err := io.Copy(p.stdout, base64.NewDecoder(base64.StdEncoding, r))
			return err
		}
		w := &wrapper{w: p.stdout, width: int(width)}
		e := base64.NewEncoder(base64.StdEncoding, w)
		_, err := io.Copy(e, r)
		_ = e.Close()
		w.end()
		return err
	})
}

// wrapper breaks what is written into lines.
type wrapper struct {
	w         *output
	width, at int
}

func (w *wrapper) Write(b []byte) (int, error) {
	for _, c := range b {
		if err := w.w.WriteByte(c); err != nil {
			return 0, err
		}
		if w.at++; w.width > 0 && w.at == w.width {
			_ = w.w.WriteByte('\n')
			w.at = 0
		}
	}
	return len(b), nil
}

func (w *wrapper) end() {
	if w.at > 0 {
		_ = w.w.WriteByte('\n')
	}
}
