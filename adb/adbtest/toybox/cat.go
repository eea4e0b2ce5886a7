package toybox

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"sync"

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

var hashes = map[string]func() hash.Hash{"md5sum": md5.New, "sha256sum": sha256.New}

// runHash is md5sum and sha256sum. As in toybox, a read error counts as the
// end of the file: what cannot be read, such as a folder, has the hash of
// nothing and exit status 0.
func runHash(ctx context.Context, p *Process) int {
	_, files, ok := p.Options("")
	if !ok {
		return 1
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	code := 0
	for _, name := range files {
		sum, err := p.hash(ctx, name)
		if err != nil {
			code = p.Fail("%s: %s", name, vfs.ErrnoOf(err))
			continue
		}
		if ctx.Err() != nil {
			return 1
		}
		p.Printf("%s  %s\n", sum, name)
		if !p.stdout.flush() { // a line at a time, as toybox writes
			return 1
		}
	}
	return code
}

const hashBuffer = 64 << 10

var hashBuffers = sync.Pool{New: func() any { return new([hashBuffer]byte) }}

func (p *Process) hash(ctx context.Context, name string) (string, error) {
	r, closer, err := p.input(ctx, name)
	if err != nil {
		return "", err
	}
	defer closer()
	h := hashes[p.Args[0]]()
	buf, _ := hashBuffers.Get().(*[hashBuffer]byte)
	defer hashBuffers.Put(buf)
	_, _ = io.CopyBuffer(h, r, buf[:])
	sum := h.Sum(nil)
	if p.sys.WrongHash(p.canonical(name)) {
		sum[0] ^= 0xff
	}
	return hex.EncodeToString(sum), nil
}
