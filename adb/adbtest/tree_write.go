package adbtest

import (
	"io"
	"strings"
	"time"
)

// change resolves path under the write lock, asks the access hook and then lets
// fn change the tree. fn returns 0 or why it refuses.
func (t *tree) change(op, path string, follow bool, fn func(place) errno) error {
	t.mu.RLock()
	p, e := t.resolve(path, follow)
	access := t.hooks.access
	t.mu.RUnlock()
	if e == 0 && access != nil {
		e = access("create", p.path)
	}
	if e == 0 {
		t.mu.Lock()
		defer t.mu.Unlock()
		if p, e = t.resolve(path, follow); e == 0 {
			e = fn(p)
		}
	}
	if e != 0 {
		return pathError(op, path, e)
	}
	return nil
}

// insert puts a new node where p leads. On shared storage FUSE decides owner and
// mode and has neither symbolic links nor special files.
func (t *tree) insert(p place, mode uint32) (*node, errno) {
	kind := mode & modeType
	switch {
	case p.node != nil:
		return nil, eEXIST
	case !t.allowed(p.parent, wantWrite|wantExec):
		return nil, eACCES
	case p.parent.shared && kind != modeDir && kind != modeFile:
		return nil, ePERM
	}
	if p.parent.shared {
		mode = kind | p.parent.mode&0o660
		if kind == modeDir {
			mode = p.parent.mode
		}
	}
	n := t.newNode(p.parent, mode, t.cred.uid, t.cred.gid)
	if p.parent.shared {
		n.uid, n.gid = p.parent.uid, p.parent.gid
	}
	p.parent.add(p.name, n)
	p.parent.mtime, p.parent.ctime = n.mtime, n.mtime
	return n, 0
}

// create opens a file for writing and empties it, making it if need be. What is
// written is kept in memory and ends with eNOSPC when the storage is full.
func (t *tree) create(path string, mode uint32) (io.WriteCloser, error) {
	return t.openWrite(path, mode, true)
}

// openWrite is create that keeps what is there when empty is false; writes then
// go to the end.
func (t *tree) openWrite(path string, mode uint32, empty bool) (io.WriteCloser, error) {
	w := &writer{tree: t}
	err := t.change("open", path, true, func(p place) errno {
		if p.node == nil {
			n, e := t.insert(p, modeFile|mode&modePerms)
			if e == 0 {
				w.node, w.body = n, newMemory(nil)
				n.body = w.body
			}
			return e
		}
		switch {
		case p.node.isDir():
			return eISDIR
		case !t.allowed(p.node, wantWrite):
			return eACCES
		case p.node.mode&modeType == modeChar: // /dev/null
			return 0
		}
		w.node, w.body = p.node, t.writable(p.node, empty)
		p.node.mtime, p.node.ctime = t.now(), t.now()
		return 0
	})
	if err != nil {
		return nil, err
	}
	return w, nil
}

// writable gives n contents that can be written, copying what it holds unless
// it is to be emptied.
func (t *tree) writable(n *node, empty bool) *memory {
	if n.body != nil && empty {
		t.release(n.body)
	}
	body := newMemory(nil)
	if n.body != nil && !empty {
		b := make([]byte, n.body.size())
		_, _ = n.body.ReadAt(b, 0)
		body.data = b
	}
	n.body = body
	return body
}

// maxWritten bounds what is written, all of which is kept in memory: a handset
// is full then, however much room its profile has.
const maxWritten = 1 << 30

// room is how much more can be written.
func (t *tree) room() int64 { return max(0, min(t.free, maxWritten-t.written)) }

func (t *tree) charge(n int64) {
	t.free -= n
	t.written += n
}

// release gives back what a body took.
func (t *tree) release(body content) {
	t.free += body.size()
	if m, ok := body.(*memory); ok {
		t.written = max(0, t.written-m.size())
	}
}

type writer struct {
	tree *tree
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
	w.node.mtime = t.now()
	if n < len(b) {
		return n, pathError("write", "", eNOSPC)
	}
	return n, nil
}

