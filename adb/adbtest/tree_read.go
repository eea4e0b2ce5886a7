package adbtest

import "io"

// file is an open file. It keeps what it was opened on, also when the name is
// removed. Reading a directory fails with eISDIR, as read(2) does; a FIFO has no
// writer, so whoever opens one has to wait for something else to end it.
type file interface {
	io.ReaderAt
	io.Closer
	info() info
}

// setHooks replaces the tree's hooks.
func (t *tree) setHooks(h treeHooks) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.hooks = h
}

// find resolves path to something that exists, and asks the access hook.
func (t *tree) find(op, path string, follow bool) (place, error) {
	t.mu.RLock()
	p, e := t.resolve(path, follow)
	access := t.hooks.access
	t.mu.RUnlock()
	if e == 0 && p.node == nil {
		e = eNOENT
	}
	if e == 0 && access != nil {
		e = access(op, p.path)
	}
	if e != 0 {
		return place{}, pathError(op, path, e)
	}
	return p, nil
}

func (t *tree) infoAt(p place) info {
	t.mu.RLock()
	i := p.node.info(p.name)
	bend := t.hooks.info
	t.mu.RUnlock()
	if bend != nil {
		bend(p.path, &i)
	}
	return i
}

// lstat does not follow a symbolic link in the last place; stat does.
func (t *tree) lstat(path string) (info, error) { return t.statAs(path, false) }
func (t *tree) stat(path string) (info, error)  { return t.statAs(path, true) }

func (t *tree) statAs(path string, follow bool) (info, error) {
	p, err := t.find("stat", path, follow)
	if err != nil {
		return info{}, err
	}
	return t.infoAt(p), nil
}

// may says whether the shell has the wanted permissions.
func (t *tree) may(path string, want uint32) error {
	p, err := t.find("stat", path, true)
	if err != nil {
		return err
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	if !t.allowed(p.node, want) {
		return pathError("access", path, eACCES)
	}
	return nil
}

// canonical is path without symbolic links.
func (t *tree) canonical(path string) (string, error) {
	p, err := t.find("stat", path, true)
	return p.path, err
}

// readDir lists a directory without "." and "..", in the order the file system
// keeps, which is not sorted.
func (t *tree) readDir(path string) ([]info, error) {
	p, err := t.find("readdir", path, true)
	if err != nil {
		return nil, err
	}
	if !p.node.isDir() {
		return nil, pathError("readdir", path, eNOTDIR)
	}
	t.mu.RLock()
	allowed := t.allowed(p.node, wantRead)
	places := make([]place, 0, len(p.node.names))
	for _, name := range p.node.names {
		places = append(places, place{parent: p.node, name: name, path: join(split(p.path), name), node: p.node.kids[name]})
	}
	t.mu.RUnlock()
	if !allowed {
		return nil, pathError("readdir", path, eACCES)
	}
	infos := make([]info, len(places))
	for i, kid := range places {
		infos[i] = t.infoAt(kid)
	}
	return infos, nil
}

// open opens a file or directory for reading, following symbolic links.
func (t *tree) open(path string) (file, error) {
	p, err := t.find("open", path, true)
	if err != nil {
		return nil, err
	}
	t.mu.RLock()
	allowed := t.allowed(p.node, wantRead)
	var f file = &openFile{tree: t, at: p, body: p.node.body, dir: p.node.isDir()}
	wrap := t.hooks.open
	t.mu.RUnlock()
	if !allowed {
		return nil, pathError("open", path, eACCES)
	}
	if wrap != nil {
		f = wrap(p.path, f)
	}
	return f, nil
}

type openFile struct {
	tree *tree
	at   place
	body content
	dir  bool
}

func (f *openFile) info() info { return f.tree.infoAt(f.at) }
func (*openFile) Close() error { return nil }

func (f *openFile) ReadAt(b []byte, off int64) (int, error) {
	switch {
	case f.dir:
		return 0, pathError("read", f.at.path, eISDIR)
	case off < 0:
		return 0, pathError("read", f.at.path, eINVAL)
	case f.body == nil:
		return 0, io.EOF
	}
	return f.body.ReadAt(b, off)
}

// setFree sets how many bytes may still be written.
func (t *tree) setFree(n int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.free = n
}

// freeKB returns how much may still be written, in KiB.
func (t *tree) freeKB() int64 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return max(t.free, 0) >> 10
}
