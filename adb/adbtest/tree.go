package adbtest

import (
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"
)

// treeHooks lets trouble bend what a tree answers. Paths are canonical: free of
// symbolic links. A nil hook changes nothing; hooks are called without any lock
// held and may change the tree.
type treeHooks struct {
	// access is asked before each operation: "stat", "open", "readdir" or
	// "create". A non-zero answer refuses it.
	access func(op, path string) errno
	// info may change what stat and directory listings show.
	info func(path string, i *info)
	// open may replace a file that was just opened.
	open func(path string, f file) file
}

// tree is a handset's file tree as uid shell sees it. Paths are absolute bytes;
// every error is a *fs.PathError holding an errno. Safe for concurrent use.
type tree struct {
	mu      sync.RWMutex
	root    *node
	nextIno uint64
	cred    credential
	hooks   treeHooks
	layout  layout // what it was planted with
	now     func() time.Time
	free    int64 // bytes that may still be written
	written int64 // bytes in memory that were
}

type node struct {
	mode, uid, gid      uint32
	mtime, atime, ctime time.Time
	ino, dev            uint64
	links               uint32 // further names
	shared              bool   // on shared storage, where FUSE gives every file one owner and mode
	kids                map[string]*node
	names               []string // kids in the order they came, as readdir answers
	body                content
	target              string
}

const (
	maxName    = 255
	maxLinks   = 40
	devSystem  = 0xfe00
	devShared  = 0x31
	devSDCard  = 0xb341
	dirSize    = 4096
	firstInode = 131072
)

func newTree(cred credential, l layout, now func() time.Time) *tree {
	t := &tree{nextIno: firstInode, cred: cred, layout: l, free: l.free, now: now}
	t.root = t.newNode(nil, modeDir|0o755, 0, 0)
	return t
}

// who returns the credential under which the tree answers.
func (t *tree) who() credential {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.cred
}

// become changes the credential under which the tree answers.
func (t *tree) become(who credential) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cred = who
}

// newNode makes a node below parent, which must be locked.
func (t *tree) newNode(parent *node, mode, uid, gid uint32) *node {
	t.nextIno++
	at := t.now()
	n := &node{mode: mode, uid: uid, gid: gid, ino: t.nextIno, dev: devSystem, mtime: at, atime: at, ctime: at}
	if parent != nil {
		n.dev, n.shared = parent.dev, parent.shared
		if n.shared {
			n.uid, n.gid = parent.uid, parent.gid
		}
	}
	if mode&modeType == modeDir {
		n.kids = map[string]*node{}
	}
	return n
}

func (n *node) isDir() bool { return n.mode&modeType == modeDir }

func (n *node) add(name string, kid *node) {
	if _, ok := n.kids[name]; !ok {
		n.names = append(n.names, name)
	}
	n.kids[name] = kid
}

func (n *node) drop(name string) {
	delete(n.kids, name)
	n.names = slices.DeleteFunc(n.names, func(s string) bool { return s == name })
}

func (n *node) info(name string) info {
	i := info{
		name: name, mode: n.mode, mtime: n.mtime, atime: n.atime, ctime: n.ctime,
		ino: n.ino, dev: n.dev, nlink: 1 + n.links, uid: n.uid, gid: n.gid, target: n.target,
	}
	switch {
	case n.isDir():
		i.size, i.nlink = dirSize, 2
		for _, kid := range n.kids {
			if kid.isDir() {
				i.nlink++
			}
		}
	case n.body != nil:
		i.size = n.body.size()
	case n.target != "":
		i.size = int64(len(n.target))
	}
	return i
}

func (t *tree) allowed(n *node, want uint32) bool { return t.cred.allowed(n, want) }

// place is where a path leads. node is nil when only the last name is missing.
type place struct {
	parent *node
	name   string
	path   string // canonical
	node   *node
}

// resolve follows path, which must be absolute. t.mu must be held.
func (t *tree) resolve(path string, follow bool) (place, errno) {
	return t.resolveAs(t.cred, path, follow)
}

// resolveAs is resolve under another credential.
func (t *tree) resolveAs(who credential, path string, follow bool) (place, errno) {
	if !strings.HasPrefix(path, "/") {
		return place{}, eNOENT
	}
	dirOnly := strings.HasSuffix(path, "/")
	stack, names, links := []*node{t.root}, []string{}, 0
	for todo := split(path); len(todo) > 0; {
		name := todo[0]
		todo = todo[1:]
		top := stack[len(stack)-1]
		if e := who.searchable(top, name); e != 0 {
			return place{}, e
		}
		if name == ".." {
			if len(names) > 0 {
				stack, names = stack[:len(stack)-1], names[:len(names)-1]
			}
			continue
		}
		kid := top.kids[name]
		last := len(todo) == 0
		if kid == nil {
			if !last {
				return place{}, eNOENT
			}
			return place{parent: top, name: name, path: join(names, name)}, 0
		}
		if kid.target != "" && (!last || follow || dirOnly) {
			if links++; links > maxLinks {
				return place{}, eLOOP
			}
			if strings.HasPrefix(kid.target, "/") {
				stack, names = stack[:1], names[:0]
			}
			todo = append(split(kid.target), todo...)
			continue
		}
		stack, names = append(stack, kid), append(names, name)
	}
	return arrive(stack, names, dirOnly)
}

func arrive(stack []*node, names []string, dirOnly bool) (place, errno) {
	n := stack[len(stack)-1]
	if dirOnly && !n.isDir() {
		return place{}, eNOTDIR
	}
	if len(names) == 0 {
		return place{parent: n, name: "/", path: "/", node: n}, 0
	}
	return place{parent: stack[len(stack)-2], name: names[len(names)-1], path: join(names), node: n}, 0
}

// split cuts a path into its names; empty ones and "." lead nowhere.
func split(path string) []string {
	return slices.DeleteFunc(strings.Split(path, "/"), func(s string) bool { return s == "" || s == "." })
}

func join(names []string, more ...string) string {
	return "/" + strings.Join(append(slices.Clone(names), more...), "/")
}

func pathError(op, path string, e errno) error {
	return &fs.PathError{Op: op, Path: path, Err: e}
}