func (w *writer) Close() error { return nil }

// mkdir makes one directory; its parent must be there.
func (t *tree) mkdir(path string, mode uint32) error {
	return t.change("mkdir", strings.TrimRight(path, "/"), false, func(p place) errno {
		_, e := t.insert(p, modeDir|mode&modePerms)
		return e
	})
}

// mkdirAll makes a directory and the ones above it; one that is there is fine.
func (t *tree) mkdirAll(path string, mode uint32) error {
	at := ""
	for _, name := range split(path) {
		at += "/" + name
		if i, err := t.stat(at); err == nil && i.isDir() {
			continue
		}
		if err := t.mkdir(at, mode); err != nil {
			return err
		}
	}
	return nil
}

func (t *tree) symlink(target, path string) error {
	return t.change("symlink", path, false, func(p place) errno {
		n, e := t.insert(p, modeLink|0o777)
		if e == 0 {
			n.target = target
		}
		return e
	})
}

// link is a second name for a file; shared storage has none.
func (t *tree) link(from, to string) error {
	old, err := t.find("link", from, false)
	if err != nil {
		return err
	}
	return t.change("link", to, false, func(p place) errno {
		switch {
		case p.node != nil:
			return eEXIST
		case old.node.isDir() || old.node.shared || p.parent.shared:
			return ePERM
		case !t.allowed(p.parent, wantWrite|wantExec):
			return eACCES
		}
		old.node.links++
		p.parent.add(p.name, old.node)
		return 0
	})
}

// remove removes one file or empty directory.
func (t *tree) remove(path string) error {
	return t.change("remove", path, false, func(p place) errno {
		switch {
		case p.node == nil:
			return eNOENT
		case p.node == t.root || !t.allowed(p.parent, wantWrite|wantExec):
			return eACCES
		case len(p.node.kids) > 0:
			return eNOTEMPTY
		}
		switch {
		case p.node.links > 0:
			p.node.links--
		case p.node.body != nil:
			t.release(p.node.body)
		}
		p.parent.drop(p.name)
		p.parent.mtime, p.parent.ctime = t.now(), t.now()
		return 0
	})
}

// rename moves from to the name to, replacing a file that is there.
func (t *tree) rename(from, to string) error {
	old, err := t.find("rename", from, false)
	if err != nil {
		return err
	}
	return t.change("rename", to, false, func(p place) errno {
		switch {
		case old.node == t.root || !t.allowed(old.parent, wantWrite|wantExec) || !t.allowed(p.parent, wantWrite|wantExec):
			return eACCES
		case p.node == old.node:
			return 0
		case p.node != nil && p.node.isDir():
			return eEXIST
		case strings.HasPrefix(p.path+"/", old.path+"/"):
			return eINVAL
		case old.parent.kids[old.name] != old.node:
			return eNOENT
		}
		old.parent.drop(old.name)
		p.parent.add(p.name, old.node)
		old.node.ctime = t.now()
		return 0
	})
}

// chtimesAs sets the times of path, whole seconds and fractions. Unless follow is
// set they are those of a symbolic link itself.
func (t *tree) chtimesAs(path string, atime, mtime time.Time, follow bool) error {
	return t.change("chtimes", path, follow, func(p place) errno {
		switch {
		case p.node == nil:
			return eNOENT
		case !t.allowed(p.node, wantWrite):
			return eACCES
		}
		p.node.atime, p.node.mtime, p.node.ctime = atime, mtime, t.now()
		return 0
	})
}

// chmod sets permission bits; FUSE answers yes and changes nothing.
func (t *tree) chmod(path string, mode uint32) error {
	return t.change("chmod", path, true, func(p place) errno {
		switch {
		case p.node == nil:
			return eNOENT
		case p.node.shared:
			return 0
		case t.cred.uid != 0 && p.node.uid != t.cred.uid:
			return ePERM
		}
		p.node.mode = p.node.mode&modeType | mode&modePerms
		p.node.ctime = t.now()
		return 0
	})
}
