package adbtest

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"slices"
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

// textRoom bounds what commands that need all their input take into memory.
const textRoom = 16 << 20

// readText reads to the end, at most textRoom bytes.
func readText(r io.Reader) ([]byte, error) { return io.ReadAll(io.LimitReader(r, textRoom)) }

func runCat(ctx context.Context, p *process) int {
	opts, files, ok := p.options("uvte")
	if !ok {
		return 1
	}
	return p.eachInput(ctx, files, func(_ string, r io.Reader) error {
		buf := make([]byte, copyBuffer)
		for {
			n, err := r.Read(buf)
			shown := buf[:n]
			if opts.any("vte") {
				shown = visible(shown, opts)
			}
			if _, werr := p.stdout.Write(shown); werr != nil || !p.stdout.flush() {
				return nil
			}
			if err != nil {
				return err
			}
		}
	})
}

// visible is how cat -v, -t and -e write what a terminal does not show.
func visible(b []byte, opts options) []byte {
	out := make([]byte, 0, len(b)+16)
	for _, c := range b {
		if opts.has('v') && c > 127 {
			out = append(out, "M-"...)
			c -= 128
		}
		switch {
		case c == '\n':
			if opts.has('e') {
				out = append(out, '$')
			}
			out = append(out, c)
		case c == '\t' && !opts.has('t'):
			out = append(out, c)
		case (c < ' ' || c == 127) && (opts.has('v') || c == '\t'):
			out = append(out, '^', c^'@')
		default:
			out = append(out, c)
		}
	}
	return out
}

// runTee copies standard input to files too. One that cannot be written does
// not keep the rest from being copied.
func runTee(_ context.Context, p *process) int {
	opts, files, ok := p.options("ia")
	if !ok {
		return 1
	}
	code := 0
	outs := []io.Writer{p.stdout}
	for _, name := range files {
		w, err := p.h.tree.openWrite(p.abs(name), p.sh.umask.file(), !opts.has('a'))
		if err != nil {
			code = p.fail("%s: %s", name, errnoOf(err))
			continue
		}
		defer w.Close()
		outs = append(outs, w)
	}
	if _, err := io.Copy(io.MultiWriter(outs...), p.stdin); err != nil {
		return 1
	}
	return code
}

// runTac prints lines from the last to the first.
func runTac(ctx context.Context, p *process) int {
	return p.eachInput(ctx, p.args[1:], func(_ string, r io.Reader) error {
		b, err := readText(r)
		lines := slices.Collect(bytes.Lines(b))
		slices.Reverse(lines)
		_, _ = p.stdout.Write(bytes.Join(lines, nil))
		return err
	})
}

// runRev prints each line backwards, byte by byte.
func runRev(ctx context.Context, p *process) int {
	return p.eachInput(ctx, p.args[1:], func(_ string, r io.Reader) error {
		lines := newLines(r, '\n')
		for lines.Scan() {
			line := bytes.Clone(lines.Bytes())
			slices.Reverse(line)
			p.printf("%s\n", line)
		}
		return lines.Err()
	})
}

// runNl numbers the lines that are not empty.
func runNl(ctx context.Context, p *process) int {
	n := 0
	return p.eachInput(ctx, p.args[1:], func(_ string, r io.Reader) error {
		lines := newLines(r, '\n')
		for lines.Scan() {
			if len(lines.Bytes()) == 0 {
				p.printf("       \n")
				continue
			}
			n++
			p.printf("%6d\t%s\n", n, lines.Bytes())
		}
		return lines.Err()
	})
}

// maxTextLine bounds a line that is looked at as a whole.
const maxTextLine = 4 << 20

// newLines reads records that end in one byte; the last need not.
func newLines(r io.Reader, end byte) *bufio.Scanner {
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxTextLine)
	s.Split(func(data []byte, atEOF bool) (int, []byte, error) {
		if at := bytes.IndexByte(data, end); at >= 0 {
			return at + 1, data[:at], nil
		}
		if atEOF && len(data) > 0 {
			return len(data), data, nil
		}
		return 0, nil, nil
	})
	return s
}
