package vfs

import (
	"context"
	"io"
)

// File is an open file. It stays readable when its name is removed. Reading a
// directory fails with EISDIR, as read(2) does. A FIFO has no writer: the caller
// must end the wait for one in another way.
type File interface {
	io.ReaderAt
	io.Closer
	Info() Info
}

// reach resolves a path and asks the access hook. Only with "create" the last name may be
// missing; with the others the place has its path, beside ENOENT.
func (t *Tree) reach(op, path string, follow bool) (place, Errno) {
	t.mu.RLock()
	p, e := t.resolve(path, follow)
	t.mu.RUnlock()
	if e == 0 && p.node == nil && op != "create" {
		e = ENOENT
	}
	if e == 0 && t.Hooks.Access != nil {
		e = t.Hooks.Access(op, p.path)
	}
	return p, e
}

// find resolves a path that must exist.
func (t *Tree) find(op, path string, follow bool) (place, error) {
	p, e := t.reach(op, path, follow)
	if e != 0 {
		return p, pathError(op, path, e)
	}
	return p, nil
}

func (t *Tree) infoAt(p place) Info {
	t.mu.RLock()
	i := p.node.info(p.name)
	t.mu.RUnlock()
	if t.Hooks.Info != nil {
		t.Hooks.Info(p.path, &i)
	}
	return i
}

// Lstat describes a file, without following a symbolic link in the last place.
func (t *Tree) Lstat(path string) (Info, error) { return t.StatAs(path, false) }

// Stat describes a file, following symbolic links.
func (t *Tree) Stat(path string) (Info, error) { return t.StatAs(path, true) }

// StatAs is Stat if follow is set, else Lstat.
func (t *Tree) StatAs(path string, follow bool) (Info, error) {
	p, err := t.find("stat", path, follow)
	if err != nil {
		return Info{}, err
	}
	return t.infoAt(p), nil
}

// May returns an error unless the caller has the wanted permissions, as access(2).
func (t *Tree) May(path string, want uint32) error {
	p, err := t.find("stat", path, true)
	if err != nil {
		return err
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	if !t.cred.allowed(p.node, want) {
		return pathError("access", path, EACCES)
	}
	return nil
}

// Canonical returns path without symbolic links. Its last name need not exist.
func (t *Tree) Canonical(path string) (string, error) {
	p, e := t.reach("stat", path, true)
	if e != 0 && (p.node != nil || p.path == "") {
		return "", pathError("stat", path, e)
	}
	return p.path, nil
}

// ReadDir lists a directory without "." and "..", in the order in which the names
// were made.
func (t *Tree) ReadDir(path string) ([]Info, error) {
	p, err := t.find("readdir", path, true)
	if err != nil {
		return nil, err
	}
	t.mu.RLock()
	dir, allowed := p.node.IsDir(), t.cred.allowed(p.node, wantRead)
	places := make([]place, 0, len(p.node.names))
	for _, name := range p.node.names {
		places = append(places, place{parent: p.node, name: name, path: join(split(p.path), name), node: p.node.kids[name]})
	}
	t.mu.RUnlock()
	switch {
	case !dir:
		return nil, pathError("readdir", path, ENOTDIR)
	case !allowed:
		return nil, pathError("readdir", path, EACCES)
	}
	infos := make([]Info, len(places))
	for i, kid := range places {
		infos[i] = t.infoAt(kid)
	}
	return infos, nil
}

// Open opens a file or directory for reading, following symbolic links.
func (t *Tree) Open(path string) (File, error) {
	p, err := t.find("open", path, true)
	if err != nil {
		return nil, err
	}
	t.mu.RLock()
	allowed := t.cred.allowed(p.node, wantRead)
	var f File = &openFile{tree: t, at: p, body: p.node.body, dir: p.node.IsDir()}
	t.mu.RUnlock()
	if !allowed {
		return nil, pathError("open", path, EACCES)
	}
	if t.Hooks.Open != nil {
		f = t.Hooks.Open(p.path, f)
	}
	return f, nil
}

type openFile struct {
	tree *Tree
	at   place
	body Content
	dir  bool
}

func (f *openFile) Info() Info { return f.tree.infoAt(f.at) }
func (*openFile) Close() error { return nil }

func (f *openFile) ReadAt(b []byte, off int64) (int, error) {
	switch {
	case f.dir:
		return 0, pathError("read", f.at.path, EISDIR)
	case off < 0:
		return 0, pathError("read", f.at.path, EINVAL)
	case f.body == nil:
		return 0, io.EOF
	}
	return f.body.ReadAt(b, off)
}

// SetFree sets how many bytes may still be written.
func (t *Tree) SetFree(n int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.free = n
}

// FreeKB returns how much may still be written, in KiB.
func (t *Tree) FreeKB() int64 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return max(t.free, 0) >> 10
}

// Enter reports why a process may not make a path its folder, nil if it may.
func (t *Tree) Enter(path string) error {
	i, err := t.Stat(path)
	if err == nil && !i.IsDir() {
		err = pathError("cd", path, ENOTDIR)
	}
	if err == nil {
		err = t.May(path, WantExec)
	}
	return err
}

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
