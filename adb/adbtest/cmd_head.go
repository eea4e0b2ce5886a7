package adbtest

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"
)

// count reads the argument of -n or -c; toybox takes suffixes of powers of 1024.
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

// minusNumber turns -5 into -n 5, the old form that head and tail still take.
func (p *process) minusNumber() {
	for i, arg := range p.args[1:] {
		if len(arg) > 1 && arg[0] == '-' && strings.Trim(arg[1:], "0123456789") == "" {
			if i > 0 && (p.args[i] == "-n" || p.args[i] == "-c") {
				continue
			}
			p.args[i+1] = "-n" + arg[1:]
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
		if !opts.has(letter) {
			continue
		}
		if limit, ok = count(opts[letter]); !ok {
			return p.fail("not integer: %s", opts[letter])
		}
		if limit < 0 {
			return p.fail("-%c < 0 (see \"head --help\")", letter)
		}
	}
	first := true
	return p.eachInput(ctx, files, func(name string, r io.Reader) error {
		p.title(opts, len(files), name, &first)
		if bytewise {
			_, err := io.CopyN(p.stdout, r, limit)
			return err
		}
		return p.copyLines(bufio.NewReader(r), limit)
	})
}

func (p *process) copyLines(b *bufio.Reader, n int64) error {
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
		// No lines at all is taken for "+0", and prints everything.
		if fromStart || limit == 0 {
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
	}
	return b[at:]
}
