package adbtest

import (
	"io"
	"path"
	"sync"
	"time"

	"preship/adb/adbtest/vfs"
)

// treeTrouble makes the troubles of files part of the tree. Paths may be given
// the way people write them, by way of /sdcard.
func (h *Handset) treeTrouble() vfs.Hooks {
	h.troubles.rename(h.withoutLinks)
	if t, ok := h.troubles.now(TroubleFullDisk); ok {
		h.tree.SetFree(t.Bytes)
	}
	b := &bent{h: h, by: map[string]int64{}, at: map[string]time.Time{}}
	return vfs.Hooks{Access: b.access, Info: b.info, Open: b.open}
}

// withoutLinks resolves as much of a path, or of a pattern, as is there.
func (h *Handset) withoutLinks(name string) string {
	for dir, rest := name, ""; ; dir, rest = path.Dir(dir), "/"+path.Base(dir)+rest {
		if at, err := h.tree.Canonical(dir); err == nil {
			return path.Clean(at + rest)
		}
		if dir == "/" || dir == "." {
			return name
		}
	}
}

// bent is how far trouble has changed files so far.
type bent struct {
	h *Handset

	mu sync.Mutex
	by map[string]int64     // bytes that a file has more, or fewer, than the tree knows
	at map[string]time.Time // when it last changed
}

func (b *bent) access(op, name string) vfs.Errno {
	if _, ok := b.h.troubles.within(TroubleDeny, name); ok {
		return vfs.EACCES
	}
	if op == "stat" {
		return 0 // the folder it is in tells that, not the file
	}
	if _, ok := b.h.troubles.file(TroubleDeny, name); ok {
		return vfs.EACCES
	}
	if op == "open" {
		if _, ok := b.h.troubles.file(TroubleVanish, name); ok {
			_ = b.h.tree.Remove(name)
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
	if t, ok := b.h.troubles.file(TroubleWrongSize, name); ok {
		i.Size = max(0, i.Size+t.By)
	}
}

// open changes the file's length behind the back of whoever opened it: they
// have seen the old one.
func (b *bent) open(name string, f vfs.File) vfs.File {
	size := f.Info().Size
	var by int64
	if t, ok := b.h.troubles.file(TroubleGrow, name); ok {
		by = t.By
	}
	if t, ok := b.h.troubles.file(TroubleShrink, name); ok {
		by -= t.By
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if by != 0 {
		by = max(by, -size)
		b.by[name] += by
		b.at[name] = b.h.now()
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
