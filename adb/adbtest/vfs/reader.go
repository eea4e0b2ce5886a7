package vfs

import (
	"context"
	"io"
)

// NewReader reads a file from an offset. Reading a FIFO waits until ctx is done,
// because no process writes one.
func NewReader(ctx context.Context, f File, off int64) io.Reader {
	return &reader{ctx: ctx, f: f, off: off}
}

type reader struct {
	ctx context.Context //nolint:containedctx // reads end with it
	f   File
	off int64
}

func (r *reader) Read(p []byte) (int, error) {
	if i := r.f.Info(); i.IsFIFO() {
		<-r.ctx.Done()
	}
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.f.ReadAt(p, r.off)
	r.off += int64(n)
	if n > 0 && err == io.EOF {
		err = nil
	}
	return n, err
}
