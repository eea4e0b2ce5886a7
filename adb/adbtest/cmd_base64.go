package adbtest

import (
	"bufio"
	"context"
	"encoding/base64"
	"io"
	"strings"
)

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
			return p.decode64(r, opts.has('i'))
		}
		w := &wrapper{w: p.stdout, width: int(width)}
		e := base64.NewEncoder(base64.StdEncoding, w)
		_, err := io.Copy(e, r)
		_ = e.Close()
		w.end()
		return err
	})
}

const letters64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// decode64 stops at the first character that does not belong, without a word.
func (p *process) decode64(r io.Reader, skip bool) error {
	b := bufio.NewReader(r)
	for bits, held := uint32(0), 0; ; {
		c, err := b.ReadByte()
		if err != nil {
			return err
		}
		at := strings.IndexByte(letters64, c)
		switch {
		case c == '\n' || c == '\r':
			continue
		case at < 0 && skip && c != '=':
			continue
		case at < 0:
			return nil
		}
		bits, held = bits<<6|uint32(at), held+6
		if held >= 8 {
			held -= 8
			if err := p.stdout.WriteByte(byte(bits >> held)); err != nil {
				return err
			}
		}
	}
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

// end ends the last line, where lines are wanted.
func (w *wrapper) end() {
	if w.at > 0 && w.width > 0 {
		_ = w.w.WriteByte('\n')
	}
}
