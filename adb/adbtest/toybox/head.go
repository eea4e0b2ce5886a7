package toybox

import (
	"bufio"
	"context"
	"io"
	"strconv"
	"strings"
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
