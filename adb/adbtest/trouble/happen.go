package trouble

import (
	"context"
	"io"
	"path"
	"sync"
	"time"

	"preship/adb/adbtest/stream"
	"preship/adb/adbtest/vfs"
)

// InTree makes the troubles of files part of a tree, before anything uses either. Their
// paths may pass through symbolic links, as /sdcard.
func (t *List) InTree(tree *vfs.Tree) {
	for i, one := range t.list {
		if one.Path != "" {
			t.list[i].Path = withoutLinks(tree, one.Path)
		}
	}
	if one, ok := t.Happens(FullDisk); ok {
		tree.SetFree(one.Bytes)
	}
	b := &bent{tree: tree, troubles: t, by: map[string]int64{}, at: map[string]time.Time{}}
	tree.Hooks = vfs.Hooks{Access: b.access, Info: b.info, Open: b.open}
}

// withoutLinks resolves the part of a path, or of a pattern, that exists.
func withoutLinks(tree *vfs.Tree, name string) string {
	for dir, rest := name, ""; ; dir, rest = path.Dir(dir), "/"+path.Base(dir)+rest {
		if at, err := tree.Canonical(dir); err == nil {
			return path.Clean(at + rest)
		}
		if dir == "/" || dir == "." {
			return name
		}
	}
}

// bent keeps the changes that trouble made to files.
type bent struct {
	tree     *vfs.Tree
	troubles *List

	mu sync.Mutex
	by map[string]int64     // bytes that a file has more, or fewer, than the tree knows
	at map[string]time.Time // when it last changed
}

func (b *bent) access(op, name string) vfs.Errno {
	if _, ok := b.troubles.within(Deny, name); ok {
		return vfs.EACCES
	}
	if op == "stat" {
		return 0 // the folder shows that, not the file
	}
	if _, ok := b.troubles.File(Deny, name); ok {
		return vfs.EACCES
	}
	if op == "open" {
		if _, ok := b.troubles.File(Vanish, name); ok {
			_ = b.tree.Remove(name)
			return vfs.ENOENT
		}
	}
	return 0
}

func (b *bent) info(name string, i *vfs.Info) {
	if !i.IsRegular() {
		return
	}
	b.mu.Lock()
	i.Size = max(0, i.Size+b.by[name])
	if at, ok := b.at[name]; ok {
		i.MTime, i.CTime = at, at
	}
	b.mu.Unlock()
	if t, ok := b.troubles.File(WrongSize, name); ok {
		i.Size = max(0, i.Size+t.By)
	}
}

// open changes the length of a file after the caller has seen the old one.
func (b *bent) open(name string, f vfs.File) vfs.File {
	size := f.Info().Size
	var by int64
	if t, ok := b.troubles.File(Grow, name); ok {
		by = t.By
	}
	if t, ok := b.troubles.File(Shrink, name); ok {
		by -= t.By
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if by != 0 {
		by = max(by, -size)
		b.by[name] += by
		b.at[name] = b.tree.Now()
	}
	if b.by[name] == 0 {
		return f
	}
	return &resized{File: f, size: size + by}
}

// resized is a file of another length than its content: zeros follow, or the
// end is missing.
type resized struct {
	vfs.File
	size int64
}

func (r *resized) ReadAt(p []byte, off int64) (int, error) {
	if off >= r.size {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), r.size-off)]
	n, err := r.File.ReadAt(p, off)
	if err == io.EOF {
		clear(p[n:])
		n, err = len(p), nil
	}
	return n, err
}

// Opened returns the troubles of a service that is opened now, as a wrapper for
// its stream. unplug takes the handset off the bus, for a time or, with 0, for
// good, and returns the error of all later writes.
func (t *List) Opened(service string, unplug func(away time.Duration) error) func(context.Context, stream.Stream) stream.Stream {
	pause, stalls := t.stream(Stall, service)
	pull, cuts := t.stream(Cut, service)
	return func(ctx context.Context, s stream.Stream) stream.Stream {
		whole := s
		if cuts {
			s = &halting{Stream: s, left: pull.After, halt: func() error { return unplug(pull.For) }}
		}
		if stalls {
			s = &halting{Stream: s, left: pause.After, halt: func() error { return stall(ctx, whole, pause.For) }}
		}
		return s
	}
}

// stall waits for a time, or with 0 without end, until the stream is closed.
func stall(ctx context.Context, s stream.Stream, length time.Duration) error {
	var over <-chan time.Time
	if length > 0 {
		timer := time.NewTimer(length)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-over:
		return nil
	case <-s.HungUp():
	case <-ctx.Done():
	}
	return stream.ErrHungUp
}

// halting calls halt once, when so many bytes have been written. If that is an
// error, nothing more is.
type halting struct {
	stream.Stream
	left int64
	halt func() error // nil once it was called
	gone error        // its error: a pulled cable carries nothing more
}

func (c *halting) Write(p []byte) (int, error) {
	if c.gone != nil {
		return 0, c.gone
	}
	if c.halt == nil || int64(len(p)) <= c.left {
		c.left -= int64(len(p))
		return c.Stream.Write(p)
	}
	n, err := c.Stream.Write(p[:c.left])
	if err != nil {
		return n, err
	}
	halt := c.halt
	c.halt = nil
	if c.gone = halt(); c.gone != nil {
		return n, c.gone
	}
	rest, err := c.Stream.Write(p[n:])
	return n + rest, err
}
