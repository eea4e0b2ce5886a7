package adbtest

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
)

// runXxd dumps bytes in hexadecimal.
func runXxd(ctx context.Context, p *process) int {
	opts, files, ok := p.options("c:l:g:s:pir")
	if !ok {
		return 1
	}
	width, limit := int64(16), int64(1)<<62
	if opts.has('p') {
		width = 30
	}
	for letter, dst := range map[byte]*int64{'c': &width, 'l': &limit} {
		if !opts.has(letter) {
			continue
		}
		if *dst, ok = count(opts[letter]); !ok || *dst < 1 || letter == 'c' && *dst > 256 {
			return p.fail("not integer: %s", opts[letter])
		}
	}
	return p.eachInput(ctx, files, func(_ string, r io.Reader) error {
		row := make([]byte, width)
		r = io.LimitReader(r, limit)
		for at := int64(0); ; at += width {
			n, err := io.ReadFull(r, row)
			if n > 0 && opts.has('p') {
				p.printf("%s\n", hex.EncodeToString(row[:n]))
			} else if n > 0 {
				p.printf("%08x: %s\n", at, xxdRow(row[:n], int(width)))
			}
			switch err {
			case nil:
			case io.EOF, io.ErrUnexpectedEOF:
				return nil
			default:
				return err
			}
		}
	})
}

func xxdRow(b []byte, width int) string {
	var words strings.Builder
	for i := range width {
		if i < len(b) {
			fmt.Fprintf(&words, "%02x", b[i])
		} else {
			words.WriteString("  ")
		}
		if i%2 == 1 {
			words.WriteByte(' ')
		}
	}
	if width%2 == 1 {
		words.WriteByte(' ')
	}
	return words.String() + " " + gutter(b)
}

// runCmp compares two files.
func runCmp(ctx context.Context, p *process) int {
	opts, files, ok := p.options("slLn:")
	if !ok {
		return 2
	}
	if len(files) < 2 {
		files = append(files, "-")
	}
	var in [2]*bufio.Reader
	for i, name := range files[:2] {
		r, closer, err := p.input(ctx, name)
		if err != nil {
			p.complain("%s: %s", name, errnoOf(err))
			return 2
		}
		defer closer()
		in[i] = bufio.NewReader(r)
	}
	for at, line := int64(0), 1; ; at++ {
		a, errA := in[0].ReadByte()
		b, errB := in[1].ReadByte()
		switch {
		case errA != nil && errB != nil:
			return 0
		case errA != nil || errB != nil:
			if !opts.has('s') {
				p.complain("EOF on %s after byte %d, line %d", files[b2i(errA == nil)], at, line-1)
			}
			return 1 + b2i(at == 0)
		case a != b:
			if !opts.has('s') {
				p.printf("%s %s differ: char %d, line %d\n", files[0], files[1], at+1, line)
			}
			return 1
		case a == '\n':
			line++
		}
	}
}

// runGzip is gzip, gunzip and zcat.
func runGzip(ctx context.Context, p *process) int {
	opts, files, ok := p.options("ncdfkt123456789S:", "keep=k", "stdout=c", "decompress=d", "force=f")
	if !ok {
		return 1
	}
	if p.args[0] != "gzip" {
		opts['d'] = ""
	}
	if p.args[0] == "zcat" || len(files) == 0 {
		opts['c'] = ""
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	code := 0
	for _, name := range files {
		if err := p.gzipFile(ctx, name, opts); err != nil {
			why := "bad input"
			if e, ok := errors.AsType[errno](err); ok {
				why = e.Error()
			}
			code = p.fail("%s: %s", name, why)
		}
	}
	return code
}

func (p *process) gzipFile(ctx context.Context, name string, opts options) error {
	r, closer, err := p.input(ctx, name)
	if err != nil {
		return err
	}
	defer closer()
	if opts.has('c') || name == "-" {
		return gzipCopy(p.stdout, r, opts.has('d'))
	}
	to := name + ".gz"
	if opts.has('d') {
		var ok bool
		if to, ok = strings.CutSuffix(name, ".gz"); !ok {
			return eINVAL
		}
	}
	i, err := p.h.tree.stat(p.abs(name))
	if err != nil {
		return err
	}
	w, err := p.h.tree.create(p.abs(to), i.mode&modePerms)
	if err != nil {
		return err
	}
	if err := errors.Join(gzipCopy(w, r, opts.has('d')), w.Close()); err != nil {
		return err
	}
	_ = p.h.tree.chtimes(p.abs(to), i.atime, i.mtime)
	if opts.has('k') {
		return nil
	}
	return p.h.tree.remove(p.abs(name))
}

func gzipCopy(w io.Writer, r io.Reader, back bool) error {
	if back {
		z, err := gzip.NewReader(r)
		if err == nil {
			_, err = io.Copy(w, z) // as long as somebody reads, as cat of a huge file is
		}
		return err
	}
	z := gzip.NewWriter(w)
	_, err := io.Copy(z, r)
	return errors.Join(err, z.Close())
}
