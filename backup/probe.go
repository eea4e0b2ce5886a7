package backup

import (
	"fmt"
	"io/fs"
	"os"
	"runtime"
)

const probeDir = "probe"

// probe finds out by trying what names the disk under parts can hold: not the
// operating system decides that but the file system, which on a memory stick is
// Windows' own everywhere. The error means that the disk takes no file at all.
func probe(parts *os.Root) (n *naming, err error) {
	if err := parts.Mkdir(probeDir, 0o700); err != nil {
		return nil, err
	}
	defer func() {
		if rmErr := parts.RemoveAll(probeDir); err == nil {
			err = rmErr
		}
	}()
	dir, err := parts.OpenRoot(probeDir)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	if !takes(dir, "plain") {
		return nil, fmt.Errorf("%s: no file can be made in it", parts.Name())
	}
	n = newNaming()
	windows := runtime.GOOS == "windows" // where a colon makes a stream of another file, without an error
	n.reserved = windows || !takes(dir, "question?") || !takes(dir, "colon:") || !takes(dir, "dot.")
	n.utf8 = windows || !takes(dir, "bytes\xff")
	n.fold = takes(dir, "case") && exists(dir, "CASE")
	n.compose = !takes(dir, "accent\u00e9") || exists(dir, "accente\u0301")
	return n, nil
}

// takes reports whether a file can be made under that very name: one made as
// "dot." may have become "dot".
func takes(dir *os.Root, name string) bool {
	f, err := dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return false
	}
	if f.Close() != nil {
		return false
	}
	entries, err := fs.ReadDir(dir.FS(), ".")
	if err != nil {
		return false
	}
	for _, e := range entries {
		if e.Name() == name {
			return true
		}
	}
	return false
}

func exists(dir *os.Root, name string) bool {
	_, err := dir.Lstat(name)
	return err == nil
}
