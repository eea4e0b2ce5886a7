package vfs

import (
	"io"
	"strings"
	"time"
)

// change asks the access hook, resolves path under the write lock and calls fn to
// change the tree. fn returns 0, or the error number of its refusal.
func (t *Tree) change(op, path string, follow bool, fn func(place) Errno) error {
	_, e := t.reach("create", path, follow)
	if e == 0 {
		t.mu.Lock()
		defer t.mu.Unlock()
		var p place
		if p, e = t.resolve(path, follow); e == 0 {
			e = fn(p)
		}
	}
	if e != 0 {
		return pathError(op, path, e)
	}
	return nil
}

// insert puts a new node at p. On shared storage FUSE decides owner and mode, and
// has neither symbolic links nor special files.
func (t *Tree) insert(p place, mode uint32) (*node, Errno) {
	kind := mode & ModeType
	switch {
	case p.node != nil:
		return nil, eEXIST
	case !t.cred.allowed(p.parent, wantWrite|WantExec):
		return nil, EACCES
	case p.parent.shared && kind != ModeDir && kind != ModeFile:
		return nil, ePERM
	}
	n := t.newNode(p.parent, mode, t.cred.UID, t.cred.GID)
	p.parent.add(p.name, n)
	p.parent.MTime, p.parent.CTime = n.MTime, n.MTime
	return n, 0
}

// Create opens a file for writing and empties it, or makes it. The written bytes
// are kept in memory. Write returns ENOSPC when the storage is full.
func (t *Tree) Create(path string, mode uint32) (io.WriteCloser, error) {
	return t.OpenWrite(path, mode, true)
}

// OpenWrite is Create, but unless empty is set it keeps the bytes of the file and
// writes at its end.
func (t *Tree) OpenWrite(path string, mode uint32, empty bool) (io.WriteCloser, error) {
	w := &writer{tree: t}
	err := t.change("open", path, true, func(p place) Errno {
		if p.node == nil {
			n, e := t.insert(p, ModeFile|mode&ModePerms)
			if e == 0 {
				w.node, w.body = n, newMemory(nil)
				n.body = w.body
			}
			return e
		}
		switch {
		case p.node.IsDir():
			return EISDIR
		case !t.cred.allowed(p.node, wantWrite):
			return EACCES
		case p.node.Mode&ModeType == ModeChar: // /dev/null
			return 0
		}
		w.node, w.body = p.node, t.writable(p.node, empty)
		p.node.MTime, p.node.CTime = t.Now(), t.Now()
		return 0
	})
	if err != nil {
		return nil, err
	}
	return w, nil
}

// writable gives n a body that can be written: empty, or a copy of its old one.
func (t *Tree) writable(n *node, empty bool) *memory {
	if n.body != nil && empty {
		t.release(n.body)
	}
	body := newMemory(nil)
	if n.body != nil && !empty {
		b := make([]byte, n.body.Size())
		_, _ = n.body.ReadAt(b, 0)
		body.data = b
	}
	n.body = body
	return body
}

// maxWritten bounds the written bytes, which are kept in memory. At this bound the
// handset is full, however large its storage.
const maxWritten = 1 << 30

// room returns how many bytes can still be written.
func (t *Tree) room() int64 { return max(0, min(t.free, maxWritten-t.written)) }

func (t *Tree) charge(n int64) {
	t.free -= n
	t.written += n
}

// release gives back the room of a body.
func (t *Tree) release(body Content) {
	t.free += body.Size()
	if m, ok := body.(*memory); ok {
		t.written = max(0, t.written-m.Size())
	}
}

type writer struct {
	tree *Tree
	node *node
	body *memory // nil for /dev/null
}

func (w *writer) Write(b []byte) (int, error) {
	if w.body == nil {
		return len(b), nil
	}
	t := w.tree
	t.mu.Lock()
	defer t.mu.Unlock()
	n := int(min(int64(len(b)), t.room()))
	t.charge(int64(n))
	w.body.append(b[:n])
	w.node.MTime = t.Now()
	if n < len(b) {
		return n, pathError("write", "", eNOSPC)
	}
	return n, nil
}

