package vfs

import (
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"
)

// Hooks change what a tree answers. Paths are canonical: free of symbolic links. A
// nil hook changes nothing. Hooks are called without a lock held and may change
// the tree.
type Hooks struct {
	// Access is asked before each operation: "stat", "open", "readdir" or
	// "create". A non-zero answer refuses it.
	Access func(op, path string) Errno
	// Info may change what stat and directory listings show.
	Info func(path string, i *Info)
	// Open may replace a file that was just opened.
	Open func(path string, f File) File
}

// Tree is a handset's file tree as user shell sees it. Paths are absolute bytes.
// Every error is an *fs.PathError that holds an [Errno]. A Tree is safe for
// concurrent use.
type Tree struct {
	mu      sync.RWMutex
	root    *node
	nextIno uint64
	cred    Credential
	Hooks   Hooks // set before anything else uses the tree
	layout  Layout
	Now     func() time.Time // the handset's clock
	free    int64            // bytes that may still be written
	written int64            // bytes in memory that were
	started time.Time        // of the uptime
}

type node struct {
	Info        // without what info computes
	shared bool // on shared storage, where FUSE gives every file one owner and mode
	kids   map[string]*node
	names  []string // kids in the order they came, as readdir answers
	body   Content
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

func newTree(cred Credential, l Layout, now func() time.Time) *Tree {
	t := &Tree{nextIno: firstInode, cred: cred, layout: l, free: l.Free, Now: now}
	t.root = t.newNode(nil, ModeDir|0o755, 0, 0)
	return t
}

// Credential returns the credential under which the tree answers.
func (t *Tree) Credential() Credential {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.cred
}

// Become changes the credential under which the tree answers.
func (t *Tree) Become(who Credential) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cred = who
}

// newNode makes a node below parent, which must be locked. On shared storage FUSE
// decides its owner and mode.
func (t *Tree) newNode(parent *node, mode, uid, gid uint32) *node {
	t.nextIno++
	at := t.Now()
	n := &node{Info: Info{Mode: mode, UID: uid, GID: gid, Ino: t.nextIno, Dev: devSystem, MTime: at, ATime: at, CTime: at, NLink: 1}}
	if parent != nil {
		n.Dev, n.shared = parent.Dev, parent.shared
		if n.shared {
			n.UID, n.GID, n.Mode = parent.UID, parent.GID, mode&ModeType|parent.Mode&0o660
		}
		if n.shared && n.IsDir() {
			n.Mode = parent.Mode
		}
	}
	if mode&ModeType == ModeDir {
		n.kids = map[string]*node{}
	}
	return n
}

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

// info returns what stat shows of a node.
func (n *node) info(name string) Info {
	i := n.Info
	i.Name, i.Size = name, int64(len(n.Target))
	if n.body != nil {
		i.Size = n.body.Size()
	}
	if n.IsDir() {
		i.Size, i.NLink = dirSize, 2
		for _, kid := range n.kids {
			if kid.IsDir() {
				i.NLink++
			}
		}
	}
	return i
}

// place is where a path leads. node is nil if only the last name is missing.
type place struct {
	parent *node
	name   string
	path   string // canonical
	node   *node
}

// resolve follows path, which must be absolute. t.mu must be held.
func (t *Tree) resolve(path string, follow bool) (place, Errno) {
	return t.resolveAs(t.cred, path, follow)
}

// resolveAs is resolve under another credential.
func (t *Tree) resolveAs(who Credential, path string, follow bool) (place, Errno) {
	if !strings.HasPrefix(path, "/") {
		return place{}, ENOENT
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
				return place{}, ENOENT
			}
			return place{parent: top, name: name, path: join(names, name)}, 0
		}
		if kid.Target != "" && (!last || follow || dirOnly) {
			if links++; links > maxLinks {
				return place{}, eLOOP
			}
			if strings.HasPrefix(kid.Target, "/") {
				stack, names = stack[:1], names[:0]
			}
			todo = append(split(kid.Target), todo...)
			continue
		}
		stack, names = append(stack, kid), append(names, name)
	}
	p := place{parent: stack[max(0, len(stack)-2)], name: "/", path: join(names), node: stack[len(stack)-1]}
	if len(names) > 0 {
		p.name = names[len(names)-1]
	}
	if dirOnly && !p.node.IsDir() {
		return place{}, ENOTDIR
	}
	return p, 0
}

// split cuts a path into its names; empty ones and "." lead nowhere.
func split(path string) []string {
	return slices.DeleteFunc(strings.Split(path, "/"), func(s string) bool { return s == "" || s == "." })
}

func join(names []string, more ...string) string {
	return "/" + strings.Join(append(slices.Clone(names), more...), "/")
}

func pathError(op, path string, e Errno) error {
	return &fs.PathError{Op: op, Path: path, Err: e}
}

// File types and permission bits of st_mode.
const (
	ModeType  = 0o170000
	ModeDir   = 0o040000
	ModeFile  = 0o100000
	ModeLink  = 0o120000
	ModeFIFO  = 0o010000
	ModeChar  = 0o020000
	ModePerms = 0o7777
)

// Info describes one file, as lstat does. mode is a raw st_mode.
type Info struct {
	Name                string
	Mode                uint32
	Size                int64
	MTime, ATime, CTime time.Time
	Ino, Dev            uint64
	NLink, UID, GID     uint32
	Target              string // of a symbolic link
}

func (i Info) IsDir() bool     { return i.Mode&ModeType == ModeDir }
func (i Info) IsRegular() bool { return i.Mode&ModeType == ModeFile }
func (i Info) IsLink() bool    { return i.Mode&ModeType == ModeLink }
func (i Info) IsFIFO() bool    { return i.Mode&ModeType == ModeFIFO }

// FileInfo describes the file as package fs does.
func (i Info) FileInfo() fs.FileInfo { return fileInfo{i} }

type fileInfo struct{ i Info }

func (f fileInfo) Name() string       { return f.i.Name }
func (f fileInfo) Size() int64        { return f.i.Size }
func (f fileInfo) ModTime() time.Time { return f.i.MTime }
func (f fileInfo) IsDir() bool        { return f.i.IsDir() }
func (f fileInfo) Sys() any           { return nil }

// fileModes are the types of files as package fs has them.
var fileModes = map[uint32]fs.FileMode{
	ModeDir: fs.ModeDir, ModeLink: fs.ModeSymlink, ModeFIFO: fs.ModeNamedPipe, ModeChar: fs.ModeDevice | fs.ModeCharDevice,
}

func (f fileInfo) Mode() fs.FileMode {
	m := fs.FileMode(f.i.Mode&0o777) | fileModes[f.i.Mode&ModeType]
	if f.i.Mode&0o2000 != 0 {
		m |= fs.ModeSetgid
	}
	return m
}
