package toybox

import (
	"context"
	"io"

	"preship/adb/adbtest/vfs"
)

// eachInput calls fn with every named file, or without names with standard input.
// A file that cannot be opened or read is reported in toybox's words.
func (p *Process) eachInput(ctx context.Context, files []string, fn func(name string, r io.Reader) error) int {
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
			code = p.Fail("%s: %s", name, vfs.ErrnoOf(err))
		}
	}
	return code
}

// copyBuffer is how much is read at once.
const copyBuffer = 64 << 10

func runCat(ctx context.Context, p *Process) int {
	_, files, ok := p.Options("u")
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