func (w *writer) Close() error { return nil }

// Mkdir makes one directory. Its parent must exist.
func (t *Tree) Mkdir(path string, mode uint32) error {
	return t.change("mkdir", strings.TrimRight(path, "/"), false, func(p place) Errno {
		_, e := t.insert(p, ModeDir|mode&ModePerms)
		return e
	})
}

// MkdirAll makes a directory and its parents. An existing one is no error.
func (t *Tree) MkdirAll(path string, mode uint32) error {
	at := ""
	for _, name := range split(path) {
		at += "/" + name
		i, err := t.Stat(at)
		switch {
		case err != nil:
			err = t.Mkdir(at, mode)
		case !i.IsDir():
			err = pathError("mkdir", at, ENOTDIR)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Symlink makes a symbolic link at path.
func (t *Tree) Symlink(target, path string) error {
	return t.change("symlink", path, false, func(p place) Errno {
		n, e := t.insert(p, ModeLink|0o777)
		if e == 0 {
			n.Target = target
		}
		return e
	})
}

// Remove removes one file or empty directory.
func (t *Tree) Remove(path string) error {
	return t.change("remove", path, false, func(p place) Errno {
		switch {
		case p.node == nil:
			return ENOENT
		case p.node == t.root || !t.cred.allowed(p.parent, wantWrite|WantExec):
			return EACCES
		case len(p.node.kids) > 0:
			return eNOTEMPTY
		}
		if p.node.body != nil {
			t.release(p.node.body)
		}
		p.parent.drop(p.name)
		p.parent.MTime, p.parent.CTime = t.Now(), t.Now()
		return 0
	})
}

// Rename moves a file or directory. It replaces a file at the new name.
func (t *Tree) Rename(from, to string) error {
	old, err := t.find("rename", from, false)
	if err != nil {
		return err
	}
	return t.change("rename", to, false, func(p place) Errno {
		switch {
		case old.node == t.root || !t.cred.allowed(old.parent, wantWrite|WantExec) || !t.cred.allowed(p.parent, wantWrite|WantExec):
			return EACCES
		case p.node == old.node:
			return 0
		case p.node != nil && p.node.IsDir():
			return eEXIST
		case strings.HasPrefix(p.path+"/", old.path+"/"):
			return EINVAL
		case old.parent.kids[old.name] != old.node:
			return ENOENT
		}
		old.parent.drop(old.name)
		p.parent.add(p.name, old.node)
		old.node.CTime = t.Now()
		return 0
	})
}

// Chtimes sets the times of path, whole seconds and fractions. Unless follow is
// set they are those of a symbolic link itself.
func (t *Tree) Chtimes(path string, atime, mtime time.Time, follow bool) error {
	return t.change("chtimes", path, follow, func(p place) Errno {
		switch {
		case p.node == nil:
			return ENOENT
		case !t.cred.allowed(p.node, wantWrite):
			return EACCES
		}
		p.node.ATime, p.node.MTime, p.node.CTime = atime, mtime, t.Now()
		return 0
	})
}

// Chmod sets permission bits. On shared storage it changes nothing and succeeds.
func (t *Tree) Chmod(path string, mode uint32) error {
	return t.change("chmod", path, true, func(p place) Errno {
		switch {
		case p.node == nil:
			return ENOENT
		case p.node.shared:
			return 0
		case t.cred.UID != 0 && p.node.UID != t.cred.UID:
			return ePERM
		}
		p.node.Mode = p.node.Mode&ModeType | mode&ModePerms
		p.node.CTime = t.Now()
		return 0
	})
}

// Modes of what the handset's commands make: adbd sets no umask, so everybody may
// write it.
const (
	NewFileMode   = 0o666
	NewFolderMode = 0o777
)
