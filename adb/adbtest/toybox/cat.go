package toybox

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"hash"
	"io"
	"sync"

	"preship/adb/adbtest/vfs"
)

// eachInput calls fn with every named file, or without names with standard input.
// A file that cannot be opened or read is reported in toybox's words.
func (p *Process) eachInput(ctx context.Context, fn func(name string, r io.Reader) error) (code int) {
	if len(p.names) == 0 {
		p.names = []string{"-"}
	}
	for _, name := range p.names {
		r, closer, err := p.input(ctx, name, 0)
		if err == nil {
			err = fn(name, r)
			closer()
		}
		switch {
		case ctx.Err() != nil || !p.Flush():
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
	return p.eachInput(ctx, func(_ string, r io.Reader) error {
		buf := make([]byte, copyBuffer)
		for {
			n, err := r.Read(buf)
			if _, werr := p.stdout.Write(buf[:n]); werr != nil || !p.Flush() {
				return nil
			}
			if err != nil {
				return err
			}
		}
	})
}

var hashBuffers = sync.Pool{New: func() any { return new([copyBuffer]byte) }}

var hashes = map[string]func() hash.Hash{"md5sum": md5.New, "sha256sum": sha256.New}

// runHash is md5sum and sha256sum. As in toybox, a read error counts as the
// end of the file: what cannot be read, such as a folder, has the hash of
// nothing and exit status 0.
func runHash(ctx context.Context, p *Process) int {
	return p.eachInput(ctx, func(name string, r io.Reader) error {
		h := hashes[p.Args[0]]()
		buf, _ := hashBuffers.Get().(*[copyBuffer]byte)
		defer hashBuffers.Put(buf)
		_, _ = io.CopyBuffer(h, r, buf[:])
		if ctx.Err() != nil {
			return ctx.Err()
		}
		sum := h.Sum(nil)
		if full, err := p.sys.Tree().Canonical(p.Abs(name)); err == nil && p.sys.WrongHash(full) {
			sum[0] ^= 0xff
		}
		p.Printf("%x  %s\n", sum, name)
		p.Flush() // a line at a time, as toybox writes
		return nil
	})
}
